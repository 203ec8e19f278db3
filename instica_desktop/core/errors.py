"""Everything that can go wrong, as one tree. Each error speaks to a seller in `message`.

InsticaError
├── Stayed                     the user chose to stay; nothing went wrong
├── InputError                 what was typed or dropped cannot be used; carries the field
├── AddressError               the server address itself cannot be used
├── NetworkError
│   ├── Unreachable            nothing was sent: DNS, connect, TLS
│   ├── ReplyLost              something may have been sent and no whole answer came
│   └── NotInstica             a redirect, or a 2xx that is not JSON (captive portal, wrong address)
├── ServerTrouble              408, 500, 502, 503, 504; carries the request id
│   └── ServerFull             507; nothing was stored: its disk has no room left
├── Unreadable                 Instica answers, and the answer is of no use
├── Throttled                  429; carries the seconds to wait
├── Rejected                   any other 4xx
│   ├── ValidationFailed       400, 422; messages by field
│   ├── SignedOut              401
│   ├── PlanLapsed             402
│   ├── Forbidden              403
│   ├── NotFound               404
│   ├── NotOffered             404, 405 or 501 on something this server does not offer; carries the wait
│   ├── Clash                  409, 412; someone else changed it first
│   └── TooLarge               413, 415; the server takes no such body
└── StoreError
    ├── DiskFull               SQLITE_FULL, ENOSPC
    ├── NewerFile              written by a newer version of the app
    ├── Damaged                not a database, or a failed check
    └── InUse                  another window holds this profile
"""

from collections.abc import Mapping, Sequence
from typing import Any

ASK_AGAIN = 3600.0
"""Seconds after which a server is asked again for what it does not offer."""


class InsticaError(Exception):
    """The root. `message` is for people; `details` is technical and shown only behind “Details”."""

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.about = ""
        """What it is about, such as a record's title, where whoever shows it could not tell otherwise."""

    @property
    def said(self) -> str:
        """The message, with what it is about before it."""
        return f"{self.about}: {self.message}" if self.about else self.message


class Stayed(InsticaError):
    """The user chose to stay with what is open: nothing went wrong."""


class InputError(InsticaError):
    """What was typed or dropped cannot be used; `field` is the wire name of the field it belongs to."""

    def __init__(self, message: str, *, field: str = "", details: str = "") -> None:
        super().__init__(message, details=details)
        self.field = field


class AddressError(InsticaError):
    """The server address cannot be used: not a URL, or plain http to another machine."""


class NetworkError(InsticaError):
    """No usable answer came back over the network."""


class Unreachable(NetworkError):
    """Nothing was sent: the name was not found, nobody listens, or TLS failed. Always safe to send again."""


class ReplyLost(NetworkError):
    """Something may have been sent and no whole answer came. Read a write back before resending it."""


class NotInstica(NetworkError):
    """A redirect, or a success that is not JSON: a captive portal or another site answers. Never cached."""


class ServerTrouble(InsticaError):
    """The server failed (408, 5xx). `request_id` is what support will ask for."""

    def __init__(self, message: str, *, status: int, request_id: str = "", details: str = "") -> None:
        super().__init__(message, details=details)
        self.status = status
        self.request_id = request_id


class ServerFull(ServerTrouble):
    """The server has no room left to store anything (507). Nothing was stored; it can still be read."""


class Unreadable(InsticaError):
    """The server answers, and what it says is of no use. It says nothing about the connection."""


class Throttled(InsticaError):
    """The server asks to slow down (429). `retry_after` is in seconds, already clamped to 1 s – 15 min."""

    def __init__(self, message: str, *, retry_after: float, details: str = "") -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after


class Rejected(InsticaError):
    """The server understood and refused. Sending the same again gives the same answer."""

    def __init__(self, message: str, *, status: int = 0, details: str = "") -> None:
        super().__init__(message, details=details)
        self.status = status


class ValidationFailed(Rejected):
    """400 or 422. `fields` maps wire field names (or `non_field_errors`) to their messages."""

    def __init__(
        self, fields: Mapping[str, Sequence[str]], *, status: int = 400, message: str = "", details: str = ""
    ) -> None:
        first = next((text for texts in fields.values() for text in texts), "")
        super().__init__(message or first or "Instica refused the change.", status=status, details=details)
        self.fields: dict[str, tuple[str, ...]] = {name: tuple(texts) for name, texts in fields.items()}


class SignedOut(Rejected):
    """401: the key or token is not, or no longer, accepted."""


class PlanLapsed(Rejected):
    """402: the subscription does not cover this."""


class Forbidden(Rejected):
    """403: this account may not do that."""


class NotFound(Rejected):
    """404: the record is gone, or belongs to someone else. `part`: only a part of it, such as a photo, is."""

    def __init__(self, message: str, *, status: int = 0, details: str = "", part: bool = False) -> None:
        super().__init__(message, status=status, details=details)
        self.part = part


class NotOffered(Rejected):
    """This server does not have the endpoint at all. `again`: in so many seconds it is worth asking again."""

    def __init__(self, message: str, *, status: int = 0, details: str = "", again: float = ASK_AGAIN) -> None:
        super().__init__(message, status=status, details=details)
        self.again = again


class Clash(Rejected):
    """409 or 412: it contradicts what is on the server. `more` is what else the answer says."""

    def __init__(
        self, message: str, *, status: int = 0, details: str = "", more: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, status=status, details=details)
        self.more: dict[str, Any] = dict(more or {})


class TooLarge(Rejected):
    """413 or 415: the server does not take a body of this size or kind."""


class StoreError(InsticaError):
    """This computer's copy could not be read or written."""


class DiskFull(StoreError):
    """No room left. The change was not saved; what was saved before is intact."""


class NewerFile(StoreError):
    """The file was written by a newer version of the app and has not been touched."""


class Damaged(StoreError):
    """The file fails its check or is not a database."""


class InUse(StoreError):
    """Another running window or server holds this data."""
