"""The key, kept where neither a repr, a log line nor an error can show it."""

from instica_desktop.core.errors import InputError, InsticaError, ServerTrouble, ValidationFailed

MASK = "•••"


class Secret:
    """One API key, or none."""

    __slots__ = ("_key",)

    def __init__(self, key: str | None) -> None:
        """Take a key as a person pasted it.

        Raises:
            InputError: when it holds characters no key has; the message does not repeat it.
        """
        self._key = (key or "").strip()
        if not all("!" <= char <= "~" for char in self._key):
            raise InputError(
                "A key has no spaces, line breaks or accented letters. Copy it again, whole.", field="key"
            )

    def __repr__(self) -> str:
        """Show only whether there is one."""
        return f"Secret({MASK if self._key else 'none'})"

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key."""
        return {"X-API-Key": self._key} if self._key else {}

    def hide(self, text: str) -> str:
        """Return a text with the key masked."""
        return text.replace(self._key, MASK) if self._key else text

    def mask(self, error: InsticaError) -> None:
        """Mask the key in everything an error says, in case a server repeats it."""
        error.message = self.hide(error.message)
        error.details = self.hide(error.details)
        error.args = (error.message,)
        if isinstance(error, ServerTrouble):
            error.request_id = self.hide(error.request_id)
        if isinstance(error, ValidationFailed):
            error.fields = {
                self.hide(name): tuple(self.hide(text) for text in texts)
                for name, texts in error.fields.items()
            }
