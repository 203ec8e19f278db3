"""Nothing is left behind: objects of a screen that is gone, listeners, tasks."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

from instica_desktop.core.grading import ITEM_GRADES
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.widgets.filter_chip import FilterChip
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import MoneyField
from instica_desktop.qtkit.widgets.photo_strip import PhotoStrip
from instica_desktop.qtkit.widgets.photo_tile import Photo
from instica_desktop.qtkit.widgets.rail import Rail, RailItem
from instica_desktop.qtkit.widgets.search_field import SearchField
from instica_desktop.qtkit.widgets.segments import Segment
from instica_desktop.qtkit.widgets.status_moves import Move, StatusMoves
from instica_desktop.qtkit.widgets.toast import ToastHost
from tests.qtkit.feeds import MemoryFeed, columns, disc

GRADES = [Segment(grade.code, grade.label) for grade in ITEM_GRADES]


def table(parent: QWidget) -> QObject:
    view = EntityTableView(columns(), "table", "Items", parent)
    view.set_results(MemoryFeed([disc(1), disc(2)]))
    view.go_to(1)
    return view


def rail(parent: QWidget) -> QObject:
    made = Rail("rail", "Places", parent)
    made.add_item(RailItem("a", "A", icon="library"))
    return made


def strip(parent: QWidget) -> QObject:
    made = PhotoStrip("photos", "Photos", parent)
    made.set_photos([Photo(key="a", image="")])
    return made


def moves(parent: QWidget) -> QObject:
    made = StatusMoves("status", "Status", parent)
    made.set_status("Listed", "success", [Move("sold", "Sold")])
    return made


def toasts(parent: QWidget) -> QObject:
    host = ToastHost(parent)
    host.show("Saved", action="Undo")
    return host


MAKERS: list[Callable[[QWidget], QObject]] = [
    table,
    rail,
    strip,
    moves,
    toasts,
    lambda parent: GradePicker(GRADES, "grade", "Grade", parent, extras=GRADES[:2]),
    lambda parent: FilterChip("Status", "status", parent),
    lambda parent: FormField("Price", MoneyField("price", "Price"), parent),
    lambda parent: SearchField("search", "Search", parent, keys=("F3",)),
]


def flush() -> None:
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    gc.collect()


@pytest.mark.parametrize("make", MAKERS)
def test_a_widget_goes_with_its_window(make: Callable[[QWidget], QObject], qtbot: Any) -> None:
    window = QWidget()
    window.show()
    gone = weakref.ref(make(window))
    QCoreApplication.processEvents()
    window.close()
    window.deleteLater()
    del window
    flush()
    assert gone() is None


def test_a_table_shown_again_and_again_keeps_one_listener_and_few_objects(qtbot: Any) -> None:
    view = EntityTableView(columns(), "table", "Items")
    qtbot.addWidget(view)
    view.show()
    feeds = [MemoryFeed([disc(1)]) for _ in range(20)]
    view.set_results(feeds[0])
    before = len(view.findChildren(QObject))
    for feed in feeds[1:]:
        view.set_results(feed)
        view.grab()
    assert [len(feed.listeners) for feed in feeds] == [0] * 19 + [1]
    assert len(view.findChildren(QObject)) == before
