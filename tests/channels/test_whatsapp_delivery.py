"""A WhatsApp reply goes out: once, whatever Twilio answers, and its fate is known."""

from itertools import permutations

import pytest

from bot.conversations.models import Delivery, DeliveryState
from tests.support.assistants import answer
from tests.support.house import PHONE, House
from tests.support.records import deliveries
from tests.support.twilio import message, report, sid

FAILED, READ, SENT = DeliveryState.FAILED, DeliveryState.READ, DeliveryState.SENT
PENDING, UNKNOWN = DeliveryState.PENDING, DeliveryState.UNKNOWN


async def _only(house: House) -> Delivery:
    [delivery] = await deliveries(house.parts.database)
    return delivery


async def _first(house: House) -> Delivery:
    """The reply; what follows it tells of a person, where it failed."""
    return (await deliveries(house.parts.database))[0]


async def _asked(house: House, text: str = "How long?", *, number: int = 1) -> None:
    await message(house, text, MessageSid=sid(number))
    await house.work()


async def test_what_twilio_reports_is_known(house: House) -> None:
    await _asked(house)
    delivery = await _only(house)
    [sent] = [m for m in house.simulator.messages if m.recipient == PHONE]
    assert (delivery.state, delivery.external_id) == (READ, sent.sid)


async def test_a_refusal_for_too_many_requests_is_tried_again_later(
    house: House,
) -> None:
    house.simulator.faults.codes = [20429]
    await _asked(house)
    assert ((await _only(house)).state, house.sent()) == (PENDING, [])
    await house.work(after=0.5)
    assert house.sent() == []
    await house.work(after=3.5)
    assert len(house.sent()) == 1
    assert (await _only(house)).state is READ


@pytest.mark.parametrize("code", [63016, 21211, 63024, 99999])
async def test_a_refusal_for_good_fails_and_does_not_hold_up_what_follows(
    house: House, code: int
) -> None:
    house.simulator.faults.codes = [code]
    await _asked(house)
    failed = await _first(house)
    assert (failed.state, failed.error_code) == (FAILED, str(code))
    [notice] = house.sent()
    assert "passed your message on" in notice


async def test_endless_refusals_end_as_failed(house: House) -> None:
    house.simulator.faults.codes = [20429] * 50
    await _asked(house)
    for _ in range(10):
        await house.work(after=3600)
    delivery = await _first(house)
    assert (delivery.state, delivery.error_code) == (FAILED, "20429")


async def test_after_an_error_of_twilio_s_it_is_looked_up_and_then_sent(
    house: House,
) -> None:
    house.simulator.faults.codes = [20500]
    await _asked(house)
    assert ((await _only(house)).state, house.sent()) == (UNKNOWN, [])
    await house.work()
    assert house.sent() == []  # it may be listed late
    for _ in range(2):
        await house.work(after=60)
    assert len(house.sent()) == 1
    assert (await _only(house)).state is READ


@pytest.mark.parametrize("lost", [1, 2])
async def test_a_message_whose_answer_was_lost_is_never_sent_twice(
    house: House, lost: int
) -> None:
    house.simulator.report_progress = False
    house.simulator.faults.lose_answers = lost
    await _asked(house)
    assert (await _only(house)).state is UNKNOWN
    for _ in range(3):
        await house.work()
    [sent] = [m for m in house.simulator.messages if m.recipient == PHONE]
    delivery = await _only(house)
    assert (delivery.state, delivery.external_id) == (SENT, sent.sid)


async def test_a_report_settles_what_was_unknown(house: House) -> None:
    house.simulator.faults.lose_answers = 1
    await _asked(house)
    assert (await _only(house)).state is READ
    await house.work()
    assert len(house.sent()) == 1


async def test_the_same_words_sent_before_do_not_hide_a_lost_message(
    house: House,
) -> None:
    house.assistant.reply = lambda _: answer("Six weeks.")
    await _asked(house, "Hello?")
    await _asked(house, "How long?", number=2)
    house.simulator.faults.codes = [20500]
    await _asked(house, "How long, please?", number=3)
    for _ in range(2):
        await house.work(after=60)
    states = [d.state for d in await deliveries(house.parts.database)]
    assert states == [READ, READ, READ]
    assert len(house.sent()) == 3


async def test_a_reply_that_comes_after_a_day_is_refused_by_whatsapp(
    house: House,
) -> None:
    await message(house, "How long?")
    await house.work(after=25 * 3600)
    delivery = await _first(house)
    assert (delivery.state, delivery.error_code) == (FAILED, "63016")


async def test_a_long_reply_arrives_in_parts_and_in_order(house: House) -> None:
    lines = [f"{number}. " + "word " * 60 for number in range(30)]
    house.assistant.reply = lambda _: answer("\n\n".join(lines))
    house.simulator.faults.codes = [20429]
    await _asked(house)
    await house.work()
    parts = house.sent()
    assert all(len(part) <= 1600 for part in parts)
    received = "\n\n".join(parts).split()
    assert [word for word in received if word[:-1].isdecimal()] == [
        f"{number}." for number in range(30)
    ]


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "read"))))
async def test_reports_may_come_in_any_order(
    house: House, order: tuple[str, ...]
) -> None:
    house.simulator.report_progress = False
    await _asked(house)
    delivery = await _only(house)
    for status in ("queued", *order, "sending", order[0]):
        answered = await report(house, delivery.public_id, {"MessageStatus": status})
        assert answered.status_code == 204
    assert (await _only(house)).state is READ


@pytest.mark.parametrize("status", ["failed", "undelivered"])
async def test_a_failure_is_reported_with_its_code(house: House, status: str) -> None:
    house.simulator.report_progress = False
    await _asked(house)
    delivery = await _only(house)
    fields = {"MessageStatus": status, "ErrorCode": "63024"}
    await report(house, delivery.public_id, fields)
    delivery = await _first(house)
    assert (delivery.state, delivery.error_code) == (FAILED, "63024")
    await report(house, delivery.public_id, {"MessageStatus": "delivered"})
    delivery = await _first(house)
    assert (delivery.state, delivery.error_code) == (DeliveryState.DELIVERED, None)


async def test_a_failure_cannot_undo_what_was_read(house: House) -> None:
    await _asked(house)
    delivery = await _only(house)
    fields = {"MessageStatus": "failed", "ErrorCode": "63024"}
    await report(house, delivery.public_id, fields)
    delivery = await _only(house)
    assert (delivery.state, delivery.error_code) == (READ, None)


@pytest.mark.parametrize("status", ["queued", "accepted", "canceled", "new one", ""])
async def test_a_status_that_means_nothing_to_us_changes_nothing(
    house: House, status: str
) -> None:
    house.simulator.report_progress = False
    await _asked(house)
    delivery = await _only(house)
    answered = await report(house, delivery.public_id, {"MessageStatus": status})
    assert answered.status_code == 204
    assert (await _only(house)).state is SENT


@pytest.mark.parametrize("delivery", ["", "nobody", "%ED%A0%80", "a" * 4000])
async def test_a_report_of_an_unknown_delivery_is_taken_and_forgotten(
    house: House, delivery: str
) -> None:
    answered = await report(house, delivery, {"MessageStatus": "sent"})
    assert answered.status_code == 204
    assert await deliveries(house.parts.database) == []
