"""A hand and a world that moves at the same time: whatever happens to the rows, what is written is what was
highlighted when typing began.

A naive model keeps a list of names and says who is current and selected, and what is typed where; the table
is played with at random and compared after every step. What is written is on the disk only some steps later,
or is refused. Text that cannot be read is never written and never lost.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.feed import CountChanged, Reset, RowsChanged, StateChanged
from instica_desktop.qtkit.widgets.cell_editors import money_editor
from tests.qtkit.feeds import Disc, MemoryFeed, columns, disc, price_of

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
STEPS = 160
BEGUN = 12


@dataclass
class Open:
    """The cell that is open: whose it is, the name that goes by, what stands there and what was written."""

    id: int
    name: str
    text: str
    sent: str | None = None

    @property
    def readable(self) -> bool:
        return "," not in self.text


class Play:
    """The table, the feed behind it, and what must be true of them."""

    def __init__(self, qtbot: Any, seed: int) -> None:
        self.dice = random.Random(seed)
        self.made = BEGUN
        self.order = [disc(number) for number in range(1, BEGUN + 1)]
        self.current: int | None = None
        self.chosen: set[int] = set()
        self.anchor: int | None = None
        self.open: Open | None = None
        self.held = False  # the keyboard is in the open cell
        self.unanswered: list[tuple[str, str]] = []
        self.drafts: dict[str, str] = {}  # what is typed, by the last name of its record
        self.names: dict[str, str] = {}
        self.on_disk: set[tuple[str, str]] = set()
        self.kept: list[tuple[str, str]] = []
        self.expected_kept: list[tuple[str, str]] = []
        self.written: list[tuple[str, str, str]] = []
        self.expected: list[tuple[str, str, str]] = []
        self.told: Any = None
        self.feed = MemoryFeed(list(self.order))
        self.table = EntityTableView(columns(price={"editor": money_editor(price_of)}), "table", "Items")
        self.other = QWidget()
        for widget in (self.table, self.other):
            qtbot.addWidget(widget)
        self.table.current_row_changed.connect(self._told)
        self.table.edit_committed.connect(self._written)
        self.table.editing.typing.connect(self._typing)
        self.table.editing.kept.connect(self._kept)
        self.table.editing.draft_of = self._draft_of
        self.table.resize(720, 432)
        self.table.set_results(self.feed)
        self.table.show()
        self.table.activateWindow()
        qtbot.waitUntil(self.table.isActiveWindow)
        self._stand(0)
        self.table.go_to(0)

    def _told(self, row: Disc | None) -> None:
        self.told = row

    def _written(self, row: Disc, key: str, value: object) -> None:
        self.written.append((row.uid, key, str(value)))
        self.unanswered.append((row.uid, str(value)))

    def _kept(self, row: Disc, _key: str, reason: str) -> None:
        assert reason
        self.kept.append((row.uid, self.drafts[self._real(row.uid)]))

    def _typing(self, row: Disc, _key: str, text: str | None) -> None:
        self.drafts.pop(self._real(row.uid), None)
        if text is not None:
            self.drafts[self._real(row.uid)] = text

    def _draft_of(self, row: Disc, _key: str) -> str | None:
        return self.drafts.get(self._real(row.uid))

    def _real(self, name: str) -> str:
        while name in self.names:
            name = self.names[name]
        return name

    # ------------------------------------------------------------ what a person does

    def _at(self, row_id: int | None) -> int:
        return next((at for at, row in enumerate(self.order) if row.id == row_id), -1)

    def _stand(self, at: int, mods: Any = NONE) -> None:
        anchor = self._at(self.anchor) if self._at(self.anchor) >= 0 else max(0, self._at(self.current))
        self.current = self.order[at].id
        if mods == SHIFT:
            low, high = sorted((anchor, at))
            self.chosen = {row.id for row in self.order[low : high + 1]}
            return
        self.chosen = self.chosen ^ {self.current} if mods == CTRL else {self.current}
        self.anchor = self.current

    def click(self) -> None:
        first, last = self.table.rows_in_view()
        at, mods = self.dice.randint(first, last), self.dice.choice((NONE, NONE, NONE, SHIFT, CTRL))
        place = QPoint(100, self.table.row_rect(at).center().y())
        if not self.table.viewport().rect().contains(place):
            return
        QTest.mouseClick(self.table.viewport(), LEFT, mods, place)
        self._stand(at, mods)

    def arrow(self) -> None:
        key, by = self.dice.choice(((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1)))
        mods = self.dice.choice((NONE, NONE, SHIFT))
        here = self._at(self.current)
        if here < 0 or self.held:
            return  # it is waited for: where a key leads then is tested by itself
        QTest.keyClick(self.table, key, mods)
        self._stand(max(0, min(here + by, len(self.order) - 1)), mods)

    def space(self) -> None:
        if self.held:
            return
        QTest.keyClick(self.table, Qt.Key.Key_Space)
        if self._at(self.current) >= 0:
            self._stand(self._at(self.current), CTRL)

    def press_heading(self) -> None:
        """“Status” has no ordering: nothing may happen."""
        QTest.mouseClick(self.table.header.viewport(), LEFT, NONE, self._heading("status"))

    def drag_column(self) -> None:
        key, by = self.dice.choice(("grade", "price", "status")), self.dice.choice((-90, 90))
        start, port = self._heading(key), self.table.header.viewport()
        QTest.mousePress(port, LEFT, NONE, start)
        for part in (1, 2, 3):
            QTest.mouseMove(port, start + QPoint(by * part // 3, 0))
        QTest.mouseRelease(port, LEFT, NONE, start + QPoint(by, 0))

    def look_away(self) -> None:
        """The window loses the keyboard and gets it back."""
        self.table.clearFocus()
        self.table.setFocus()

    def begin_typing(self) -> None:
        """With F2, which shows what was typed there earlier, or just by typing."""
        at = self._at(self.current)
        if at < 0 or self.held:
            return
        text = self._text()
        self.table.go_to(at, "price", select=False)
        row, by_key = self.order[at], self.dice.random() < 0.5
        self._left()
        QTest.keyClick(self.table, Qt.Key.Key_F2 if by_key else ord(text[0]))
        assert self._editor().text() == (self.drafts.get(row.uid, "42.00") if by_key else text[0])
        self._write(text) if by_key else QTest.keyClicks(self._editor(), text[1:])
        self._stand(at)  # what is typed goes to one record: of several selected that one stays
        self.open, self.held = Open(row.id, row.uid, text), True

    def type_on(self) -> None:
        if self.open is not None and self.held:
            self.open.text = self._text()
            self._write(self.open.text)

    def _text(self) -> str:
        return f"{self.dice.randint(1, 900)}" + (".50" if self.dice.random() < 0.7 else ",5,0")

    def _write(self, text: str) -> None:
        self._editor().selectAll()
        QTest.keyClicks(self._editor(), text)

    def end_typing(self) -> None:
        if self.open is not None and self.held:
            QTest.keyClick(self._editor(), Qt.Key.Key_Return)
            self._sent()

    def onwards(self) -> None:
        """Down, while what was typed is being saved."""
        if self.open is None or not self.held or self.open.sent is None or self._at(self.current) < 0:
            return
        QTest.keyClick(self._editor(), Qt.Key.Key_Down)
        self._left()
        self._stand(min(self._at(self.current) + 1, len(self.order) - 1))

    def give_up(self) -> None:
        if self.open is not None and self.held:
            QTest.keyClick(self._editor(), Qt.Key.Key_Escape)
            assert self._real(self.open.name) not in self.drafts
            self.open, self.held = None, False

    def come_back(self) -> None:
        """The keyboard went elsewhere and the cell stayed open: back to it."""
        if self.open is not None and not self.held:
            self._editor().setFocus()
            self.held = True

    def _sent(self) -> None:
        """What is typed belongs to the record that was current when it began, under the name it had then."""
        if self.open is not None and self.open.readable and self.open.sent != self.open.text:
            self.open.sent = self.open.text
            self.expected.append((self.open.name, "price", self.open.text))

    def _left(self) -> None:
        """The place goes away: what can be read is written, what cannot is kept."""
        self._sent()
        if self.open is not None and not self.open.readable:
            self.expected_kept.append((self.open.name, self.open.text))
        self.open, self.held = None, False

    # ------------------------------------------------------------ what becomes of it

    def be_saved(self) -> None:
        if self.unanswered:
            name, value = self.unanswered.pop(0)
            self.on_disk.add((name, value))
            if self.drafts.get(self._real(name)) == value:
                del self.drafts[self._real(name)]
            row = next((one for one in self.order if one.uid == self._real(name)), None)
            self.table.editing.saved(name, "price", row)
            self._answered(name, row)

    def _answered(self, name: str, row: Disc | None) -> None:
        if self.open is None or self.open.name != name or self.open.sent is None:
            return
        if self.open.text == self.open.sent:
            self.open, self.held = None, False
        else:
            self.open.name, self.open.sent = row.uid if row is not None else name, None

    def be_refused(self) -> None:
        if self.unanswered:
            name, _value = self.unanswered.pop(0)
            mine = self.open is not None and self.open.name == name
            told = self.table.editing.refused(name, "price", "There is no room left on the disk.")
            assert told or not mine or self._editor().visibleRegion().isEmpty()  # else it is said elsewhere
            if self.open is not None and mine:
                self.open.sent = None

    def _editor(self) -> QLineEdit:
        open_ = [one for one in self.table.findChildren(QLineEdit, "cellEditor") if not one.isHidden()]
        assert len(open_) == 1
        return open_[0]

    def _heading(self, key: str) -> QPoint:
        at = self.table.table_model.column_index(key)
        return QPoint(self.table.header.sectionViewportPosition(at) + 20, 16)

    # ------------------------------------------------------------ what the world does

    def _new(self) -> Disc:
        self.made += 1
        return disc(self.made)

    def _show(self, order: list[Disc], *, by_pages: bool = True) -> None:
        """Let the feed have other rows, and tell of it in one of the ways a feed does."""
        grew = len(order) - len(self.order)
        self.feed.discs = list(order)
        self.feed.ids = type(self.feed.ids)("q", [row.id for row in order])
        self.feed.count = len(order)
        if by_pages and grew >= 0 and self.dice.random() < 0.5:
            loading, self.feed.loading = self.feed.loading, True
            if grew:
                self.feed.tell(CountChanged(len(order)))
            self.feed.tell(RowsChanged(0, len(order) - 1))
            self.feed.loading = loading
            self.feed.tell(StateChanged())
        else:
            self.feed.tell(Reset())

    def _replace(self, order: list[Disc]) -> None:
        left, place = {row.id for row in self.order} - {row.id for row in order}, self._at(self.current)
        self._show(order)
        self.order = order
        if not self.feed.loading:
            self._forget(left, place)

    def _forget(self, left: set[int], place: int) -> None:
        self.chosen -= left
        if self.anchor in left:
            self.anchor = None
        if self.open is not None and self.open.id in left:  # nobody said that it is whole: kept, not written
            self.expected_kept.append((self.open.name, self.open.text))
            self.open, self.held = None, False
        if self.current in left:
            self.current = self.order[min(place, len(self.order) - 1)].id if self.order else None

    def come_above(self) -> None:
        if not self.feed.loading:
            self._replace([*(self._new() for _ in range(self.dice.randint(1, 3))), *self.order])

    def come_between(self) -> None:
        if not self.feed.loading:
            at = self.dice.randint(0, len(self.order))
            self._replace([*self.order[:at], self._new(), *self.order[at:]])

    def go(self) -> None:
        if len(self.order) > 4 and not self.feed.loading:
            left = self.dice.randrange(len(self.order))
            self._replace([row for at, row in enumerate(self.order) if at != left])

    def reorder(self) -> None:
        if not self.feed.loading:
            order = list(self.order)
            self.dice.shuffle(order)
            self._replace(order)

    def reset(self) -> None:
        self.feed.tell(Reset())

    def be_sent(self) -> None:
        """A record made here gets the id and name the server gives it, in one go with its row."""
        old = self.dice.choice(self.order)
        if self.feed.loading or old.id in self.feed.became.values():
            return
        self.made += 1
        new = msgspec.structs.replace(old, id=self.made, uid=f"u{self.made}")
        self.feed.became[old.id] = new.id
        rename = {old.id: new.id}
        self.current = rename.get(self.current or 0, self.current)
        self.anchor = rename.get(self.anchor or 0, self.anchor)
        self.chosen = {rename.get(row_id, row_id) for row_id in self.chosen}
        self.names[old.uid] = new.uid
        if old.uid in self.drafts:
            self.drafts[new.uid] = self.drafts.pop(old.uid)
        if self.open is not None:
            self.open.id = rename.get(self.open.id, self.open.id)
        order = [new if row.id == old.id else row for row in self.order]
        self.order = order
        self._show(order, by_pages=False)

    def be_missing_for_a_while(self) -> None:
        """Rows slip between two pages: they are missing until the next page is there, and come back."""
        if self.feed.loading:
            return
        whole, missing = self.order, set(self.dice.sample(range(len(self.order)), 2))
        self.feed.loading = True
        self._replace([row for at, row in enumerate(whole) if at not in missing])
        self.compare("rows are missing")
        self._replace(whole)
        self.feed.loading = False
        self.feed.tell(StateChanged())

    def show_another_order(self) -> None:
        """The same records come in a new feed, whose rows are not all there at once."""
        order = list(self.order)
        self.dice.shuffle(order)
        former, self.feed = self.feed, MemoryFeed(order[:3])
        self.feed.became, self.feed.loading = former.became, True
        self.order = order[:3]
        self.table.set_results(self.feed, stay=True)
        self.compare("the first rows of another order")
        self._replace(order)
        self.feed.loading = False
        self.feed.tell(StateChanged())

    def show_other_rows(self) -> None:
        self._left()
        self.order = [self._new() for _ in range(BEGUN)]
        self.feed = MemoryFeed(list(self.order))
        self.table.set_results(self.feed)
        self.anchor = None
        self._stand(0)
        self.table.go_to(0)

    # ------------------------------------------------------------ comparing

    def compare(self, after: str) -> None:
        table, here = self.table, self._at(self.current)
        names = {row.id: row.uid for row in self.order}
        current = table.current_row()
        assert (current.id if current else None) == self.current, after
        assert (self.told.id if self.told else None) == self.current, f"{after}: the pane shows another"
        assert table.currentIndex().row() == here, f"{after}: Qt’s index"
        assert set(table.selection.uids()) == {names[i] for i in self.chosen if i in names}, after
        self._notice_what_went()
        assert table.editing.active() == (self.open is not None), after
        if self.open is not None:
            self._compare_open(self.open, after)
        assert self.written == self.expected, after
        assert self.kept == self.expected_kept, after

    def _notice_what_went(self) -> None:
        """A cell that the keyboard leaves is written, and stays open till saved."""
        if self.open is None:
            return
        if self.held and self.table.editing.active() and not self._editor().hasFocus():
            self.held = False
            self._sent()

    def _compare_open(self, one: Open, after: str) -> None:
        assert self._editor().text() == one.text, after
        assert self._editor().hasFocus() == self.held, after
        if (one.name, one.text) not in self.on_disk:
            assert self.drafts[self._real(one.name)] == one.text, f"{after}: what outlives a crash"
        at = self._at(one.id)
        cell = self.table.row_rect(at)
        if at < 0 or not cell.intersects(self.table.viewport().rect()):
            assert self._editor().visibleRegion().isEmpty(), f"{after}: it is drawn over another record"
        else:
            assert abs(self._editor().geometry().center().y() - cell.center().y()) <= 2, f"{after}: editor"

    def steps(self) -> list[Callable[[], None]]:
        world = [
            self.come_above, self.come_between, self.go, self.reorder, self.reset, self.be_sent,
            self.be_missing_for_a_while, self.be_saved, self.be_refused,
        ]  # fmt: skip
        if self.held:
            hand = [
                self.click, self.drag_column, self.press_heading, self.type_on, self.end_typing,
                self.end_typing, self.onwards, self.onwards, self.give_up, self.look_away,
            ]  # fmt: skip
            if self.open is not None and self.open.sent is not None:
                hand += [self.type_on] * 4 + [self.be_saved] * 4  # the person is quicker than the disk
            return [*world, *hand, self.show_another_order]
        hand = [
            self.click, self.click, self.arrow, self.arrow, self.space, self.press_heading, self.drag_column,
            self.look_away, self.begin_typing, self.begin_typing, self.begin_typing, self.come_back,
        ]  # fmt: skip
        return [*world, *hand, self.show_another_order, self.show_other_rows]


@pytest.mark.parametrize("seed", range(25))
def test_what_is_written_is_what_was_highlighted_when_typing_began(qtbot: Any, seed: int) -> None:
    play, done = Play(qtbot, seed), list[str]()
    for _ in range(STEPS):
        step = play.dice.choice(play.steps())
        done.append(step.__name__)
        step()
        play.compare(f"seed {seed}, after {', '.join(done[-4:])}")
    assert play.expected
