"""Times and ages in words, as the status bar and the tables say them."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def age_words(since: datetime, now: datetime) -> str:
    """Return an age as `14 s`, `38 min`, `5 h` or `3 days`. A time in the future counts as now."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def days_held(since: datetime | None, until: datetime) -> int | None:
    """Return the UTC days from one moment to another, never below zero; None without a beginning."""
    return None if since is None else max(0, _utc_day(until) - _utc_day(since))


def _utc_day(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).toordinal()


def clock(moment: datetime) -> str:
    """Return the local time of day, `14:02`."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime) -> str:
    """Return a local date without doubt about its order, `21 Nov 2026`."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y}"


def day_and_clock(moment: datetime) -> str:
    """Return a local date and time, `Sat 21 Nov 2026, 18:42`."""
    local = moment.astimezone()
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
