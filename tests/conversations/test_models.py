"""The rules of a conversation and of a delivery, without a database."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.conversations.models import (
    Conversation,
    Delivery,
    DeliveryState,
    Reason,
    Status,
)
from bot.conversations.models.columns import public_id
from bot.errors import ConversationError
from bot.staff import StaffMember
from tests.support.clock import START

ALICE = StaffMember(id=1, name="Alice", created_at=START)
BEN = StaffMember(id=2, name="Ben", created_at=START)

Step = Callable[[Conversation], None]


def hand_off(conversation: Conversation) -> None:
    conversation.hand_off("asked_for_person", now=START)


def take(conversation: Conversation) -> None:
    conversation.take(ALICE, now=START)


def hand_back(conversation: Conversation) -> None:
    conversation.hand_back(through=7)


def resolve(conversation: Conversation) -> None:
    conversation.resolve(now=START)


STEPS_TO: dict[Status, tuple[Step, ...]] = {
    Status.BOT: (),
    Status.WAITING: (hand_off,),
    Status.STAFF: (take,),
    Status.RESOLVED: (resolve,),
}


def conversation_in(status: Status) -> Conversation:
    """A conversation that the bot owed a reply in, brought to a status."""
    conversation = Conversation(
        status=Status.BOT,
        epoch=4,
        answered_through=3,
        attempts=2,
        reply_due_at=START,
        lease_until=START,
    )
    for step in STEPS_TO[status]:
        step(conversation)
    return conversation


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (Status.BOT, hand_off, Status.WAITING),
        (Status.BOT, take, Status.STAFF),
        (Status.WAITING, take, Status.STAFF),
        (Status.WAITING, hand_back, Status.BOT),
        (Status.STAFF, hand_back, Status.BOT),
        (Status.BOT, resolve, Status.RESOLVED),
        (Status.WAITING, resolve, Status.RESOLVED),
        (Status.STAFF, resolve, Status.RESOLVED),
    ],
)
def test_a_step_changes_the_status_and_ends_what_the_bot_was_doing(
    before: Status, step: Step, after: Status
) -> None:
    conversation = conversation_in(before)
    epoch = conversation.epoch
    step(conversation)
    assert conversation.status is after
    assert conversation.epoch == epoch + 1
    assert conversation.reply_due_at is None
    assert conversation.lease_until is None
    assert conversation.attempts == 0


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        (Status.WAITING, hand_off, "the bot does not hold it; status: waiting"),
        (Status.STAFF, hand_off, "the bot does not hold it; status: staff"),
        (Status.RESOLVED, hand_off, "the bot does not hold it; status: resolved"),
        (Status.RESOLVED, take, "it is resolved; the contact has to write again"),
        (Status.BOT, hand_back, "staff do not hold it; status: bot"),
        (Status.RESOLVED, hand_back, "staff do not hold it; status: resolved"),
        (Status.RESOLVED, resolve, "it is resolved already"),
    ],
)
def test_a_step_that_is_not_allowed_says_why_and_changes_nothing(
    before: Status, step: Step, words: str
) -> None:
    conversation = conversation_in(before)
    epoch = conversation.epoch
    with pytest.raises(ConversationError, match=f"^{re.escape(words)}$"):
        step(conversation)
    assert conversation.status is before
    assert conversation.epoch == epoch


def test_a_handoff_remembers_why_and_since_when() -> None:
    conversation = conversation_in(Status.WAITING)
    assert conversation.handoff_reason == "asked_for_person"
    assert conversation.handed_off_at == START


def test_who_takes_a_conversation_is_its_assignee_and_may_take_it_again() -> None:
    conversation = conversation_in(Status.STAFF)
    epoch = conversation.epoch
    conversation.take(ALICE, now=START)
    assert conversation.assignee_id == ALICE.id
    assert conversation.epoch == epoch


def test_who_steps_in_unasked_is_a_reason_too() -> None:
    stepped_in = conversation_in(Status.BOT)
    stepped_in.take(ALICE, now=START)
    assert stepped_in.handoff_reason == Reason.STEPPED_IN
    assert stepped_in.handed_off_at == START
    asked = conversation_in(Status.WAITING)
    asked.take(ALICE, now=START)
    assert asked.handoff_reason == "asked_for_person"


def test_nobody_takes_a_conversation_away_from_a_colleague() -> None:
    conversation = conversation_in(Status.STAFF)
    with pytest.raises(ConversationError, match="another staff member has taken it"):
        conversation.take(BEN, now=START)
    assert conversation.assignee_id == ALICE.id


def test_after_a_hand_back_nothing_of_the_handoff_is_left() -> None:
    conversation = conversation_in(Status.WAITING)
    conversation.take(ALICE, now=START)
    conversation.hand_back(through=7)
    assert conversation.answered_through == 7
    assert conversation.assignee_id is None
    assert conversation.handoff_reason is None
    assert conversation.handed_off_at is None


@pytest.mark.parametrize(
    ("since_first", "due_after"), [(0.0, 1.5), (2.0, 3.5), (3.4, 4.9), (4.9, 5.0)]
)
def test_a_reply_waits_for_the_contact_to_finish_but_not_for_ever(
    since_first: float, due_after: float
) -> None:
    conversation = conversation_in(Status.BOT)
    conversation.owe_reply(
        now=START + timedelta(seconds=since_first),
        first_at=START,
        debounce=1.5,
        limit=5.0,
    )
    assert conversation.reply_due_at == START + timedelta(seconds=due_after)


P, S, U = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN
SENT, DELIVERED, READ = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
)
FAILED, CANCELLED = DeliveryState.FAILED, DeliveryState.CANCELLED


@pytest.mark.parametrize(
    ("before", "reported", "after"),
    [
        (S, SENT, SENT),
        (U, SENT, SENT),
        (S, READ, READ),
        (SENT, DELIVERED, DELIVERED),
        (DELIVERED, READ, READ),
        (DELIVERED, SENT, DELIVERED),
        (READ, DELIVERED, READ),
        (SENT, SENT, SENT),
        (SENT, S, SENT),
        (S, FAILED, FAILED),
        (SENT, FAILED, FAILED),
        (DELIVERED, FAILED, DELIVERED),
        (READ, FAILED, READ),
        (FAILED, SENT, FAILED),
        (FAILED, DELIVERED, DELIVERED),
        (FAILED, FAILED, FAILED),
        (CANCELLED, SENT, CANCELLED),
        (CANCELLED, READ, READ),
        (CANCELLED, FAILED, CANCELLED),
    ],
)
def test_reports_of_a_delivery_may_come_in_any_order(
    before: DeliveryState, reported: DeliveryState, after: DeliveryState
) -> None:
    delivery = Delivery(state=before, lease_until=START)
    moved = delivery.reached(reported)
    assert delivery.state is after
    assert moved is (before is not after)
    assert delivery.lease_until == (None if moved else START)


@pytest.mark.parametrize("state", list(DeliveryState))
def test_later_deliveries_wait_only_for_those_that_may_still_leave(
    state: DeliveryState,
) -> None:
    assert state.open is (state in {P, S, U})


def test_public_ids_are_random_and_easy_to_read_aloud() -> None:
    ids = {public_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(re.fullmatch("[a-hjkmnp-z2-9]{20}", one) for one in ids)
