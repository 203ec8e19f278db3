"""Rows of the matrix: photos, pictures of products, offers, parcels, edits dropped while they waited."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.sync import OfferDraft, ShipmentDraft
from tests.support.fault_proxy import Answer
from tests.sync.acts import Case, Row, State
from tests.sync.acts_records import a_copy
from tests.sync.sharing import sharing_copies
from tests.sync.test_photos import picture
from tests.sync.world import World

NO = Answer(400, body=b'{"non_field_errors": ["This cannot be."]}')
"""How the server refuses what a test wants refused."""
NO_CONFLICT = "nothing of it can have been changed by somebody else before it is sent"
NEVER: dict[str, str] = {
    "changed_before": NO_CONFLICT,
    "resolved_mine": NO_CONFLICT,
    "resolved_theirs": NO_CONFLICT,
}


def step(act: Act | None) -> Step:
    assert act is not None
    return Step(words="act", acts=(act,))


# -------------------------------------------------------------------- photos


class PhotoRow(Row):
    """Base of those on a copy with three photos, the second of which stands for it."""

    refused_call: ClassVar[str]

    async def case(self, world: World) -> Case:
        uid = await a_copy(world)
        for colour in ("#203040", "#304050"):
            await world.admin.inventory.add_asset(uid, picture(colour), "more.jpg", "container")
        second = (await world.on_server(uid)).assets[1].uid
        await world.admin.inventory.update_asset(uid, second, {"is_primary": True})
        assert await world.shop.refresh(Entity.ITEM, uid)
        return Case(world, [(Entity.ITEM, uid)])

    def photos(self, case: Case) -> list[str]:
        return [asset.uid for asset in case.world.item(case.uid)[0].assets]

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer(self.refused_call, NO)


class PhotosAddedRow(PhotoRow):
    """Two photos dropped at once."""

    kind = ActKind.PHOTOS_ADDED
    refused_call = "POST "
    cannot: ClassVar = {**NEVER, "changed_after": "tested by itself: theirs and ours are different photos"}

    async def act(self, case: Case) -> Step:
        shop = case.world.shop
        results = await shop.add_photos(case.uid, [picture("#708090"), picture("#8090a0")])
        return step(await shop.gallery.added(case.uid, [one.sha256 for one in results]))


class PhotoRemovedRow(PhotoRow):
    """The photo that stands for the item, from the midst of the others."""

    kind = ActKind.PHOTO_REMOVED
    refused_call = "DELETE "
    cannot: ClassVar = {
        **NEVER,
        "gone_before": "that is what was wanted",
        "changed_after": "tested by itself: a photo that came since stays",
    }

    async def act(self, case: Case) -> Step:
        photos, second = case.world.shop.gallery, self.photos(case)[1]
        kept = await photos.keep(case.uid, second)
        return step(await photos.remove(case.uid, second, kept))

    async def case(self, world: World) -> Case:
        case = await super().case(world)
        await world.shop.gallery.keep(case.uid, self.photos(case)[1])  # seen on the screen before it goes
        return case


class PhotosOrderedRow(PhotoRow):
    """The last photo made the first."""

    kind = ActKind.PHOTOS_ORDERED
    refused_call = "POST "
    cannot: ClassVar = NEVER

    async def act(self, case: Case) -> Step:
        first, second, third = self.photos(case)
        return step(await case.world.shop.gallery.arrange(case.uid, [third, first, second]))

    async def interfere(self, case: Case) -> None:
        admin = case.world.admin.inventory
        order = [asset.uid for asset in (await case.world.on_server(case.uid)).assets]
        await admin.reorder_assets(case.uid, [order[1], order[0], order[2]])
        await admin.update_asset(case.uid, order[1], {"is_primary": True})


# -------------------------------------------------------------------- pictures of products


class CoverRow(Row):
    """Another picture in the place of the one there is."""

    kind = ActKind.COVER

    async def case(self, world: World) -> Case:
        made = (await world.admin.products.create({"title": "Cover of the matrix"})).record.data
        await world.admin.products.upload_image(made.uid, picture("#a01010"), "front.jpg")
        assert await world.shop.refresh(Entity.PRODUCT, made.uid)
        assert await world.shop.covers.keep(made.uid)  # seen on the screen before it is replaced
        return Case(world, [(Entity.PRODUCT, made.uid)])

    async def act(self, case: Case) -> Step:
        return step(await case.world.shop.covers.set(case.uid, picture("#10a010")))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("POST ", NO)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.products.upload_image(case.uid, picture("#1010a0"), "theirs.jpg")


class CoverGoneRow(CoverRow):
    """The picture taken away."""

    name = "cover_removed"

    async def act(self, case: Case) -> Step:
        return step(await case.world.shop.covers.remove(case.uid))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("DELETE ", NO)


# -------------------------------------------------------------------- offers


class OfferRow(Row):
    """Base of those on a copy that is for sale. The server changes its status along with its offers."""

    blind: ClassVar = frozenset({"status", "listed_at"})

    async def case(self, world: World) -> Case:
        return Case(world, [(Entity.ITEM, await a_copy(world, status="ready-to-sell"))])

    async def listed(self, world: World) -> Case:
        case = await OfferRow.case(self, world)
        offer = {"platform": "ebay", "price_usd": "30.00", "title": "Offer of the matrix"}
        case.notes["offer"] = (await world.admin.inventory.add_listing(case.uid, offer)).uid
        assert await world.shop.refresh(Entity.ITEM, case.uid)
        return case

    def offer(self, case: Case) -> str:
        return case.world.item(case.uid)[0].listings[-1].uid


class OfferedRow(OfferRow):
    """Put on offer at a price of its own."""

    kind = ActKind.OFFERED
    cannot: ClassVar = NEVER

    async def act(self, case: Case) -> Step:
        draft = OfferDraft(platform="ebay", platform_name="eBay", price_usd=Decimal("31.50"))
        return step(await case.world.shop.parts.offer(case.uid, draft))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("POST ", NO)

    async def interfere(self, case: Case) -> None:
        (offer,) = (await case.world.on_server(case.uid)).listings
        await case.world.admin.inventory.delist(case.uid, offer.uid)


class RevisedRow(OfferRow):
    """Another price for an offer."""

    kind = ActKind.REVISED

    async def case(self, world: World) -> Case:
        return await self.listed(world)

    async def act(self, case: Case) -> Step:
        changes = {"price_usd": Decimal("25.00")}
        return step(await case.world.shop.parts.revise(case.uid, self.offer(case), changes))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("PATCH ", NO)

    async def interfere(self, case: Case) -> None:
        offer = case.notes["offer"]
        await case.world.admin.inventory.update_listing(case.uid, offer, {"price_usd": "27.00"})


class RepricedRow(OfferRow):
    """Another price of the copy, which its offer follows: one step."""

    kind = ActKind.REVISED
    name = "repriced"
    blind: ClassVar = frozenset({"listed_at"})

    async def case(self, world: World) -> Case:
        case = await OfferRow.case(self, world)
        await world.admin.inventory.add_listing(case.uid, {"platform": "ebay"})
        assert await world.shop.refresh(Entity.ITEM, case.uid)
        return case

    async def act(self, case: Case) -> Step:
        shop = case.world.shop
        edited, repriced = await shop.repricing.edit(case.uid, {"price_item_usd": "19.00"})
        assert len(repriced.acts) == 1
        edit = Act(
            kind=ActKind.EDIT,
            entity=Entity.ITEM,
            uid=case.uid,
            before=edited.before,
            after=edited.after,
        )
        return Step(words="price", acts=(edit, *repriced.acts))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("PATCH ", NO)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.inventory.update(case.uid, {"price_item_usd": "77.00"})


class TakenOffRow(OfferRow):
    """An offer ended."""

    kind = ActKind.TAKEN_OFF
    cannot: ClassVar = NEVER

    async def case(self, world: World) -> Case:
        return await self.listed(world)

    async def act(self, case: Case) -> Step:
        return step(await case.world.shop.parts.take_off(case.uid, self.offer(case)))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("POST ", NO)

    async def interfere(self, case: Case) -> None:
        offer = {"platform": "ebay", "price_usd": "44.00"}
        await case.world.admin.inventory.add_listing(case.uid, offer)
        assert await case.world.shop.refresh(Entity.ITEM, case.uid)


class SoldRow(OfferRow):
    """Sold by hand, which ends its offers; taken back, they are there again."""

    kind = ActKind.EDIT
    name = "sold"
    blind: ClassVar = frozenset({"listed_at", "sold_at"})

    async def case(self, world: World) -> Case:
        return await self.listed(world)

    def done(self, state: Sequence[State | None]) -> bool:
        """Tell whether the one that was sold is on offer nowhere, and all others still are."""
        return [bool(one and one["offers"]) for one in state] == [False, *(True for _ in state[1:])]

    async def act(self, case: Case) -> Step:
        edited = await case.world.shop.edit(Entity.ITEM, case.uid, {"status": "sold"})
        act = Act(kind=self.kind, entity=Entity.ITEM, uid=case.uid, before=edited.before, after=edited.after)
        return Step(words="status", acts=(act,))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("PATCH ", NO)

    async def interfere(self, case: Case) -> None:
        """Let it be sold and shipped elsewhere."""
        if (await case.world.on_server(case.uid)).status == "listed":
            await case.world.admin.inventory.update(case.uid, {"status": "sold"})
        await case.world.admin.inventory.update(case.uid, {"status": "shipped"})


AT_THE_OTHERS = "tested by itself: it is done at the copies that are left"


class SharedRow(OfferRow):
    """Base of those on copies that share an offer, acted on at one and seen at all."""

    async def case(self, world: World) -> Case:
        uids, offer = await sharing_copies(world, price_usd="30.00", title="Shared offer of the matrix")
        case = Case(world, [(Entity.ITEM, uid) for uid in uids])
        case.notes["offer"] = offer
        return case


class SharedRevisedRow(SharedRow, RevisedRow):
    """Another price for an offer that copies share."""

    name = "revised_shared"
    cannot: ClassVar = {**RevisedRow.cannot, "gone_before": AT_THE_OTHERS}


class SharedTakenOffRow(SharedRow, TakenOffRow):
    """An offer that copies share, ended."""

    name = "taken_off_shared"
    cannot: ClassVar = {**TakenOffRow.cannot, "gone_before": AT_THE_OTHERS}


class SharedSoldRow(SharedRow, SoldRow):
    """One of several copies that share an offer, sold by hand: the others stay on offer."""

    name = "sold_shared"
    cannot: ClassVar = {
        "gone_before": AT_THE_OTHERS,
        "sent_meanwhile": "tested by itself: it stands in no offer until the server has put it back",
    }


# -------------------------------------------------------------------- parcels


class ParcelRow(Row):
    """Base of those on an order of which all parcels are this test's own."""

    numbers: ClassVar = {"carrier": "ups", "tracking_number": "MATRIX-1", "service": "Ground"}

    async def case(self, world: World) -> Case:
        return Case(world, [(Entity.ORDER, (await world.an_order(0)).uid)])

    async def shipped(self, world: World) -> Case:
        case = await ParcelRow.case(self, world)
        await world.admin.orders.add_shipment(case.uid, self.numbers)
        assert await world.shop.refresh(Entity.ORDER, case.uid)
        return case

    def parcel(self, case: Case) -> str:
        return case.world.order(case.uid).shipments[-1].uid

    async def remove(self, case: Case) -> None:
        await case.world.admin.orders.delete_shipment(case.uid, self.parcel(case))

    async def interfere(self, case: Case) -> None:
        (parcel,) = (await case.world.order_on_server(case.uid)).shipments
        changes = {"tracking_number": "THEIRS-1", "carrier": "fedex"}
        await case.world.admin.orders.update_shipment(case.uid, parcel.uid, changes)


class ShippedRow(ParcelRow):
    """An order marked shipped."""

    kind = ActKind.SHIPPED
    cannot: ClassVar = {"gone_before": "orders stay"}

    async def interfere(self, case: Case) -> None:
        if (await case.world.order_on_server(case.uid)).shipments:
            await super().interfere(case)
        else:
            await case.world.admin.orders.add_shipment(case.uid, self.numbers)

    async def resolve(self, case: Case, *, mine: bool) -> None:
        shop = case.world.shop
        (stuck,) = shop.operations()
        await (shop.do_anyway(stuck.uuid) if mine else shop.discard(stuck.uuid))

    async def act(self, case: Case) -> Step:
        draft = ShipmentDraft(carrier="ups", tracking_number="MATRIX-2", service="Ground")
        return step(await case.world.shop.ship(case.uid, draft))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("POST ", NO)


class CorrectedRow(ParcelRow):
    """Another number and carrier for a parcel."""

    kind = ActKind.CORRECTED

    async def case(self, world: World) -> Case:
        return await self.shipped(world)

    async def act(self, case: Case) -> Step:
        draft = ShipmentDraft(carrier="dhl", tracking_number="MATRIX-3", service="Ground")
        return step(await case.world.shop.parts.edit_parcel(case.uid, self.parcel(case), draft))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("PATCH ", NO)


class ParcelRemovedRow(ParcelRow):
    """A parcel taken off its order."""

    kind = ActKind.PARCEL_REMOVED
    cannot: ClassVar = {
        "gone_before": "that is what was wanted",
        "changed_after": "a parcel that is gone cannot be changed",
        "resolved_mine": "it is looked at, and removed anew",
        "resolved_theirs": "it is looked at, and removed anew",
    }

    async def case(self, world: World) -> Case:
        return await self.shipped(world)

    async def act(self, case: Case) -> Step:
        return step(await case.world.shop.unship(case.uid, self.parcel(case)))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("DELETE ", NO)


# -------------------------------------------------------------------- dropped edits


class DroppedRow(Row):
    """An edit dropped before it was sent."""

    kind = ActKind.DROPPED
    cannot: ClassVar = {
        **dict.fromkeys(
            ("online", "at_once", "sent_meanwhile"), "what is being sent, or was, cannot be dropped"
        ),
        **dict.fromkeys(("refused",), "no server is asked"),
        **dict.fromkeys((*NEVER, "gone_before"), NO_CONFLICT),
        "changed_after": "tested by itself: the edit made again is compared like every edit",
    }

    async def case(self, world: World) -> Case:
        uid = await a_copy(world)
        world.shop.work_offline(True)
        await world.shop.edit(Entity.ITEM, uid, {"location": "MINE"})
        return Case(world, [(Entity.ITEM, uid)])

    async def act(self, case: Case) -> Step:
        (waiting,) = case.world.shop.operations()
        return step(await case.world.shop.discard(waiting.uuid))


PART_ROWS: tuple[Row, ...] = (
    PhotosAddedRow(),
    PhotoRemovedRow(),
    PhotosOrderedRow(),
    CoverRow(),
    CoverGoneRow(),
    OfferedRow(),
    RevisedRow(),
    RepricedRow(),
    TakenOffRow(),
    SoldRow(),
    SharedRevisedRow(),
    SharedTakenOffRow(),
    SharedSoldRow(),
    ShippedRow(),
    CorrectedRow(),
    ParcelRemovedRow(),
    DroppedRow(),
)
