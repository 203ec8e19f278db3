"""The ways out of a shop: nothing unsent is left behind unasked, and what is given up is really gone."""

import asyncio
import shutil
from pathlib import Path

from instica_desktop.app.container import OpenShop
from instica_desktop.core.accounts import Account
from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import Stayed, StoreError
from instica_desktop.features.context import GRACE, ScreenWidget
from instica_desktop.features.shell.adding_dialog import AddingDialog, Leaving
from instica_desktop.features.shell.leave_dialog import LeaveDialog, Purpose
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import acts_ended
from instica_desktop.store.files import Lock
from instica_desktop.sync.export import export
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials
from instica_desktop.system.paths import Profile

FILE = "unsent edits.zip"
FILTER = "ZIP (*.zip)"
COPY = ("cache.db", "cache.db-wal", "cache.db-shm", "cache.damaged", "cache.spoilt", "images")
"""What was only read from the server: it can be read again by whoever has the key."""
MOMENTS, A_MOMENT = 6, 0.05
"""How often, and after how many seconds each, it is looked whether photos are still being added."""
KEYRING_SILENT = (
    "The system keyring did not answer, so a key it may hold for this shop is still there. "
    "Remove it in the keyring’s own program, or take the key back on the web."
)


async def ask_to_leave(window: MainWindow, shop: OpenShop, purpose: Purpose) -> bool:
    """Have everything typed written down; ask about what has not been sent. Return whether that was answered.

    Raises:
        Stayed: the shop is not to be left.
        StoreError: the file the user wanted could not be written; the shop is not left.
    """
    for screen in window.findChildren(ScreenWidget):
        await screen.finish()
    await acts_ended(GRACE)
    if not await photos_added(window, shop, purpose):
        raise _stayed(shop)
    asked = False
    while shop.store.outbox.all() and window.context is not None:
        dialog = LeaveDialog(window, window.context, purpose)
        await dialogs.show(dialog)
        asked = dialog.answer != "sent" or dialog.told_to_send
        if dialog.answer == "stay":
            raise _stayed(shop)
        if dialog.answer == "keep":
            break
        if dialog.answer == "export" and await _exported(window, shop):
            break
    return asked


def _stayed(shop: OpenShop) -> Stayed:
    return Stayed(f"You stayed with {shop.account.label or 'the shop that was open'}.")


async def photos_added(window: MainWindow, shop: OpenShop, leaving: Leaving) -> bool:
    """Let photos that are being added be added first, or be taken up later; False: rather stay.

    The first moment passes without a question: a few are added by then.
    """
    for _ in range(MOMENTS):
        if not shop.shop.taking_in() or window.context is None:
            return True
        await asyncio.sleep(A_MOMENT)
    dialog = AddingDialog(window, window.context, leaving) if window.context else None
    if dialog is not None and shop.shop.taking_in():
        await dialogs.show(dialog)
    return dialog is None or dialog.answer != "stay"


async def _exported(window: MainWindow, shop: OpenShop) -> bool:
    name = f"{_file_name(shop.account.label)} {FILE}".strip()
    path = await dialogs.save_file(window, "Save unsent edits", name, FILTER)
    if path is None:
        return False
    await export(shop.store, path, utc_now())
    window.say(f"The unsent edits are in {path.name}.")
    return True


def _file_name(label: str) -> str:
    """Return a shop's name as part of a file's name; it came from a server and may hold anything."""
    return "".join(char for char in label if char.isalnum() or char in " -_").strip()[:60]


async def agrees(window: MainWindow, account: Account, purpose: Purpose) -> bool:
    """Ask whether a shop is to be signed out of, or removed, when nothing unsent made us ask before."""
    name = account.label or "this shop"
    if purpose == "sign_out":
        text = (
            "The key and this computer’s copy are removed. The shop stays in the list; connect with a key "
            "to open it again."
        )
        return await dialogs.confirm(window, f"Sign out of {name}?", text, "Sign out")
    text = (
        "The key, this computer’s copy and the history of edits are removed. On the server nothing changes."
    )
    return await dialogs.confirm(
        window, f"Remove {name} from this computer?", text, "Remove", danger=True, keep="Cancel"
    )


async def sign_out(profile: Profile, accounts: Accounts, credentials: Credentials, account: Account) -> bool:
    """Give up key and copy of a closed shop; unsent edits stay. Return whether the key is certainly gone."""
    certain = await credentials.forget(account.id)
    accounts.sign_out(account)
    await asyncio.to_thread(_delete, profile.account_folder(account.id), COPY)
    return certain


async def remove(profile: Profile, accounts: Accounts, credentials: Credentials, account: Account) -> bool:
    """Give up everything of a closed shop. Return whether the key is certainly gone."""
    certain = await credentials.forget(account.id)
    folder = profile.account_folder(account.id)
    await asyncio.to_thread(_delete, folder, [entry.name for entry in folder.iterdir()])
    accounts.forget(account.id)
    return certain


def _delete(folder: Path, names: tuple[str, ...] | list[str]) -> None:
    """Delete parts of a shop's folder while nobody else may open it; the lock goes last."""
    lock = Lock(folder / "lock")
    try:
        for name in names:
            if name != "lock":
                _delete_one(folder / name)
    except OSError as error:
        raise StoreError(
            "A part of this computer’s copy could not be deleted. Close other programs that use it.",
            details=str(error),
        ) from error
    finally:
        lock.release()
    if "lock" in names:
        shutil.rmtree(folder, ignore_errors=True)


def _delete_one(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
