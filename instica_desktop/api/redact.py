"""The key or token, kept where neither a repr, a log line nor an error can show it."""

from enum import Enum, auto
from typing import Any, cast

from instica_desktop.core.errors import Clash, InputError, InsticaError, ServerTrouble, ValidationFailed

MASK = "•••"


class Credential(Enum):
    """What opens an account. A key lives until it is deleted, a token until it is signed out."""

    KEY = auto()
    TOKEN = auto()


class Secret:
    """One API key or token, or none."""

    __slots__ = ("_key", "_kind")

    def __init__(self, key: str | None, kind: Credential = Credential.KEY) -> None:
        """Take a key as a person pasted it.

        Raises:
            InputError: when it holds characters no key has; the message does not repeat it.
        """
        self._kind = kind
        self._key = (key or "").strip()
        if not all("!" <= char <= "~" for char in self._key):
            raise InputError(
                "A key has no spaces, line breaks or accented letters. Copy it again, whole.", field="key"
            )

    def __repr__(self) -> str:
        """Show only whether there is one."""
        return f"Secret({MASK if self._key else 'none'})"

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key or token."""
        if not self._key:
            return {}
        if self._kind is Credential.TOKEN:
            return {"Authorization": f"Bearer {self._key}"}
        return {"X-API-Key": self._key}

    def hide(self, text: str) -> str:
        """Return a text with the key masked."""
        return hide(text, self._key)

    def mask(self, error: InsticaError) -> None:
        """Mask the key in everything an error says, in case a server repeats it."""
        mask(error, self._key)


def hide(text: str, secret: str) -> str:
    """Return a text with a secret masked."""
    return text.replace(secret, MASK) if secret else text


def mask(error: InsticaError, secret: str) -> None:
    """Mask a secret in everything an error says."""
    error.message = hide(error.message, secret)
    error.details = hide(error.details, secret)
    error.args = (error.message,)
    if isinstance(error, ServerTrouble):
        error.request_id = hide(error.request_id, secret)
    if isinstance(error, ValidationFailed):
        error.fields = {
            hide(name, secret): tuple(hide(text, secret) for text in texts)
            for name, texts in error.fields.items()
        }
    if isinstance(error, Clash):
        error.more = _hidden(error.more, secret)


def _hidden(value: Any, secret: str) -> Any:
    if isinstance(value, str):
        return hide(value, secret)
    if isinstance(value, list):
        return [_hidden(part, secret) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value).items()
        return {hide(name, secret): _hidden(part, secret) for name, part in parts}
    return value
