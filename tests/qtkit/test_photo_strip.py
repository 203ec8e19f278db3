"""Photos: dropped, pasted, put in order, removed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from instica_desktop.qtkit.widgets import photo_places
from instica_desktop.qtkit.widgets.photo_strip import PhotoStrip
from instica_desktop.qtkit.widgets.photo_tile import Photo

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


def photos(*keys: str) -> list[Photo]:
    return [Photo(key=key, image="", name=f"Photo {key}") for key in keys]


@pytest.fixture
def strip(qtbot: Any) -> PhotoStrip:
    made = PhotoStrip("photos", "Photos")
    qtbot.addWidget(made)
    made.resize(352, 200)
    made.set_photos(photos("a", "b", "c", "d"))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def picture() -> QImage:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def drop(strip: PhotoStrip, mime: QMimeData, action: Qt.DropAction = Qt.DropAction.CopyAction) -> QDropEvent:
    mods = Qt.KeyboardModifier.NoModifier
    strip.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), action, mime, LEFT, mods))
    event = QDropEvent(QPointF(5, 5), action, mime, LEFT, mods)
    strip.dropEvent(event)
    return event


def test_files_and_addresses_can_be_dropped(qtbot: Any, strip: PhotoStrip, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls(
        [QUrl.fromLocalFile(str(tmp_path / "a.jpg")), QUrl("https://example.com/b.png"), QUrl("mailto:x@y.z")]
    )
    with qtbot.waitSignal(strip.dropped) as caught:
        assert drop(strip, mime).isAccepted()
    assert caught.args == [[tmp_path / "a.jpg", "https://example.com/b.png"]]


def test_a_picture_can_be_dropped_and_pasted(qtbot: Any, strip: PhotoStrip) -> None:
    mime = QMimeData()
    mime.setImageData(picture())
    with qtbot.waitSignal(strip.dropped) as caught:
        drop(strip, mime)
    assert caught.args[0][0].startswith(b"\x89PNG")
    QGuiApplication.clipboard().setImage(picture())
    with qtbot.waitSignal(strip.dropped) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert QImage.fromData(caught.args[0][0]).size() == picture().size()


def test_words_are_no_picture(qtbot: Any, strip: PhotoStrip) -> None:
    mime = QMimeData()
    mime.setText("not a picture")
    with qtbot.assertNotEmitted(strip.dropped):
        drop(strip, mime)
    QGuiApplication.clipboard().setText("words")
    assert not strip.paste()


def test_alt_and_arrows_put_a_photo_elsewhere(qtbot: Any, strip: PhotoStrip) -> None:
    strip.tiles[1].setFocus()
    with qtbot.waitSignal(strip.order_changed) as caught:
        qtbot.keyClick(strip.tiles[1], Qt.Key.Key_Right, ALT)
    assert caught.args == [["a", "c", "b", "d"]]
    with qtbot.waitSignal(strip.order_changed) as caught:
        qtbot.keyClick(strip.tiles[1], Qt.Key.Key_Left, ALT)
    assert caught.args == [["b", "a", "c", "d"]]
    with qtbot.assertNotEmitted(strip.order_changed):
        qtbot.keyClick(strip.tiles[3], Qt.Key.Key_Right, ALT)


def test_the_keyboard_stays_on_its_photo_when_the_order_changes(qtbot: Any, strip: PhotoStrip) -> None:
    strip.tiles[1].setFocus()
    strip.set_photos(photos("a", "c", "b", "d"))
    assert strip.current_key() == "b"


def test_arrows_walk_and_delete_removes(qtbot: Any, strip: PhotoStrip) -> None:
    strip.tiles[0].setFocus()
    qtbot.keyClick(strip.tiles[0], Qt.Key.Key_Right)
    assert strip.current_key() == "b"
    with qtbot.waitSignal(strip.remove_requested) as caught:
        qtbot.keyClick(strip.tiles[1], Qt.Key.Key_Delete)
    assert caught.args == ["b"]
    with qtbot.waitSignal(strip.opened):
        qtbot.keyClick(strip.tiles[1], Qt.Key.Key_Return)


def test_a_photo_is_dragged_into_place_by_mouse(qtbot: Any, strip: PhotoStrip) -> None:
    tile, target = strip.tiles[3], strip.tiles[1]
    qtbot.mousePress(tile, LEFT, pos=QPoint(20, 20))
    to = tile.mapFromParent(target.geometry().topLeft() + QPoint(4, 30))
    qtbot.mouseMove(tile, QPoint(40, 20))
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    # sent by hand: QTest moves the pointer without a button held down
    for place in (QPoint(36, 20), to):
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(tile.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(tile, moved)
    assert tile.faded
    with qtbot.waitSignal(strip.order_changed) as caught, qtbot.assertNotEmitted(strip.opened):
        qtbot.mouseRelease(tile, LEFT, pos=to)
    assert caught.args == [["a", "d", "b", "c"]]
    assert not tile.faded


def test_the_menu_offers_what_makes_sense(qtbot: Any, strip: PhotoStrip) -> None:
    strip.set_photos([*photos("a"), Photo(key="b", image="", state="error", message="Too large")])
    strip.show_menu("b", QPoint(0, 0))
    menu = strip.findChild(QMenu, "photoMenu")
    names = [action.text() for action in menu.actions() if action.text()]
    assert names == ["Open", "Make first", "Send again", "Remove"]
    with qtbot.waitSignal(strip.primary_requested) as caught:
        menu.actions()[1].trigger()
    assert caught.args == ["b"]
    menu.close()


def test_a_screen_reader_hears_place_and_state(strip: PhotoStrip) -> None:
    strip.set_photos([*photos("a"), Photo(key="b", image="", name="Label", state="pending")])
    assert [tile.accessibleName() for tile in strip.tiles] == [
        "Photo a, 1 of 2, first photo",
        "Label, 2 of 2, waits to be sent",
    ]


def test_a_full_strip_offers_no_more(strip: PhotoStrip) -> None:
    strip.most = 4
    strip.set_photos(photos("a", "b", "c", "d"))
    assert not strip.findChild(object, "photoAdd").isVisible()  # type: ignore[union-attr]


@pytest.mark.parametrize("width", [80, 200, 352, 900])
@pytest.mark.parametrize("count", [1, 2, 7, 24])
def test_places_never_overlap(width: int, count: int) -> None:
    found = photo_places.places(width, count, 136, 64)
    assert len(found) == count
    pairs = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :]]
    assert not any(a.intersects(b) for a, b in pairs)


def test_where_a_drop_belongs() -> None:
    found = photo_places.places(352, 7, *photo_places.sizes(352))
    assert (found[0].width(), found[1].width()) == (136, 64)
    assert photo_places.slot(found, found[2].topLeft() + QPoint(2, 10)) == 2
    assert photo_places.slot(found, found[2].center() + QPoint(20, 0)) == 3
    assert photo_places.slot(found, QPoint(350, 900)) == 7
    assert photo_places.mark(found, 7).left() >= found[-1].right()
    assert photo_places.mark([], 0) == QRect(0, 0, 3, 48)


@pytest.mark.parametrize("width", range(200, 900, 7))
def test_three_columns_and_more_use_the_width_of_the_strip(width: int) -> None:
    hero, tile = photo_places.sizes(width)
    found = photo_places.places(width, 40, hero, tile)
    assert max(place.right() for place in found) < width
    beside = [place for place in found[1:] if place.top() == 0]
    assert len(beside) >= 3
    assert max(place.right() for place in beside) + 1 > width - 12
    assert tile <= photo_places.WIDEST_TILE
