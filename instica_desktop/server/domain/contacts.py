"""Mail addresses and phone numbers in the form in which they are compared."""

import re
import unicodedata

_PUNCTUATION = re.compile(r"[\s().\-/\u00a0]+")
_PHONE = re.compile(r"\+?\d{6,15}", re.ASCII)


def email_key(email: str) -> str | None:
    """Return an address without regard to case, None for no address (so that many accounts may have none)."""
    return unicodedata.normalize("NFC", email.strip()).casefold() or None


def phone_key(phone: str) -> str | None:
    """Return a number as digits with its plus, None for no number: `+49 (30) 123-456` → `+4930123456`."""
    digits = _PUNCTUATION.sub("", phone)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return digits if _PHONE.fullmatch(digits) else None
