"""The key or token, kept where neither a repr, a log line nor an error can show it."""

from collections.abc import Iterable
from enum import Enum, auto

from instica_desktop.core.errors import Clash, InputError, InsticaError, ServerTrouble, ValidationFailed
from instica_desktop.core.secrets import MASK, Secrets


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

    def among(self, others: Iterable[str] = ()) -> Secrets:
        """Return the key with other secrets of a call, to be masked in case a server repeats them."""
        return Secrets([self._key, *others])


def mask(error: InsticaError, secrets: Secrets) -> None:
    """Mask secrets in everything an error says."""
    hide = secrets.hide
    error.message = hide(error.message)
    error.details = hide(error.details)
    error.args = (error.message,)
    if isinstance(error, ServerTrouble):
        error.request_id = hide(error.request_id)
    if isinstance(error, ValidationFailed):
        error.fields = {hide(name): tuple(map(hide, texts)) for name, texts in error.fields.items()}
    if isinstance(error, Clash):
        error.more = secrets.hide_in(error.more)
