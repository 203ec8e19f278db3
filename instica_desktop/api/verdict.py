"""What it means that a server has nothing at a path: gone, never offered, or not Instica at all.

Such an answer by itself proves nothing: another server may lack the path, and whoever stands in the way may
answer in its place. So it is judged by what must be there if the server is one: who is signed in, the list a
record stands in, the record a part belongs to.
"""

from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

import msgspec

from instica_desktop.api.answers import FOREIGN, Missing, Offer
from instica_desktop.api.offered import Offered, words
from instica_desktop.api.pages import Read, nothing, page_of
from instica_desktop.api.places import Place
from instica_desktop.api.transport import Response
from instica_desktop.core.errors import (
    Forbidden,
    InsticaError,
    NotFound,
    NotInstica,
    NotOffered,
    PlanLapsed,
    SignedOut,
)

T = TypeVar("T")

ME = "/api/v1/user/me/"
"""Published, and the same on every server: who is signed in."""
_OTHERS = 2
"""So many records of a list are asked for, to see whether any can be: one may go at that moment."""


class Asked(Protocol):
    """The call that was answered so."""

    @property
    def method(self) -> str: ...
    @property
    def place(self) -> Place: ...
    @property
    def offer(self) -> Offer: ...


class Ask(Protocol):
    """Sends a read. Raises InsticaError."""

    def __call__(
        self, place: Place, offer: Offer, read: Read[T], params: tuple[tuple[str, str], ...] = ()
    ) -> Awaitable[T]: ...


class _Named(msgspec.Struct):
    uid: str


class Verdicts:
    """Judges for one server."""

    def __init__(self, ask: Ask, offered: Offered) -> None:
        self._ask = ask
        self._offered = offered

    async def on(self, call: Asked, missing: Missing) -> InsticaError:
        """Return what the answer to a call means.

        Raises:
            InsticaError: what it is judged by could not be had, or shows that something else answers.
        """
        match call.offer:
            case Offer.WHO:
                return NotInstica(FOREIGN, details=missing.details)
            case Offer.PAGE if missing.gone:
                return missing.as_gone()
            case Offer.ROOT | Offer.PAGE:
                return await self._of_root(call, missing)
            case Offer.RECORD if missing.status == 404:
                return await self._of_record(call, missing)
            case Offer.PART if missing.status == 404:
                return await self._of_part(call, missing)
            case Offer.MAYBE if missing.gone:
                return missing.as_gone()
            case _:
                return await self._of_any(call, missing)

    async def on_foreign(self, call: Asked, error: NotInstica) -> InsticaError:
        """Return what it means that something else answered a read this app can do without."""
        await self._who()
        return self._offered.lacks(call.method, call.place.kind, status=0, details=error.details)

    async def _of_root(self, call: Asked, missing: Missing) -> InsticaError:
        if not missing.own and self._is_alive(call):
            return NotInstica(FOREIGN, details=missing.details)
        await self._who()
        return self._lacks(call, missing)

    async def _of_record(self, call: Asked, missing: Missing) -> InsticaError:
        """A record is gone if Instica says so itself, where it has shown that it can be asked for records."""
        proven = self._is_alive(call) or await self._shows_another(call.place)
        if proven is False:
            return self._lacks(call, missing)
        if proven and missing.own:
            return missing.as_gone()
        if not missing.own:
            await self._who()
        said = words(call.method, call.place.kind)  # of this one only: others may well be asked for
        return NotOffered(said, status=missing.status, details=missing.details)

    async def _of_part(self, call: Asked, missing: Missing) -> InsticaError:
        """Read the record again: gone with it, gone from it, or never offered."""
        alive, place = missing.own and self._is_alive(call), call.place
        try:
            record = await self._ask(place.record, Offer.RECORD, _body)
        except NotFound:
            return missing.as_gone()
        except NotOffered:
            return missing.as_gone() if alive else self._lacks(call, missing)
        named = bool(place.part) and msgspec.json.encode(place.part) in record
        if missing.own and place.part and (alive or not named):
            return missing.as_gone(part=True)
        return self._lacks(call, missing)

    async def _shows_another(self, place: Place) -> bool | None:
        """Tell whether any record of the list can be asked for; None when there is none to try it with."""
        size = (("page_size", str(_OTHERS + 1)),)
        try:
            page = await self._ask(Place(place.root), Offer.ROOT, page_of(_Named), size)
        except NotOffered:
            return None
        others = [record.data.uid for record in page.records if record.data.uid != place.names[0]]
        for uid in others[:_OTHERS]:
            try:
                await self._ask(Place.below(place.root, uid), Offer.MAYBE, nothing)
            except (NotFound, NotOffered):
                continue
            return True
        return False if others else None

    async def _of_any(self, call: Asked, missing: Missing) -> InsticaError:
        """A page that is not Instica's may come from what stands in the way: then it does elsewhere, too."""
        if not missing.own:
            await self._who()
        return self._lacks(call, missing)

    async def _who(self) -> None:
        """See that Instica answers at all. Raises InsticaError when it does not."""
        try:
            await self._ask(Place(ME), Offer.WHO, nothing)
        except (SignedOut, Forbidden, PlanLapsed):
            pass  # in Instica's own words: whoever needs to know finds out

    def _is_alive(self, call: Asked) -> bool:
        return self._offered.is_alive(call.method, call.place.kind)

    def _lacks(self, call: Asked, missing: Missing) -> InsticaError:
        return self._offered.lacks(
            call.method, call.place.kind, status=missing.status, details=missing.details
        )


def _body(response: Response) -> bytes:
    """Return a record as it came, if it is JSON."""
    _any.decode(response.body)
    return response.body


_any: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder()
