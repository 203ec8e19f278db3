"""Draws every component in light and dark into two pictures, to be looked at beside the design's.

Run by hand: `python -m tests.qtkit.gallery FOLDER`. It is no test: nobody but an eye can judge it.
"""

import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_EXTRAS
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.columns import MarkValue
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.badge import Badge, RowMark
from instica_desktop.qtkit.widgets.banner import Banner
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.checks import CheckBox, RadioButton
from instica_desktop.qtkit.widgets.chip import Chip
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.filter_chip import FilterChip, FilterOption
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.indicators import Avatar, KeyCap, Meter, Rule
from instica_desktop.qtkit.widgets.inputs import MoneyField, ReadOnlyValue, Select, TextArea, TextField
from instica_desktop.qtkit.widgets.menu import add_action, make_menu
from instica_desktop.qtkit.widgets.photo_strip import PhotoStrip
from instica_desktop.qtkit.widgets.photo_tile import Photo
from instica_desktop.qtkit.widgets.rail import Rail, RailHeading, RailItem
from instica_desktop.qtkit.widgets.search_field import SearchField, Span
from instica_desktop.qtkit.widgets.segments import Segment, SegmentedControl
from instica_desktop.qtkit.widgets.status_cell import StatusCell
from instica_desktop.qtkit.widgets.status_moves import Move, StatusMoves
from instica_desktop.qtkit.widgets.tabs import Tabs
from instica_desktop.qtkit.widgets.toast import ToastHost
from tests.qtkit.feeds import MemoryFeed, columns, disc

GRADES = tuple(Segment(g.code, g.label, accessible=g.name) for g in ITEM_GRADES)
EXTRAS = tuple(Segment(g.code, g.label, accessible=g.name) for g in SLEEVE_EXTRAS)


def row(*widgets: QWidget, gap: int = 8) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(gap)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch()
    return made


def column(*widgets: QWidget | str, width: int) -> QWidget:
    made = QWidget()
    made.setFixedWidth(width)
    stack = QVBoxLayout(made)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(8)
    for widget in widgets:
        if isinstance(widget, str):
            stack.addSpacing(6)
            stack.addWidget(Label(widget, role="micro", ink="text_3"))
        else:
            stack.addWidget(widget)
    stack.addStretch()
    return made


def buttons() -> list[QWidget | str]:
    off = Button("Save", "b3", variant="filled")
    off.setEnabled(False)
    busy = Button("Saving", "b8")
    busy.set_busy(True)
    shown = IconButton("columns-3", "i2", "Columns", checkable=True)
    shown.setChecked(True)
    return [
        "Buttons",
        row(
            Button("Save", "b1", variant="filled"),
            Button("Cancel", "b4"),
            off,
            Button("Clear", "b5", variant="plain"),
        ),
        row(
            Button("Delete", "b6", variant="danger", icon="trash-2"),
            busy,
            IconButton("columns-3", "i1", "Columns"),
            shown,
        ),
        row(
            Button("Large, 40", "b9", height=40),
            Button("Small, 28", "b10", height=28),
            Button("Tiny, 24", "b11", height=24),
        ),
        row(
            Button("Mark shipped", "b12", variant="filled", icon="truck", keys=("Ctrl", "↵")),
            Button("Undo", "b13", variant="link"),
        ),
    ]


def inputs() -> list[QWidget | str]:
    shelf = TextField("shelf", "Shelf", icon="map-pin")
    shelf.setText("A-01-09")
    price = MoneyField("price", "Price")
    price.setText("12,34,567")
    wrong = FormField("Price", price)
    wrong.set_error("This is not a price. Write it like 12.50 or 12,50.")
    total = ReadOnlyValue("total", "Total", money=True, strong=True)
    total.set_value("42.00")
    select = Select("service", "Service")
    select.set_options([("media", "Media Mail"), ("first", "First Class")])
    select.set_value("media")
    notes = TextArea("notes", "Notes")
    notes.set_text("Light hairlines on side A, plays clean.\nSmall split at the foot of the spine.")
    waiting = FormField("Shelf", shelf, note="3 others here")
    waiting.set_mark("clock", "warning", "Waits to be sent")
    off = TextField("off", "Disabled")
    off.setText("Disabled")
    off.setEnabled(False)
    return [
        "Inputs",
        waiting,
        wrong,
        FormField("Total", total),
        FormField("Service", select),
        FormField("Notes", notes),
        off,
    ]


def choices() -> list[QWidget | str]:
    plain, keys = GradePicker(GRADES, "g1", "Item grade"), GradePicker(GRADES, "g2", "Item", show_keys=True)
    sleeve = GradePicker(GRADES, "g3", "Sleeve grade", extras=EXTRAS)
    for picker, value in ((plain, "vg_plus"), (keys, "vg"), (sleeve, "generic")):
        picker.set_value(value)
    box, round_ = CheckBox("", "c2"), RadioButton("", "r2")
    box.setChecked(True)
    round_.setChecked(True)
    some = CheckBox("", "c3")
    some.setTristate(True)
    some.setCheckState(some.checkState().PartiallyChecked)
    tabs = Tabs(
        [("d", "Details"), ("p", "Photos"), ("l", "Listings"), ("h", "History")], "t", "Tabs", margin=0
    )
    tabs.set_count("p", 5)
    ship = SegmentedControl(
        [
            Segment("a", "To ship", count="14"),
            Segment("b", "Shipped", count="31"),
            Segment("c", "Problem", icon="circle-alert", count="1"),
        ],
        "s2",
        "Which",
        height=36,
    )
    return [
        "Grade picker",
        plain,
        keys,
        sleeve,
        "Segmented, checks, tabs",
        row(
            SegmentedControl([Segment("p", "Percent"), Segment("a", "Amount")], "s1", "Change by"),
            CheckBox("", "c1"),
            box,
            some,
            RadioButton("", "r1"),
            round_,
            KeyCap("Ctrl", "K"),
        ),
        ship,
        tabs,
        *badges(),
        *chips(),
    ]


def badges() -> list[QWidget | str]:
    return [
        "Badges and marks",
        row(
            Badge("Draft"),
            Badge("Received", "warning"),
            Badge("Ready to sell", "info"),
            Badge("Listed", "success"),
            Badge("Sold", "tint"),
            Badge("Returned", "error"),
            gap=6,
        ),
        row(
            RowMark("clock", "Pending"),
            RowMark("loader-circle", "Sending", "info"),
            RowMark("git-merge", "Conflict", "error"),
            RowMark("circle-help", "Unknown"),
            gap=6,
        ),
    ]


def spans(text: str) -> list[Span]:
    return [Span(0, 7, "brand", True), Span(7, 13, "success_text"), Span(22, 4, wrong=True)]


def chips() -> list[QWidget | str]:
    chosen = FilterChip("Grade", "f2", options=[FilterOption("vg", "VG or better")])
    chosen.set_selected(["vg"])
    search = SearchField("q", "Search", keys=("Ctrl F",), highlighter=spans)
    search.set_text('artist:"miles davis"  grad<vg+')
    moves = StatusMoves("m", "Status")
    moves.set_status(
        "Listed",
        "success",
        [
            Move("r", "Ready to sell", reason="Needs a connection"),
            Move("s", "Sold"),
            Move("a", "Archive", quiet=True),
        ],
    )
    return [
        "Chips",
        row(FilterChip("Status", "f1"), chosen, Chip("modal jazz", "x1"), Chip("stereo", "x2"), gap=6),
        search,
        moves,
    ]


def table() -> list[QWidget | str]:
    names = [
        ("Karma", "Pharoah Sanders", "Listed"),
        ("Exodus", "Bob Marley & The Wailers", "Listed"),
        ("Kind of Blue", "Miles Davis", "Listed"),
        ("はらいそ", "Harry Hosono & The Yellow Magic Band", "Sold"),
        ("Pastel Blues", "Nina Simone", "Ready to sell"),
        ("", "", ""),
        ("Aja", "Steely Dan", "Returned"),
    ]
    marks = {4: MarkValue("clock", "Pending"), 3: MarkValue("git-merge", "Conflict", "error")}
    discs = [
        msgspec.structs.replace(disc(at + 1), title=t, artist=a, status=s, mark=marks.get(at))
        for at, (t, a, s) in enumerate(names)
    ]
    feed = MemoryFeed(discs)
    feed.hidden = {5}
    views: list[QWidget | str] = ["Rows 40 and 28 high"]
    for compact in (False, True):
        view = EntityTableView(columns()[:4], f"table{compact}", "Items")
        view.dims_when_inactive = False
        view.keyboard_here = lambda: True  # type: ignore[method-assign]
        view.set_compact(compact)
        view.set_results(feed, "price")
        view.go_to(2, "grade")
        view.set_hovered(1)
        view.setFixedHeight(32 + (7 * 40 if not compact else 5 * 28))
        views.append(view)
    return views


def status() -> list[QWidget | str]:
    online, waiting, offline, needs = (StatusCell(f"cell{n}") for n in range(4))
    online.set_cell("Online", dot="success")
    waiting.set_cell("Sending 12 of 214", working=True)
    offline.set_cell("Offline since 14:02", icon="cloud-off", look="warning")
    needs.set_cell("1 edit needs you", icon="git-merge", look="error")
    meter = Meter("Mirror")
    meter.set_value(0.48)
    banner = Banner("banner", action="Show")
    banner.set_message("3 orders have an unknown fee.")
    return [
        "Status bar",
        row(online, Rule(upright=True, length=14), waiting, meter, gap=4),
        row(offline, needs),
        "Partial data",
        banner,
    ]


def cards() -> list[QWidget | str]:
    made: list[QWidget | str] = ["Empty and error"]
    for spec in (
        StateSpec(
            icon="library",
            headline="No items match",
            sentence="Nothing has all of these filters at once.",
            action="Clear the search",
            keys=("Esc",),
        ),
        StateSpec(
            icon="wifi-off",
            headline="Instica cannot be reached",
            gravity="warning",
            action="Try again",
            sentence="The address may be wrong or the server is down. Your copy still works.",
            action_icon="refresh-cw",
            second="Details",
        ),
    ):
        card = QFrame()
        card.setProperty("card", True)
        QVBoxLayout(card).addWidget(EmptyState(spec))
        made.append(card)
    return made


def rail() -> Rail:
    made = Rail("rail", "Places")
    for key, words, icon, count in (
        ("inventory", "Inventory", "library", 12408),
        ("orders", "Orders", "shopping-bag", 14),
        ("insights", "Insights", "chart-column", None),
    ):
        made.add_item(RailItem(key, words, icon=icon)).set_count(count, dot=key == "orders")
    made.contents.addWidget(RailHeading("Saved views"))
    made.add_item(RailItem("v1", "Listed over 180 days", view=True)).set_count(342)
    made.add_item(RailItem("settings", "Settings", icon="settings"), foot=True)
    made.set_current("inventory")
    return made


def photos() -> PhotoStrip:
    strip = PhotoStrip("photos", "Photos")
    strip.setFixedWidth(352)
    states = ("ok", "ok", "pending", "sending", "error")
    strip.set_photos([Photo(key=str(n), image="", state=s, progress=0.4) for n, s in enumerate(states)])  # type: ignore[arg-type]
    return strip


def page() -> QWidget:
    made = QWidget()
    made.setObjectName("page")
    made.setProperty("surface", "base")
    made.resize(1440, 960)
    across = QHBoxLayout(made)
    across.setContentsMargins(24, 16, 24, 16)
    across.setSpacing(20)
    narrow = rail()
    narrow.set_narrow(True)
    across.addWidget(column(*buttons(), *inputs(), width=290))
    across.addWidget(column(*choices(), photos(), width=370))
    across.addWidget(column(*table(), *status(), row(Avatar("Anna Lindqvist")), width=400))
    rails = row(rail(), narrow)
    rails.setFixedHeight(260)
    across.addWidget(column(*cards(), rails, width=290))
    return made


def toasts(window: QWidget) -> None:
    host = ToastHost(window)
    host.show("Shelf set to C-04 on 36 items", "Saved. Stays in Activity.", action="Undo")
    host.progress("Changing price on 214 items", 214).set_progress(138)
    host.show("Etsy did not take Blue Lines off sale", "Etsy is not answering.", "danger", action="Retry")


def menu(parent: QWidget, folder: Path, scheme: str) -> None:
    made = make_menu(parent, "menu")
    for words, icon, keys in (("Edit in place", "pencil", "F2"), ("Duplicate", "copy", "Ctrl+D")):
        add_action(made, words, made.close, icon=icon, shortcut=keys)
    made.addSeparator()
    add_action(made, "Archive", made.close, icon="archive", shortcut="Del")
    made.setActiveAction(made.actions()[0])
    made.grab().save(str(folder / f"menu-{scheme}.png"))


def wait(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for scheme in ("light", "dark"):
        theme.apply(app, scheme)
        window = page()
        window.setStyleSheet("")
        toasts(window)
        window.show()
        wait(50)
        window.grab()
        wait(250)
        image = QImage(window.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(theme.colors.color("base")))
        window.render(image)
        image.save(str(folder / f"gallery-{scheme}.png"))
        menu(window, folder, scheme)
        window.findChildren(QLabel)
        window.close()


if __name__ == "__main__":
    main()
