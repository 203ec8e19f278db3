"""What the page of storage and backups says, as pure functions."""

from datetime import datetime

from instica_desktop.core.ages import age_words, day_and_clock
from instica_desktop.sync.care import Backup, Report


def counted(number: int, what: str) -> str:
    """Return `1 edit`, `12 edits` or `no edits`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else f"no {what}s"


def backup_words(backup: Backup) -> str:
    """Return what a backup holds."""
    if backup.edits is None:
        return "Cannot be used"
    words = counted(backup.edits, "unsent edit")
    words = words[0].upper() + words[1:]
    return f"{words}, kept before a restore" if backup.before_restore else words


def backup_age(backup: Backup, now: datetime) -> str:
    """Return how long ago a backup was made."""
    return f"{age_words(backup.at, now)} ago"


def restore_question(backup: Backup, waiting: int) -> tuple[str, str]:
    """Return heading and sentence of the question before a restore."""
    now = f"the {counted(waiting, 'edit')} waiting now" if waiting else "what waits now"
    kept = ", which are kept as a backup of their own" if waiting else ""
    return (
        f"Restore the backup of {day_and_clock(backup.at)}?",
        f"Its {counted(backup.edits or 0, 'unsent edit')} take the place of {now}{kept}. "
        "Nothing is sent until you have looked through them and said so.",
    )


def reset_question(shop: str, records: int, waiting: int, *, online: bool) -> tuple[str, str]:
    """Return heading and sentence of the question before a reset."""
    filled = "are fetched again from the server" if online else "are fetched again once there is a connection"
    edits = counted(waiting, "edit")
    stay = f" {edits[0].upper()}{edits[1:]} waiting to be sent {'stays' if waiting == 1 else 'stay'}."
    offline = "" if online else " Until then there is nothing to browse."
    return (
        f"Empty this computer’s copy of {shop}?",
        f"Its {counted(records, 'record')} {filled}.{offline}{stay if waiting else ''}",
    )


def report_words(report: Report) -> str:
    """Return what a check saw, in one sentence."""
    return (
        f"{counted(report.records, 'record')}, {counted(report.edits, 'waiting edit')}, "
        f"{counted(report.photos, 'photo')} to be sent and {counted(report.backups, 'backup')} were checked."
    ).replace("no records,", "No records,")
