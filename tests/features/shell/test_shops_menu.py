"""The shops of this computer in the menus: marked, ordered, chosen by key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from instica_desktop.core.accounts import LOCAL_ID, Account, AccountKind
from instica_desktop.features.shell.shops_menu import in_order, words_of
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.system.accounts import Accounts
from tests.features.shell.conftest import ShopWindow

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
LOCAL = Account(id=LOCAL_ID, base_url="", label="Local shop", kind=AccountKind.LOCAL)
NORTH = Account(id="north", base_url="https://a.test", label="Northside Records", key_digest="d")
TWIN = Account(id="twin", base_url="https://b.test", label="Northside Records", key_digest="d")
GONE = Account(id="gone", base_url="https://c.test", label="Zed & Sons")


def entries(window: MainWindow) -> list[QAction]:
    return [one for one in window.rail.menu.actions() if one.objectName().startswith("shop_")]


def know(window: MainWindow, *accounts: Account) -> None:
    for account in accounts:
        Accounts(window.prefs).remember(account)


def test_the_order_does_not_change_with_the_shop_that_was_opened_last() -> None:
    shops = [GONE, TWIN, LOCAL, NORTH]
    assert [one.id for one in in_order(shops)] == ["local", "north", "twin", "gone"]
    assert in_order(shops) == in_order(list(reversed(shops)))


def test_shops_of_one_name_are_told_apart_and_signed_out_ones_named() -> None:
    shops = [NORTH, TWIN, GONE]
    assert words_of(NORTH, shops) == "Northside Records (a.test)"
    assert words_of(NORTH, [NORTH, GONE]) == "Northside Records"
    assert words_of(GONE, shops) == "Zed & Sons, signed out"


async def test_the_open_shop_is_marked_and_another_is_chosen_by_key(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        know(window, context.account, NORTH, GONE)
        window.commands.shops.look_again()
        shown = entries(window)
        names = [action.text() for action in shown]
        assert names == [
            f"{context.account.base_url[7:]}, signed out",
            "Northside Records",
            "Zed && Sons, signed out",
        ]
        assert [action.isChecked() for action in shown] == [True, False, False]
        chosen: list[Account] = []
        window.account_chosen.connect(chosen.append)
        QTest.keyClick(window, Qt.Key.Key_2, BOTH)
        QTest.keyClick(window, Qt.Key.Key_1, BOTH)  # the one that is open
        assert chosen == [NORTH]
        assert [action.isChecked() for action in shown] == [True, False, False]
        assert window.commands.menus["sign_out"].isEnabled()


async def test_the_local_shop_cannot_be_signed_out_of_or_removed(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        context.account = LOCAL
        window.commands.follow_state()
        assert not window.commands.menus["sign_out"].isEnabled()
        assert not window.commands.menus["remove_shop"].isEnabled()
