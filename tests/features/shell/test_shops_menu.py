"""The shops of this computer in the menus: marked, ordered, chosen by key."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from instica_desktop.core.accounts import LOCAL_ID, Account, AccountKind
from instica_desktop.features.shell.shops_menu import name_of, words_of
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.system.accounts import Accounts
from tests.features.shell.conftest import SCREENS, ShopWindow

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


def test_a_shop_keeps_its_key_when_another_is_connected_or_opened(window: MainWindow) -> None:
    know(window, TWIN, NORTH)
    know(window, LOCAL, TWIN)
    assert [one.id for one in Accounts(window.prefs).all()] == ["twin", "north", "local"]
    window.commands.shops.look_again()
    chosen: list[Account] = []
    window.account_chosen.connect(chosen.append)
    QTest.keyClick(window, Qt.Key.Key_1, BOTH)
    assert chosen == [TWIN]


def test_shops_of_one_name_on_one_server_are_told_apart_by_number() -> None:
    again = msgspec.structs.replace(NORTH, id="again")
    shops = [NORTH, TWIN, again]
    names = [name_of(shop, shops) for shop in shops]
    assert names == [
        "Northside Records (a.test, no. 1)",
        "Northside Records (b.test)",
        "Northside Records (a.test, no. 2)",
    ]


async def test_title_and_foot_of_the_rail_tell_twins_apart(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        host = context.account.base_url[7:]
        mine = msgspec.structs.replace(context.account, label="Northside Records", key_digest="d")
        context.account = mine
        know(window, mine, TWIN)
        window.show_shop(context, SCREENS)
        assert window.windowTitle() == f"Northside Records ({host}) – Instica Desktop"
        assert f"Northside Records ({host})" in window.rail.shop_button.toolTip()


def test_no_two_entries_of_a_menu_share_a_letter(window: MainWindow) -> None:
    menus = [window.rail.menu, *window.menuBar().findChildren(QMenu)]
    assert len(menus) > 4
    for menu in menus:
        letters = [QKeySequence.mnemonic(one.text()).toString() for one in menu.actions()]
        used = [letter for letter in letters if letter]
        assert len(used) == len(set(used)), (menu.title(), letters)
    bar = [QKeySequence.mnemonic(one.text()).toString() for one in window.menuBar().actions()]
    assert len(bar) == len(set(bar)) == 4


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
