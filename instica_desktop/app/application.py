"""The running program: which shop is open, what the window shows, and the way to a clean end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from instica_desktop.app.container import OpenShop, open_local, open_remote
from instica_desktop.app.crash import CrashReporter
from instica_desktop.app.opening import (
    NOT_TAKEN,
    NoShop,
    confirmed_account,
    environment_account,
    key_of,
    known_account,
)
from instica_desktop.core.accounts import LOCAL_ID, Account, AccountKind
from instica_desktop.core.addresses import origin_of
from instica_desktop.core.errors import InsticaError, Stayed
from instica_desktop.features.context import GRACE, Context, ScreenWidget
from instica_desktop.features.notices import ActivityPanel, NoticeLog
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.qtkit import tasks
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials
from instica_desktop.system.logs import keep_secret
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs

if TYPE_CHECKING:  # read when they are first needed: the first rows are painted before anybody leaves
    from instica_desktop.features.shell.leave_dialog import Purpose
    from instica_desktop.features.signin.connector import Checked
    from instica_desktop.features.signin.view import SignInView

T = TypeVar("T")
log = logging.getLogger(__name__)

APPEARS_AFTER = 0.25
"""Seconds after which the window is shown without a screen in it."""
PAINTED_WITHIN = 2.0
"""Seconds after which a shop connects, whatever its first screen still waits for."""
PAINT = 0.03
"""Seconds in which what has changed is painted."""


class Application(QObject):
    """Owns the window and the open shop. `run` ends when the user has quit and everything is written."""

    def __init__(self, profile: Profile, crash: CrashReporter, *, demo: bool = False) -> None:
        super().__init__()
        self.profile = profile
        self.prefs = Prefs(profile.settings_file)
        self.accounts = Accounts(self.prefs)
        self.credentials = Credentials()
        self.window = MainWindow(self.prefs, _activity)
        self.shop: OpenShop | None = None
        self.ready = asyncio.Event()
        """Set once the first screen is shown: a shop's, or the first run's."""
        self._crash = crash
        self._demo = demo
        self._quit = asyncio.Event()
        self._scope = tasks.TaskScope(self)
        self._to_the_end = tasks.TaskScope(self)
        """What is not cut short, even by quitting."""
        self._first_run: SignInView | None = None

    async def run(self) -> int:
        """Show the window, open a shop, and stay until the user quits. Returns the exit code."""
        self._crash.watch(asyncio.get_running_loop())
        self._crash.on_report = self._tell_crash
        tasks.set_reporter(self._report)
        self.window.quit_requested.connect(self.quit)
        self.window.other_shop_requested.connect(self.show_first_run)
        self.window.account_chosen.connect(self._switch)
        self.window.connect_again_requested.connect(self._connect_again)
        self.window.sign_out_requested.connect(self._sign_out)
        self.window.remove_requested.connect(self._remove)
        self.window.restore()
        self._scope.spawn(self._open_first(), "open shop")
        asyncio.get_running_loop().call_later(APPEARS_AFTER, self._appear)
        try:
            await self._quit.wait()
        finally:
            await self._end()
        return 0

    def _appear(self) -> None:
        """Show the window: with its first screen in it, or empty where a locked keyring makes that wait."""
        if not self._quit.is_set():
            self.window.show()

    def quit(self) -> None:
        """Begin to end: windows close once what is being written has been written.

        While photos are being added the user is told, and may stay.
        """
        if self.shop is None or not self.shop.shop.taking_in():
            self._quit.set()
        elif not self._scope.busy("quit"):
            self._scope.spawn(self._quit_after(self.shop), "quit", group="quit")

    async def _quit_after(self, shop: OpenShop) -> None:
        from instica_desktop.app.leaving import photos_added

        if await photos_added(self.window, shop, "quit"):
            self._quit.set()

    def dispose(self) -> None:
        """Let go of the window after the loop has ended."""
        tasks.set_reporter(None)
        self._crash.on_report = None
        self.window.deleteLater()

    # ------------------------------------------------------------ which shop

    async def _open_first(self) -> None:
        """Open the shop the command line or environment names, else the last one, else ask."""
        try:
            if self._demo:
                await self.open_local(demo=True)
            elif not await self._open_known():
                self.show_first_run()
        except InsticaError as error:
            self.show_first_run()
            if self._first_run:
                self._first_run.show_problem(error)
        finally:
            self.ready.set()

    async def _open_known(self) -> bool:
        given = environment_account()
        if given:
            account, key = given
            known = known_account(self.accounts, account.base_url, key)
            if known is None:
                await self.connect_to(account.base_url, key, keep=False)
            else:
                self.credentials.remember(known.id, origin_of(known.base_url), key)
                await self._alone(self._show(known, open_remote(self.profile, known, key)), "open shop")
            return True
        last = self.accounts.last()
        if last is not None:
            await self.open_account(last)
        return last is not None

    def show_first_run(self) -> None:
        """Show the ways to open a shop. An open one stays open behind it until another is chosen."""
        from instica_desktop.features.signin.view import SignInView

        view = SignInView(self, self.accounts.all(), can_go_back=self.shop is not None)
        view.back_requested.connect(self._back_to_shop)
        self._first_run = view
        self.window.show_welcome(view)
        self._appear()

    def _back_to_shop(self) -> None:
        if self.shop is None:  # what was open behind it could not be opened again
            self.show_first_run()
            return
        self._first_run = None
        self.window.hide_welcome()

    def _connect_again(self, account: Account) -> None:
        """Ask for the key of a shop."""
        self.show_first_run()
        if self._first_run:
            self._first_run.ask_for_key(account)

    def _switch(self, account: Account) -> None:
        self._unless_busy(self._switch_to(account), "switch shops")

    async def _alone(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Carry out what may close a shop in our own scope: whoever asks for it may go with that shop.

        One such act follows the other; what whoever asks does not wait for is not begun.
        """
        try:
            await self._scope.ended("leave")
        except asyncio.CancelledError:
            work.close()
            raise
        return await self._scope.carry_out(work, name, group="leave")

    def _unless_busy(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start to leave a shop, unless that is under way: it must not be cut short."""
        if self._scope.busy("leave"):
            work.close()
        else:
            self._scope.spawn(work, name, group="leave")

    async def _switch_to(self, account: Account) -> None:
        """Open another shop from the menu. Whatever keeps us from it, the one that is open stays open."""
        if account.signed_out:
            self._connect_again(account)
            return
        try:
            await self._open_account(account)
        except NoShop as error:
            self._connect_again(account)
            self.window.show_problem(error)
        except Stayed:
            return

    # ------------------------------------------------------------ leaving for good

    def _sign_out(self) -> None:
        self._unless_busy(self._give_up("sign_out"), "sign out")

    def _remove(self) -> None:
        self._unless_busy(self._give_up("remove"), "remove shop")

    async def _give_up(self, purpose: "Purpose") -> None:
        """Leave the open shop and give up its key and copy, once it is settled what becomes of edits."""
        from instica_desktop.app import leaving

        shop = self.shop
        if shop is None or shop.account.kind is AccountKind.LOCAL:
            return
        try:
            asked = await leaving.ask_to_leave(self.window, shop, purpose)
        except Stayed:
            return
        sure = asked and purpose != "remove"
        if not sure and not await leaving.agrees(self.window, shop.account, purpose):
            return
        give_up = leaving.remove if purpose == "remove" else leaving.sign_out
        await self._close_shop()
        try:
            given_up = give_up(self.profile, self.accounts, self.credentials, shop.account)
            certain = await self._to_the_end.carry_out(given_up, f"give up shop: {purpose}")
        finally:
            self.show_first_run()
        if not certain:
            self.window.say(leaving.KEYRING_SILENT)

    # ------------------------------------------------------------ what the first run asks (signin.Connector)

    async def check(self, base_url: str, key: str) -> "Checked":
        """Ask a server whose key this is. Raises InsticaError in plain words."""
        from instica_desktop.api import InsticaClient
        from instica_desktop.core.models.common import Entity
        from instica_desktop.core.query import Query
        from instica_desktop.features.signin.connector import Checked

        keep_secret(key)
        client = InsticaClient(base_url, key)
        try:
            user = (await client.account.me(retry=False)).record.data
            items = (await client.inventory.page(Query(Entity.ITEM), 1, 1)).count
        finally:
            await client.aclose()
        return Checked(client.base_url, confirmed_account(client.base_url, key, user), items)

    async def connect_to(self, base_url: str, key: str, *, keep: bool) -> None:
        """Check the key, keep it, and open the shop. Raises InsticaError in plain words."""
        checked = await self.check(base_url, key)
        await self._alone(self._connect(checked, key, keep), "connect")

    async def _connect(self, checked: "Checked", key: str, keep: bool) -> None:
        account = checked.account
        new = self.accounts.get(account.id) is None
        origin = origin_of(account.base_url)
        self.credentials.remember(account.id, origin, key)
        kept = await self.credentials.save(account.id, origin, key) if keep else False
        try:
            await self._show(account, open_remote(self.profile, account, key))
        except InsticaError:
            if new:
                await self.credentials.forget(account.id)
            raise
        if keep and not kept:
            self.window.say(NOT_TAKEN)

    async def open_local(self, *, demo: bool) -> None:
        """Open the local shop; with `demo` an empty one is filled with sample records."""
        await self._alone(self._open_local(demo), "open the local shop")

    async def _open_local(self, demo: bool) -> None:
        known = self.accounts.get(LOCAL_ID)
        account = known or Account(id=LOCAL_ID, base_url="", label="Local shop", kind=AccountKind.LOCAL)
        await self._show(account, open_local(self.profile, account, demo=demo))

    async def open_account(self, account: Account) -> None:
        """Open a shop this computer knows. Raises InsticaError in plain words."""
        await self._alone(self._open_account(account), "open a known shop")

    async def _open_account(self, account: Account) -> None:
        if account.kind is AccountKind.LOCAL:
            await self._open_local(False)
            return
        key = await key_of(account, self.credentials, self._agrees_to_send)
        await self._show(account, open_remote(self.profile, account, key))

    async def _agrees_to_send(self, title: str, text: str) -> bool:
        from instica_desktop.qtkit import dialogs

        self._appear()
        return await dialogs.confirm(
            self.window, title, text, "Send the key", danger=True, keep="Do not send"
        )

    # ------------------------------------------------------------ open and close

    async def _show(self, account: Account, opening: Callable[[], OpenShop]) -> None:
        """Open a shop and paint it in place of the one before; its server answers when it does.

        Raises:
            Stayed: the user would rather not leave the one that is open.
            StoreError: it cannot be opened; the one that is open stays open.
        """
        before = self.shop
        again = before is not None and before.account.id == account.id
        stood = self.window.place if again else None
        if again:
            shop = await self._open_anew(opening)
        else:
            if before is not None:
                from instica_desktop.app.leaving import ask_to_leave

                await ask_to_leave(self.window, before, "switch")
            shop = opening()
            try:
                await _whatever_happens(self._close_shop)
            except asyncio.CancelledError:
                await shop.close()
                raise
        self.shop = shop
        try:
            self._paint(shop)
            if stood is not None:
                await shop.store.blobs.hold(stood.files)
                self.window.stand_again(stood)
        finally:  # whatever cannot be painted: edits go out, and the connection says how it stands
            self._scope.spawn(self._start(shop), "start shop")

    def _paint(self, shop: OpenShop) -> None:
        last = self.accounts.last()
        self.accounts.remember(shop.account)
        shop.shop.work_offline(self.prefs["work_offline"])
        self._first_run = None
        context = shop.context(self.window, self.prefs)
        self.window.show_shop(context, shop.screens())
        self._appear()
        if self.prefs["work_offline"] and (last is None or last.id != shop.account.id):
            self.window.ways.say_offline(shop.account)

    async def _open_anew(self, opening: Callable[[], OpenShop]) -> OpenShop:
        """Close the open shop and open it again, perhaps with another key; a folder can be held only once."""
        await self._close_shop()
        try:
            return opening()
        except InsticaError:
            if not self.window.welcoming:
                self.show_first_run()
            raise

    async def _start(self, shop: OpenShop) -> None:
        shop.on_words = self.window.say
        await self._painted()
        if self.shop is not shop:  # it was left meanwhile: what follows is for the one that is open now
            return
        from instica_desktop.features.unsaved import say_earlier

        if (context := self.window.context) is not None:
            say_earlier(context)
        try:
            await shop.start()
        except InsticaError as error:
            if self.shop is shop:  # else it was left before its server answered
                self.window.show_problem(error)

    async def _painted(self) -> None:
        """Return once what is here is on screen: to connect is much code to read, and a server to start."""
        if (screen := self.window.screens.current()) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PAINTED_WITHIN):
                    await screen.settled()
            await asyncio.sleep(PAINT)

    async def _close_shop(self) -> None:
        """Close the open shop. Once begun that ends, even where whoever waits for it goes with the shop."""
        shop, self.shop = self.shop, None
        if shop:
            await self._to_the_end.carry_out(self._closed(shop), "close shop")

    async def _closed(self, shop: OpenShop) -> None:
        for screen in self.window.findChildren(ScreenWidget):
            await _whatever_happens(screen.finish)
        await tasks.acts_ended(GRACE)
        await _whatever_happens(self._leave_window)
        await shop.close()

    async def _leave_window(self) -> None:
        self.window.leave_shop()

    async def _end(self) -> None:
        """Write what is being written, end the server, then the window."""
        self.window.remember()
        self.window.hide()
        for step in (self._scope.finish, self._close_shop, self._to_the_end.settle):
            await _whatever_happens(step)
        self.window.close_for_good()

    # ------------------------------------------------------------ trouble

    def _report(self, error: BaseException, name: str) -> None:
        if isinstance(error, Stayed):
            self.window.say(error.message)
        elif isinstance(error, InsticaError):
            log.info("%s: %s %s", name, error.message, error.details)
            self.window.show_problem(error)
        else:
            self._crash.report(error, name)

    def _tell_crash(self, report: str) -> None:
        self.window.show_crash(report)


def _activity(context: Context, notices: NoticeLog, window: QWidget) -> ActivityPanel:
    from instica_desktop.features.activity.view import ActivityPopover

    return cast(ActivityPanel, ActivityPopover(context, notices, window))


async def _whatever_happens(step: Callable[[], Awaitable[None]]) -> None:
    """Run one step of the end; one that fails must not keep the others from running."""
    try:
        await step()
    except Exception:
        log.exception("Ending failed in %s", step)
