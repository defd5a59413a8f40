"""Webhooks: everything, in order, signed, tried again, and never two at once."""

import asyncio
import re

import pytest
from sqlalchemy import delete, select
from starlette.responses import RedirectResponse, Response

from bot.conversations.models import Event, EventKind, Status
from bot.errors import OutsideError, WebhookError
from bot.integrations.cursors import EventCursor
from bot.integrations.webhook_models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookKind,
)
from bot.integrations.webhook_queue import PAUSES, claim_webhook, settle_webhook
from bot.integrations.webhook_queue import WebhookResult as Result
from bot.integrations.webhooks import Webhooks
from bot.outside import Lookup
from tests.support.core import Core
from tests.support.patience import until
from tests.support.planning import unusual_plans
from tests.support.told import Told


def refusing(times: int) -> list[Response]:
    return [Response(status_code=500) for _ in range(times)]


async def test_everything_that_happened_arrives_in_order_and_signed(
    core: Core, told: Told
) -> None:
    conversation_id = await core.answered("How long?")
    await core.conversations.hand_off(conversation_id, "complaint")
    await core.conversations.reply_as_staff(conversation_id, "Six.", member="Ana")
    await told.work()
    assert told.receiver.types() == [
        "message_created",
        "message_created",
        "conversation_status_changed",
        "handoff_requested",
        "message_created",
        "conversation_status_changed",
        "message_created",
    ]
    for one in told.receiver.received:
        assert one.signed_with(told.secret)
        assert one.path == "/hook"
        assert one.headers["content-type"] == "application/json"
        assert one.said["data"]["conversation"]["id"] == conversation_id
    handoff = told.receiver.received[3].said
    assert handoff["data"]["conversation"]["handoff_reason"] == "complaint"
    assert handoff["data"]["status"] == "waiting"
    asked, answered = told.receiver.received[:2]
    assert asked.said["data"]["message"]["author"] == "contact"
    assert asked.said["data"]["message"]["text"] == "How long?"
    assert answered.said["data"]["message"]["citations"][0]["title"] == "Courses"
    assert told.receiver.received[-1].said["data"]["message"]["staff_member"] == "Ana"
    assert set(await told.states()) == {"delivered"}


async def test_an_endpoint_hears_only_of_what_it_chose_and_what_came_after_it(
    core: Core, told: Told
) -> None:
    await told.webhooks.remove(told.endpoint_id)
    first = await core.answered()
    await told.listen(WebhookKind.HANDOFF_REQUESTED)
    await told.work()
    assert told.receiver.received == []
    await core.conversations.hand_off(first, "asked")
    await told.work()
    assert told.receiver.types() == ["handoff_requested"]


async def test_what_is_not_committed_is_not_told(core: Core, told: Told) -> None:
    conversation = await core.conversation((await core.write("one")).conversation_id)

    async def fail() -> None:
        async with core.events.transaction(core.clock()) as transaction:
            transaction.record(
                EventKind.CONVERSATION_STATUS_CHANGED,
                conversation.id,
                status=Status.WAITING,
            )
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        await fail()
    await told.work()
    assert told.receiver.types() == ["message_created"]


async def test_a_failure_holds_back_what_comes_after_it_and_is_tried_again(
    core: Core, told: Told
) -> None:
    told.receiver.answers = refusing(2)
    await core.write("one")
    await core.write("two")
    await told.work()
    assert told.receiver.texts() == ["one"]
    (first, second) = sorted(await told.rows(), key=lambda row: row.event_id)
    assert (first.state, first.attempts, first.status_code) == ("pending", 1, 500)
    assert (first.problem, second.attempts) == ("refused", 0)
    await told.work(after=PAUSES[0].total_seconds() - 1)
    assert len(told.receiver.received) == 1, "not before its time"
    await told.work(after=1)
    await told.work(after=PAUSES[1].total_seconds())
    assert told.receiver.texts() == ["one", "one", "one", "two"]
    assert len({one.id for one in told.receiver.received[:3]}) == 1
    assert await told.states() == ["delivered", "delivered"]


async def test_after_the_last_attempt_it_is_marked_as_failed_and_the_next_goes_out(
    core: Core, told: Told
) -> None:
    told.receiver.answers = refusing(len(PAUSES) + 1)
    await core.write("one")
    await core.write("two")
    for pause in (*PAUSES, PAUSES[0]):
        await told.work()
        core.clock.advance(pause.total_seconds())
    assert await told.states() == ["failed", "delivered"]
    assert told.receiver.texts() == ["one"] * (len(PAUSES) + 1) + ["two"]
    (view,) = await told.webhooks.endpoints()
    assert view.counts == {"failed": 1, "delivered": 1}


async def test_an_endpoint_that_says_gone_is_not_asked_again_for_that_one(
    core: Core, told: Told
) -> None:
    told.receiver.answers = [Response(status_code=410)]
    await core.write("one")
    await core.write("two")
    await told.work()
    assert await told.states() == ["failed", "delivered"]


async def test_a_wish_to_wait_longer_is_granted_within_limits(
    core: Core, told: Told
) -> None:
    told.receiver.answers = [
        Response(status_code=503, headers={"Retry-After": "100"}),
        Response(status_code=429, headers={"Retry-After": "soon"}),
    ]
    await core.write("one")
    await told.work()
    await told.work(after=99)
    assert len(told.receiver.received) == 1
    await told.work(after=1)
    await told.work(after=PAUSES[1].total_seconds())
    assert await told.states() == ["delivered"]


async def test_a_redirect_is_not_followed(core: Core, told: Told) -> None:
    told.receiver.answers = [RedirectResponse("/elsewhere", 307)]
    await core.write("one")
    await told.work()
    assert [one.path for one in told.receiver.received] == ["/hook"]
    (row,) = await told.rows()
    assert (row.problem, row.status_code) == ("redirected", 307)


@pytest.mark.parametrize(
    ("addresses", "problem"),
    [(["10.0.0.1"], "not_reachable"), (["127.0.0.1"], "not_reachable")],
)
async def test_a_name_that_leads_inside_by_now_is_not_connected_to(
    core: Core, told: Told, addresses: list[str], problem: str
) -> None:
    await core.write("one")
    sender = told.new_sender(Lookup(resolve=lambda _host, _port: addresses))
    await sender.drain()
    assert told.receiver.received == []
    (row,) = await told.rows()
    assert (row.problem, row.state) == (problem, "pending")


async def test_an_endpoint_that_hangs_up_is_tried_again(core: Core, told: Told) -> None:
    async def hang_up(reader: asyncio.StreamReader, w: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        w.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await told.webhooks.remove(told.endpoint_id)
    await told.webhooks.add(f"http://127.0.0.1:{port}/")
    await core.write("one")
    await told.work()
    server.close()
    (row,) = await told.rows()
    assert row.problem == "connection_broken"


async def test_two_processes_never_send_the_same_at_once_nor_to_one_endpoint_two(
    core: Core, told: Told
) -> None:
    for number in range(6):
        await core.write(str(number))
    others = [told.new_sender() for _ in range(4)]
    while not await core.rows(select(WebhookDelivery)):
        await asyncio.gather(*(one.queue_once() for one in others))
    await asyncio.gather(*(one.drain() for one in others))
    await told.work()
    assert told.receiver.texts() == list("012345")
    assert told.receiver.most_at_once == 1


async def test_a_slow_endpoint_does_not_hold_up_another(core: Core, told: Told) -> None:
    slow = told.receiver
    slow.held = asyncio.Event()
    other = await told.webhooks.add(told.url.replace("/hook", "/other"))
    await core.write("one")
    await told.sender.queue_once()
    first = asyncio.create_task(told.sender.send_once())
    second = asyncio.create_task(told.new_sender().send_once())

    async def both_arrived() -> bool:
        return slow.at_once == 2

    await until(both_arrived)
    slow.held.set()
    assert all(await asyncio.gather(first, second))
    assert {one.path for one in slow.received} == {"/hook", "/other"}
    assert other[1] != told.secret


async def test_a_claim_takes_one_endpoint_however_the_database_plans_it(
    core: Core, told: Told
) -> None:
    await told.webhooks.add(told.url.replace("/hook", "/other"))
    await core.write("one")
    await told.sender.queue_once()
    async with core.database.write() as session:
        if not core.database.sqlite:
            for statement in unusual_plans("SET LOCAL"):
                await session.execute(statement)
        claims = [await claim_webhook(session, now=core.clock()) for _ in range(3)]
    assert len({claim.endpoint_id for claim in claims if claim}) == 2


async def test_a_process_that_vanishes_loses_nothing(core: Core, told: Told) -> None:
    await core.write("one")
    await told.sender.queue_once()
    async with core.database.write() as session:
        lost = await claim_webhook(session, now=core.clock())
    assert lost is not None
    await told.work()
    assert told.receiver.received == [], "the lease still holds"
    await told.work(after=61)
    assert told.receiver.texts() == ["one"]
    async with core.database.write() as session:
        await settle_webhook(session, lost, Result(problem="late"), now=core.clock())
    assert await told.states() == ["delivered"], "who lost the lease writes nothing"


async def test_one_is_sent_again_under_the_id_it_had(core: Core, told: Told) -> None:
    await core.write("one")
    await core.write("two")
    await told.work()
    first = told.receiver.received[0]
    await told.webhooks.replay(first.id)
    await told.work()
    again = told.receiver.received[2]
    assert (again.id, again.body) == (first.id, first.body)
    assert len(told.receiver.received) == 3
    with pytest.raises(WebhookError, match="msg_none"):
        await told.webhooks.replay("msg_none")


async def test_everything_from_an_event_on_is_sent_again_in_order(
    core: Core, told: Told
) -> None:
    for text in ("one", "two", "three"):
        await core.write(text)
    await told.work()
    second = told.receiver.received[1]
    event_id = second.said["data"]["event_id"]
    assert await told.webhooks.replay_from(told.endpoint_id, event_id) == 2
    await told.work()
    assert told.receiver.texts() == ["one", "two", "three", "two", "three"]
    assert told.receiver.received[3].id == second.id


async def test_an_endpoint_added_later_can_be_told_of_what_came_before_it(
    core: Core, told: Told
) -> None:
    await told.webhooks.remove(told.endpoint_id)
    await core.write("one")
    await core.write("two")
    await told.listen()
    await core.write("three")
    await told.sender.queue_once()
    assert await told.webhooks.replay_from(told.endpoint_id, 0) == 3
    await told.work()
    assert told.receiver.texts() == ["one", "two", "three"]
    with pytest.raises(WebhookError, match="no endpoint nowhere"):
        await told.webhooks.replay_from("nowhere", 0)


async def test_no_word_of_anybody_is_in_the_log(core: Core, told: Told) -> None:
    conversation_id = await core.answered("My secret")
    await told.work()
    stored = repr([vars(row) for row in await told.rows()])
    assert "secret" not in stored
    assert core.sent()[0] not in stored
    assert all(row.size for row in await told.rows())
    assert conversation_id not in stored


async def test_what_is_erased_goes_from_the_log_too(core: Core, told: Told) -> None:
    await core.write("one")
    await told.work()
    async with core.database.write() as session:
        await session.execute(delete(Event))
    assert await told.rows() == []
    await told.work()


async def test_a_removed_endpoint_hears_nothing_more(core: Core, told: Told) -> None:
    await core.write("one")
    await told.work()
    await told.webhooks.remove(told.endpoint_id)
    await core.write("two")
    await told.work()
    assert told.receiver.texts() == ["one"]
    assert await told.webhooks.endpoints() == []
    assert await core.rows(select(EventCursor)) == []
    assert await core.rows(select(WebhookEndpoint)) == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.org/", "begins with https://"),
        ("ftp://example.org/", "begins with https://"),
        ("https:///x", "begins with https://"),
        ("https://[::1/", "no web address"),
        ("https://a:b@example.org/", "no password"),
        ("https://example.org/" + "x" * 500, "at most 500"),
        ("https://example.org/\u00e4", "ASCII"),
    ],
)
async def test_an_address_that_cannot_be_an_endpoint_is_refused(
    core: Core, url: str, problem: str
) -> None:
    outside = Lookup(resolve=lambda _host, _port: ["8.8.8.8"])
    webhooks = _webhooks(core, outside)
    with pytest.raises(WebhookError, match=re.escape(problem)):
        await webhooks.add(url)
    with pytest.raises(WebhookError, match="at least one"):
        await webhooks.add("https://example.org/", [])


async def test_an_internal_address_is_refused_at_once(core: Core) -> None:
    inside = Lookup(resolve=lambda _host, _port: ["169.254.169.254"])
    with pytest.raises(OutsideError, match=r"internal address 169\.254"):
        await _webhooks(core, inside).add("https://example.org/")


async def test_the_loops_tell_by_themselves_and_forget_after_a_month(
    core: Core, told: Told
) -> None:
    async def delivered() -> bool:
        return await told.states() == ["delivered"]

    async def forgotten() -> bool:
        return not await told.rows()

    await core.write("one")
    running = asyncio.create_task(told.sender.run())
    await until(delivered)
    running.cancel()
    core.clock.advance(31 * 24 * 3600)
    running = asyncio.create_task(told.sender.run())
    await until(forgotten)
    running.cancel()
    assert told.receiver.texts() == ["one"]


def _webhooks(core: Core, lookup: Lookup) -> Webhooks:
    return Webhooks(core.events, lookup=lookup, clock=core.clock)
