"""How the connection stands, in words, and how it comes back."""

import asyncio
from datetime import timedelta

import pytest

from instica_desktop.core import errors
from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation
from instica_desktop.store.outbox import Outbox
from instica_desktop.sync import Connection, Kind, Pace, slowness
from instica_desktop.sync.connection import MANUAL, OUR_FAULT, SLOW, WORDS, Link
from instica_desktop.sync.owner import OtherAccount
from instica_desktop.sync.push import Sender
from instica_desktop.sync.slowness import LATEST
from instica_desktop.sync.upkeep import Upkeep
from tests.support.fault_proxy import Fault
from tests.sync.world import World, until

QUICK = Pace(backoff=0.0, longest_backoff=0.0, check_every=3600, check_when_refused=3600)


class Script:
    """A server that answers as told, and then well."""

    def __init__(self, *answers: errors.InsticaError | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def check(self) -> None:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def states(link: Link, script: Script, until_kind: Kind) -> list[Kind]:
    """Run a link until it is in a state; return the states on the way."""
    found: list[Kind] = []
    link.observers.append(lambda before, now: found.append(now.kind))
    link.start()
    await until(lambda: link.state.kind is until_kind and not script.answers)
    await link.close()
    return found


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.Unreachable("x"), Kind.OFFLINE),
        (errors.ReplyLost("x"), Kind.OFFLINE),
        (errors.NotInstica("x"), Kind.CAPTIVE),
        (errors.ServerTrouble("x", status=503), Kind.TROUBLE),
    ],
)
async def test_trouble_is_named_and_tried_again_until_it_is_over(
    error: errors.InsticaError, kind: Kind
) -> None:
    script = Script(error, error)
    link = Link(script.check, pace=QUICK, clock=utc_now)
    assert link.state.kind is Kind.CONNECTING
    found = await states(link, script, Kind.ONLINE)
    assert found[0] is kind
    assert found[-1] is Kind.ONLINE
    assert script.asked == 3


async def test_a_refused_key_is_not_tried_again_and_again() -> None:
    script = Script(errors.SignedOut("x"))
    link = Link(script.check, pace=QUICK, clock=utc_now)
    await states(link, script, Kind.SIGNED_OUT)
    assert script.asked == 1
    assert link.state.next_try is not None
    assert not link.state.can_read


async def test_another_account_is_not_tried_again_and_again() -> None:
    script = Script(OtherAccount("x"))
    link = Link(script.check, pace=QUICK, clock=utc_now)
    await states(link, script, Kind.OTHER_ACCOUNT)
    assert (script.asked, link.state.can_read, link.state.can_send) == (1, False, False)


async def test_a_clock_set_back_by_a_day_parks_nothing() -> None:
    now = [utc_now()]
    script = Script(errors.Unreachable("x"), errors.Unreachable("x"))
    link = Link(script.check, pace=Pace(backoff=0.05, longest_backoff=0.05), clock=lambda: now[0])

    def set_back(before: Connection, after: Connection) -> None:
        now[0] -= timedelta(days=1)

    link.observers.append(set_back)
    await states(link, script, Kind.ONLINE)
    assert script.asked == 3


async def test_slow_answers_are_told_and_everything_still_works() -> None:
    link = Link(Script().check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    for _ in range(LATEST):
        link.answered(30.0)
    assert (link.state.kind, link.state.slow, link.state.message) == (Kind.ONLINE, True, SLOW)
    assert link.state.can_read
    assert link.state.can_send
    for _ in range(LATEST):
        link.answered(0.01)
    assert (link.state.kind, link.state.slow, link.state.message) == (Kind.ONLINE, False, WORDS[Kind.ONLINE])
    await link.close()


async def test_an_answer_long_in_coming_is_told_while_it_may_still_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slowness, "FLOOR", 0.02)
    comes = asyncio.Event()
    asked = [0]

    async def check() -> None:
        asked[0] += 1
        if asked[0] == 2:
            await comes.wait()

    link = Link(check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    link.try_now()
    await until(lambda: link.state.slow)
    comes.set()
    await link.close()


async def test_trying_now_does_not_wait() -> None:
    script = Script(errors.SignedOut("x"))
    link = Link(script.check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.SIGNED_OUT)
    link.try_now()
    assert link.state.kind is Kind.CONNECTING
    await until(lambda: link.state.kind is Kind.ONLINE)
    await link.close()


async def test_a_lapsed_plan_still_reads_until_it_is_tried_again() -> None:
    link = Link(Script().check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    link.report(errors.PlanLapsed("x"))
    assert (link.state.can_read, link.state.can_send) == (True, False)
    link.try_now()
    await until(lambda: link.state.kind is Kind.ONLINE)
    await link.close()


async def test_working_offline_asks_nobody_until_it_is_over() -> None:
    script = Script()
    link = Link(script.check, pace=QUICK, clock=utc_now)
    link.work_offline(True)
    link.start()
    for _ in range(5):
        await asyncio.sleep(0)
    link.report(errors.ServerTrouble("x", status=503))
    link.try_now()
    for _ in range(5):
        await asyncio.sleep(0)
    assert (link.state.kind, link.state.manual, script.asked) == (Kind.OFFLINE, True, 0)
    link.work_offline(False)
    await until(lambda: link.state.kind is Kind.ONLINE)
    await link.close()


async def test_an_error_about_one_record_says_nothing_about_the_connection() -> None:
    link = Link(Script().check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    for error in (errors.NotFound("x"), errors.ValidationFailed({}), errors.Throttled("x", retry_after=9)):
        link.report(error)
        assert link.state.kind is Kind.ONLINE
    await link.close()


@pytest.mark.parametrize("sentence", [*WORDS.values(), MANUAL, SLOW])
def test_the_words_are_calm_and_without_codes(sentence: str) -> None:
    assert "!" not in sentence
    assert not any(char.isdigit() for char in sentence)


async def test_the_status_bar_hears_of_everything(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    item = await world.an_item(0)
    heard: list[tuple[Kind, int]] = []
    shop.on_state.append(
        lambda: heard.append((shop.state.kind, shop.counts().waiting + shop.counts().sending))
    )
    world.server.kill()
    await shop.refresh(Entity.ITEM, item.uid)
    await until(lambda: shop.state.kind is Kind.OFFLINE)
    assert shop.state.next_try is not None
    assert shop.state.details
    await shop.edit(Entity.ITEM, item.uid, {"location": "BAR"})
    assert shop.counts().waiting == 1
    world.server.start(port=world.server.port)
    await world.delivered()
    assert shop.state.kind is Kind.ONLINE
    assert (Kind.OFFLINE, 1) in heard
    await until(lambda: heard[-1] == (Kind.ONLINE, 0))
    assert shop.as_of(Entity.ITEM) is not None
    assert shop.user is not None


async def test_each_read_tells_how_long_it_took_and_no_write_does(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(45)
    heard: list[float] = []
    world.client.waits.append(heard.append)
    before = world.proxy.seen("GET ")
    assert await shop.refresh(Entity.ITEM, item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"location": "HOW-LONG"})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 1
    await until(lambda: len(heard) == world.proxy.seen("GET ") - before)
    assert all(seconds > 0 for seconds in heard)


async def test_a_captive_portal_is_recognised_and_nothing_of_it_is_kept(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(40)
    known = shop.known(Entity.ITEM)
    kinds: list[Connection] = []
    shop.on_state.append(lambda: kinds.append(shop.state))
    world.proxy.fail("GET ", Fault.CAPTIVE, times=3)
    assert not await shop.refresh(Entity.ITEM, item.uid)
    await until(lambda: shop.state.kind is Kind.ONLINE)
    assert Kind.CAPTIVE in {state.kind for state in kinds}
    assert shop.known(Entity.ITEM) == known


async def test_the_user_is_known_without_a_network(world: World) -> None:
    first = await world.open()
    assert first.user is not None
    await world.leave()
    again = await world.enter(online=False)
    assert again.user == first.user


async def test_closing_in_the_very_moment_of_a_wake_up_ends_the_watch() -> None:
    link = Link(Script().check, pace=QUICK, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    for _ in range(3):
        await asyncio.sleep(0)
    link.report(errors.Unreachable("x"))
    await asyncio.sleep(0)  # the watch is woken and about to run when it is told to end
    async with asyncio.timeout(5):
        await link.close()


@pytest.mark.allow_log("A look at the server ended in a fault of ours")
@pytest.mark.parametrize("fault", [RecursionError("deep"), KeyError("uid"), OverflowError("far too much")])
async def test_a_fault_of_ours_is_trouble_that_is_tried_again(fault: Exception) -> None:
    asked = 0

    async def check() -> None:
        nonlocal asked
        asked += 1
        if asked < 3:
            raise fault

    link = Link(check, pace=QUICK, clock=utc_now)
    found: list[Connection] = []
    link.observers.append(lambda before, now: found.append(now))
    link.start()
    await until(lambda: link.state.kind is Kind.ONLINE)
    await link.close()
    assert found[0].kind is Kind.TROUBLE
    assert found[0].next_try is not None
    assert found[0].why == OUR_FAULT
    assert asked == 3


@pytest.mark.allow_log("A look at the server ended in a fault of ours")
async def test_a_look_asked_for_comes_after_a_fault_of_ours() -> None:
    faults: list[Exception] = [RuntimeError("of ours")]

    async def check() -> None:
        if faults:
            raise faults.pop()

    rare = Pace(backoff=3600, longest_backoff=3600, check_every=3600)
    link = Link(check, pace=rare, clock=utc_now)
    link.start()
    await until(lambda: link.state.kind is Kind.TROUBLE)
    link.try_now()
    await until(lambda: link.state.kind is Kind.ONLINE)
    await link.close()


@pytest.mark.allow_log("Somebody could not take that the server was looked at")
async def test_who_fails_to_follow_a_look_does_not_end_the_watch() -> None:
    script = Script()
    link = Link(script.check, pace=QUICK, clock=utc_now)

    def fails() -> None:
        raise RuntimeError("of ours")

    link.ticks.append(fails)
    link.start()
    await until(lambda: script.asked == 1)
    link.try_now()
    await until(lambda: script.asked == 2)
    await link.close()


async def test_a_start_that_fails_in_a_part_still_says_how_the_connection_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(upkeep: Upkeep) -> None:
        raise RuntimeError("of ours")

    await world.open(online=False)
    await world.leave()
    monkeypatch.setattr(Upkeep, "tidy", fails)
    with pytest.raises(RuntimeError):
        await world.enter()
    await until(lambda: world.shop.state.kind is Kind.ONLINE)


@pytest.mark.allow_log("What is due could not be sent just now")
async def test_sending_goes_on_after_a_fault_of_ours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[str] = []

    async def fails(sender: Sender) -> float | None:
        met.append("met")
        raise RuntimeError("of ours")

    shop = await world.open()
    item = await world.an_item(0)
    monkeypatch.setattr(Sender, "_start_what_is_due", fails)
    await shop.edit(Entity.ITEM, item.uid, {"location": "AFTER-IT"})
    await until(lambda: met)
    monkeypatch.undo()
    shop.try_now()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "AFTER-IT"


@pytest.mark.allow_log("The waiting edits are not taken up yet")
async def test_edits_of_the_last_run_are_taken_up_after_a_fault_of_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [RuntimeError("of ours")]
    recover = Outbox.recover

    async def once(outbox: Outbox) -> list[Operation]:
        if faults:
            raise faults.pop()
        return await recover(outbox)

    shop = await world.open()
    item = await world.an_item(1)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "TAKEN-UP"})
    await world.leave()
    monkeypatch.setattr(Outbox, "recover", once)
    await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "TAKEN-UP"
