"""When WhatsApp's window is closed: approved messages, and answers that wait."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversations.desk.templates import Templates
from bot.conversations.models import (
    DeliveryKind,
    DeliveryState,
    HeldReply,
    Status,
)
from bot.conversations.ports import Author
from bot.errors import ConversationError, TakenError
from bot.staff import AuditEntry
from tests.support.core import TEMPLATES, Core, hours

READY, MISSING = TEMPLATES
SAID = "Hello Ada, our answer is ready. Reply and we send it."


@pytest.fixture
def templates(core: Core) -> Templates:
    return Templates(core.conversations, TEMPLATES)


async def closed(core: Core) -> str:
    """A conversation that waits, whose contact wrote two days ago."""
    conversation = await core.waiting()
    await core.work()
    core.clock.advance(hours(48))
    return conversation


async def send(
    templates: Templates, conversation: str, member: str = "Ana", **more: str
) -> None:
    await templates.send(
        conversation, READY.name, {"1": " Ada\n"}, member=member, **more
    )


async def test_a_template_leaves_through_the_queue_where_free_text_would_not(
    core: Core, templates: Templates
) -> None:
    conversation = await closed(core)
    with pytest.raises(ConversationError, match="no longer carries free text"):
        await core.conversations.reply_as_staff(conversation, "Hi", member="Ana")
    for _ in range(2):
        await send(templates, conversation, client_id="c1")
    delivery = (await core.deliveries())[-1]
    assert (delivery.kind, delivery.content_sid) == (
        DeliveryKind.TEMPLATE,
        READY.content_sid,
    )
    assert delivery.content_variables == {"1": "Ada"}
    await core.work()
    assert core.sent().count(SAID) == 1
    assert (await core.delivery_states())[-1] is DeliveryState.SENT
    assert (await core.said(conversation, Author.STAFF)) == [SAID]
    assert await core.held_by(conversation) == "Ana"
    log = (await core.rows(select(AuditEntry).order_by(AuditEntry.id)))[-1]
    assert (log.action, log.detail) == ("send_template", READY.name)


async def test_an_answer_waits_and_leaves_once_when_the_contact_writes(
    core: Core, templates: Templates
) -> None:
    conversation = await closed(core)
    await send(templates, conversation, answer="It costs 49 dollars.")
    await core.work()
    assert core.sent()[-1] == SAID
    for act in (core.conversations.resolve, core.conversations.hand_back):
        with pytest.raises(ConversationError, match="drop it first"):
            await act(conversation)
    await core.write("Yes?", sid="SM" + "1" * 32)
    await core.write("Yes?", sid="SM" + "1" * 32)
    await core.write("Hello?")
    await core.work()
    assert core.sent().count("It costs 49 dollars.") == 1
    assert (await core.said(conversation, Author.STAFF))[-1] == "It costs 49 dollars."
    assert await core.rows(select(HeldReply)) == []
    assert (await core.conversation(conversation)).status is Status.STAFF
    await core.conversations.resolve(conversation)


async def test_a_waiting_answer_can_be_dropped_but_not_twice(
    core: Core, templates: Templates
) -> None:
    conversation = await closed(core)
    await send(templates, conversation, answer="A mistake")
    held = (await core.rows(select(HeldReply)))[0]
    await templates.drop(conversation, held.public_id, member="Ben")
    with pytest.raises(ConversationError, match="left already"):
        await templates.drop(conversation, held.public_id, member="Ben")
    await core.write("Yes?")
    await core.work()
    assert "A mistake" not in core.sent()


async def test_of_a_drop_and_a_message_at_once_one_comes_first(
    core: Core, templates: Templates
) -> None:
    for number in range(4):
        phone = f"whatsapp:+4477009{number:05d}"
        conversation = await core.waiting(sender=phone)
        core.clock.advance(hours(48))
        await send(templates, conversation, answer="The answer")
        held = (await core.rows(select(HeldReply)))[0]
        ends = await asyncio.gather(
            templates.drop(conversation, held.public_id, member="Ana"),
            core.write("Yes?", sender=phone),
            return_exceptions=True,
        )
        await core.work()
        left = core.sent(phone).count("The answer")
        assert left == isinstance(ends[0], ConversationError)


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("Nothing", {}, "no template Nothing"),
        (MISSING.name, {"1": "a form", "2": " "}, "fill in their name"),
        (MISSING.name, {"1": "x" * 1601, "2": "Ada"}, "too long"),
    ],
)
async def test_what_twilio_would_refuse_is_refused_before(
    core: Core, templates: Templates, name: str, values: dict[str, str], reason: str
) -> None:
    conversation = await closed(core)
    with pytest.raises(ConversationError, match=reason):
        await templates.send(conversation, name, values, member="Ana")


async def test_only_who_may_answer_sends_and_only_outside_the_window(
    core: Core, templates: Templates
) -> None:
    conversation = await core.waiting()
    with pytest.raises(ConversationError, match="send them a reply"):
        await send(templates, conversation)
    core.clock.advance(hours(48))
    with pytest.raises(ConversationError, match="does not say that an answer waits"):
        await templates.send(
            conversation,
            MISSING.name,
            {"1": "a", "2": "b"},
            member="Ana",
            answer="Hi",
        )
    await core.conversations.take(conversation, member="Ben")
    with pytest.raises(TakenError, match="Ben has taken it"):
        await send(templates, conversation)


async def test_a_template_that_twilio_does_not_know_fails_with_its_reason(
    core: Core, templates: Templates
) -> None:
    conversation = await closed(core)
    core.simulator.contents.clear()
    await send(templates, conversation)
    await core.work()
    failed = (await core.deliveries())[-1]
    assert (failed.state, failed.error_code) == (DeliveryState.FAILED, "21655")


async def test_a_template_whose_outcome_is_unknown_is_looked_up_not_sent_again(
    core: Core, templates: Templates
) -> None:
    conversation = await closed(core)
    core.simulator.faults.lose_answers = 1
    await send(templates, conversation)
    await core.work()
    await core.work(after=30)
    assert core.sent().count(SAID) == 1
    assert (await core.delivery_states())[-1] is DeliveryState.SENT


async def test_templates_in_the_contacts_language_come_first(
    templates: Templates,
) -> None:
    assert [one.name for one in templates.for_language("es")] == ["Falta", READY.name]
    assert MISSING.numbers == ["2", "1"]
    filled = MISSING.filled({"1": "el visado", "2": "Ada"})
    assert filled == "Hola Ada: falta el visado, Ada."
