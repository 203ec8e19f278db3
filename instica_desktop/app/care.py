"""`doctor` with `--check`, `--repair`, `--back-up`, `--backups`, `--restore`, `--reset-copy`: closed shops.

Exit codes: 0 all is well (now), 1 something stays wrong, 2 wrong usage, 4 another window has the shop open.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.errors import InputError, InsticaError, InUse
from instica_desktop.store.backups import Backup, is_lost, listed, put_unusable_aside
from instica_desktop.store.care import Care
from instica_desktop.store.checking import Mend, Report, examine
from instica_desktop.store.database import connect
from instica_desktop.store.files import Lock, mark
from instica_desktop.store.restoring import Restored
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import RESTORING, Store
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.files import unusable
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs

Act = Literal["check", "repair", "back-up", "backups", "restore", "reset-copy"]
WELL, WRONG, BUSY = 0, 1, 4
NEWEST = "newest"


class Patient(msgspec.Struct, frozen=True):
    """One shop of this computer: its id, what people call it, and where its files are."""

    id: str
    name: str
    folder: Path


class Outcome(msgspec.Struct):
    """What was found in a shop's files, done to them, and is still wrong afterwards."""

    account: str
    name: str
    found: list[str] = []
    done: list[str] = []
    left: list[str] = []
    records: int = 0
    edits: int = 0
    photos: int = 0
    backups: list[dict[str, str | int | None]] = []
    in_use: bool = False


def care_for(profile: Profile, act: Act, *, account: str = "", copy: str = "", as_json: bool = False) -> int:
    """Carry out one act on one shop, or on all this computer knows, and return the exit code."""
    patients = _patients(profile, account)
    if act == "restore" and len(patients) > 1:
        names = ", ".join(patient.id for patient in patients)
        raise InputError(f"Say with --account whose edits are to be restored: {names}.")
    outcomes = [_treated(patient, act, copy) for patient in patients]
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(outcomes), indent=2).decode())
    else:
        print("\n".join(_lines(outcomes)) or "No shop is on this computer yet.")
    if any(outcome.left for outcome in outcomes):
        return WRONG
    return BUSY if any(outcome.in_use for outcome in outcomes) else WELL


def _patients(profile: Profile, account: str) -> list[Patient]:
    """Return the shops that have files here: those in the settings, and those used by scripts alone."""
    known = {shop.id: shop.label for shop in Accounts(Prefs(profile.settings_file)).all()}
    folders = sorted(path for path in profile.accounts.glob("*") if path.is_dir())
    found = [Patient(path.name, known.get(path.name) or path.name, path) for path in folders]
    wanted = [one for one in found if not account or account in (one.id, one.name)]
    if account and not wanted:
        names = ", ".join(f"{one.id} ({one.name})" for one in found) or "none"
        raise InputError(f"No shop {account!r} is on this computer. There are: {names}.")
    return wanted


def _treated(patient: Patient, act: Act, copy: str) -> Outcome:
    outcome = Outcome(patient.id, patient.name)
    try:
        before = _locked_look(patient.folder)
        outcome.found = _words(before)
        _ACTS[act](patient.folder, before, outcome, copy)
        after = before if act in ("check", "backups") else _locked_look(patient.folder)
        outcome.left += _words(after)
        outcome.records, outcome.edits, outcome.photos = after.records, after.edits, after.photos
    except InputError:
        raise
    except InUse as error:
        outcome.in_use = True
        outcome.done.append(f"{error.message} Close it there, then try again. Nothing was changed.")
    except InsticaError as error:
        outcome.left.append(f"{error.message} {error.details}".strip())
    except OSError as error:
        outcome.left.append(unusable(error))
    return outcome


def _locked_look(folder: Path) -> Report:
    lock = Lock(folder / "lock")
    try:
        return examine(folder)
    finally:
        lock.release()


def _words(report: Report) -> list[str]:
    return [finding.message for finding in report.findings]


# ---------------------------------------------------------------- acts


def _check(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    """The look is all."""


def _list_backups(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    outcome.backups = [
        {"name": one.path.name, "made": one.at.isoformat(), "edits": one.edits, "bytes": one.size}
        for one in listed(folder / "backups", OUTBOX)
    ]


def _repair(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    mends: set[Mend] = before.mends
    if "reset" in mends:
        mark(folder / "cache.damaged")
        outcome.done.append("The copy of the shop was begun anew; it fills again from the server.")
    if "restore" in mends and not _index_was_all(folder):
        mark(folder / RESTORING)
    if unusable := put_unusable_aside(folder / "backups", OUTBOX):
        outcome.done.append(f"{unusable} damaged backup{'' if unusable == 1 else 's'} put aside.")
    asyncio.run(_tend(folder, outcome))


def _index_was_all(folder: Path) -> bool:
    """Try to mend an outbox by writing its indexes anew, which loses nothing; tell whether that was all."""
    if is_lost(folder / "outbox.db", folder / "backups", folder / "cache.db"):
        return False
    with suppress(Exception):
        connection = connect(folder / "outbox.db", write=True, durable=True)
        try:
            connection.execute("REINDEX")
        finally:
            connection.close()
        return "restore" not in examine(folder).mends
    return False


async def _tend(folder: Path, outcome: Outcome) -> None:
    """Open the shop, which brings its files up and restores what is marked; clear away and copy."""
    store = Store.open(folder, thorough=True)
    care = Care(store)
    try:
        if restored := care.restored:
            outcome.done.append(_restored_words(restored))
        if damaged := store.outbox.counts().damaged:
            outcome.done.append(_damaged_words(damaged))
        await store.cache.reproject_pending()
        await store.blobs.sweep(set())
        await store.taken.sweep(set())
        await store.back_up()
    finally:
        care.close()
        await store.close()


def _back_up(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    made = asyncio.run(_backed_up(folder))
    outcome.done.append(f"Backed up {_edits(made.edits or 0)} to {made.path}.")


async def _backed_up(folder: Path) -> Backup:
    store = Store.open(folder)
    care = Care(store)
    try:
        return await care.back_up()
    finally:
        care.close()
        await store.close()


def _restore(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    copies = [one for one in listed(folder / "backups", OUTBOX) if one.edits is not None]
    chosen = next((one for one in copies if copy == one.path.name or _is_newest(one, copy)), None)
    if chosen is None:
        names = ", ".join(one.path.name for one in copies) or "none"
        raise InputError(f"There is no backup {copy!r} that can be used. There are: {names}.")
    outcome.done.append(_restored_words(asyncio.run(_restored_from(folder, chosen.path))))


def _is_newest(backup: Backup, copy: str) -> bool:
    """Tell whether this is meant by `newest`: a copy made before a restore is named when it is wanted."""
    return copy == NEWEST and not backup.before_restore


async def _restored_from(folder: Path, copy: Path) -> Restored:
    store = Store.open(folder)
    care = Care(store)
    try:
        return await care.restore(copy)
    finally:
        care.close()
        await store.close()


def _reset(folder: Path, before: Report, outcome: Outcome, copy: str) -> None:
    lock = Lock(folder / "lock")
    try:
        mark(folder / "cache.damaged")
    finally:
        lock.release()
    asyncio.run(_opened_once(folder))
    outcome.done.append(
        f"The copy of the shop was emptied. {_edits(before.edits)} waiting to be sent stayed as they were."
    )


async def _opened_once(folder: Path) -> None:
    store = Store.open(folder)
    try:
        await store.cache.reproject_pending()
    finally:
        await store.close()


_ACTS = {
    "check": _check,
    "repair": _repair,
    "back-up": _back_up,
    "backups": _list_backups,
    "restore": _restore,
    "reset-copy": _reset,
}


# ---------------------------------------------------------------- words


def _restored_words(restored: Restored) -> str:
    salvaged = f"{_edits(restored.salvaged)} could still be read from the damaged file. "
    read = salvaged if restored.salvaged else ""
    if restored.running:
        return (
            f"{_edits(restored.edits)} stand in a new file, written from memory when the old one turned out "
            "to be damaged. Open the shop to look through them; nothing is sent before you say so."
        )
    if restored.log:
        return (
            "The log of the waiting edits was damaged and is in order again. Open the shop to look through "
            "them; nothing is sent before you say so."
        )
    if restored.notes:
        return (
            "What is noted about the waiting edits was damaged; the edits are whole. Open the shop to look "
            "through them; nothing is sent before you say so."
        )
    if restored.copied is None:
        return (
            f"The waiting edits were damaged and there was no backup. {read}The damaged file was kept; "
            "open the shop to go on."
        )
    copied = _edits(restored.edits - restored.salvaged)
    passed = "Newer backups are damaged too. " if restored.passed_over else ""
    return (
        f"{passed}The backup of {day_and_clock(restored.copied)} with {copied} stands in for the waiting "
        f"edits. {read}Open the shop to look through them; nothing is sent before you say so."
    )


def _damaged_words(number: int) -> str:
    was, is_, it, them = ("was", "is", "it", "it") if number == 1 else ("were", "are", "each", "them")
    return (
        f"{_edits(number)} that {was} damaged {is_} held back. Open the shop: Activity says what a backup "
        f"has of {it}; send or drop {them} there."
    )


def _edits(number: int) -> str:
    return f"{number:,} edit{'' if number == 1 else 's'}"


def _lines(outcomes: list[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        yield outcome.name if outcome.name == outcome.account else f"{outcome.name} ({outcome.account})"
        if outcome.found != outcome.left:  # what is only looked at is all wrong still
            yield from (f"  Found: {words}" for words in outcome.found)
        yield from (f"  Done:  {words}" for words in outcome.done)
        for copy in outcome.backups:
            edits = "cannot be used" if copy["edits"] is None else _edits(int(copy["edits"]))
            yield f"  {copy['name']}  {edits}"
        yield from (f"  Wrong: {words}" for words in outcome.left)
        if not outcome.in_use and not outcome.left:
            yield (
                f"  All is well: {outcome.records:,} records, {_edits(outcome.edits)} and "
                f"{outcome.photos:,} photo{'' if outcome.photos == 1 else 's'} waiting."
            )
