"""What the log of refused requests must not show: codes that stand in an address and open something."""

import logging
import re

_CODES = re.compile(r"(/invites/|/accounts/billing/[a-z]+/)[^/\s]+")
_LOGGERS = ("django.request", "django.security.csrf")
MASK = "•••"


class HideCodes(logging.Filter):
    """Masks the codes in the addresses Django logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        if isinstance(record.args, tuple):
            record.args = tuple(hide_codes(part) if isinstance(part, str) else part for part in record.args)
        return True


def hide_codes(text: str) -> str:
    """Return a text with the codes in its addresses masked."""
    return _CODES.sub(rf"\1{MASK}", text)


def install() -> None:
    """Filter the loggers that name addresses."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(HideCodes())
