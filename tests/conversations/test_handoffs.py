"""Handoffs the core decides, and what a contact is told about opening hours."""

from datetime import datetime

import pytest

from bot.conversations.handoff.handoff_words import WORDS
from bot.conversations.handoff.handoffs import keyword_handoff
from bot.conversations.models import DeliveryState, Status
from bot.conversations.opening_hours import when_to_expect_an_answer
from bot.conversations.ports import Outcome
from bot.errors import ConversationError
from bot.organisation import Organisation
from bot.phrases import languages, phrase
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import ORGANISATION, Core

SHOP = ORGANISATION.model_copy(
    update={
        "time_zone": "Europe/Berlin",
        "opening_hours": {
            "tuesday": ["09:00-12:00", "13:00-17:30"],
            "friday": ["10:00-12:00"],
            "saturday": [],
        },
    }
)


WAYS = {
    "phone": "+44 20 7946 0000",
    "whatsapp": "+44 20 7946 0001",
    "email": "hello@harbour.example",
    "website": "https://harbour.example",
}
SAID_WAYS = [
    WAYS["phone"],
    f"WhatsApp {WAYS['whatsapp']}",
    WAYS["email"],
    WAYS["website"],
]


def told(
    now: str,
    *,
    shop: Organisation = SHOP,
    language: str = "en",
    somebody_online: bool = True,
) -> str:
    return when_to_expect_an_answer(
        shop,
        datetime.fromisoformat(now),
        language=language,
        somebody_online=somebody_online,
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24T08:00:00+00:00", "We are open now, until 12:00 (Berlin time)."),
        ("2026-11-24T12:30:00+00:00", "We are open now, until 17:30 (Berlin time)."),
        ("2026-11-24T11:00:00+00:00", "open today at 13:00 (Berlin time)"),
        ("2026-11-24T16:30:00+00:00", "open again on Friday at 10:00 (Berlin time)"),
        ("2026-11-28T12:00:00+00:00", "open again on Tuesday at 09:00"),
        ("2026-07-07T06:59:00+00:00", "open today at 09:00"),
        ("2026-07-07T07:00:00+00:00", "We are open now, until 12:00"),
    ],
)
def test_the_truth_about_opening_hours(now: str, words: str) -> None:
    assert words in told(now)


def test_a_weekly_hour_that_has_just_passed_comes_again_in_a_week() -> None:
    weekly = SHOP.model_copy(update={"opening_hours": {"tuesday": ["09:00-10:00"]}})
    assert "on Tuesday at 09:00" in told("2026-11-24T12:00:00+00:00", shop=weekly)


def test_how_long_an_answer_takes_is_said_only_where_it_is_known() -> None:
    known = SHOP.model_copy(update={"usual_reply_minutes": 45})
    words = told("2026-11-24T08:00:00+00:00", shop=known)
    assert "An answer usually takes up to 45 minutes." in words
    never = SHOP.model_copy(update={"opening_hours": {"monday": []}})
    for now in ("2026-11-24T08:00:00+00:00", "2026-11-24T23:00:00+00:00"):
        assert told(now, shop=never, somebody_online=False) == ""


@pytest.mark.parametrize(
    ("now", "online", "words"),
    [
        ("2026-11-24T08:00:00+00:00", True, "is online at the moment."),
        ("2026-11-24T08:00:00+00:00", False, "Nobody from our team is online"),
        ("2026-11-24T23:00:00+00:00", True, "is online at the moment."),
        ("2026-11-24T23:00:00+00:00", False, "until then nobody may read this."),
    ],
)
def test_the_truth_about_who_is_online(now: str, words: str, *, online: bool) -> None:
    assert words in told(now, somebody_online=online)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("now", ["2026-11-24T09:00:00+00:00", "2026-11-28T12:00+00:00"])
def test_who_meets_nobody_is_told_of_the_other_ways(now: str, language: str) -> None:
    shop = SHOP.model_copy(update=WAYS)
    words = told(now, shop=shop, language=language, somebody_online=False)
    assert all(way in words for way in WAYS.values())
    assert phrase("other_ways", language, ways=", ".join(SAID_WAYS)) in words
    alone = told(now, shop=shop, language=language, somebody_online=True)
    assert not any(way in alone for way in WAYS.values())


async def test_the_way_that_a_contact_has_taken_is_left_out(core: Core) -> None:
    core.conversations.speaker.organisation = ORGANISATION.model_copy(update=WAYS)
    await core.waiting()
    await core.work()
    ways = ", ".join(way for way in SAID_WAYS if not way.startswith("WhatsApp"))
    assert f"You can also reach us another way ({ways})." in core.sent()[-1]


async def test_who_has_the_console_open_is_online_for_a_contact(core: Core) -> None:
    with core.conversations.presence.here("Alice"):
        await core.waiting()
    await core.work()
    assert "Somebody from our team is online" in core.sent()[-1]


async def test_an_offer_from_before_staff_came_in_is_over(core: Core) -> None:
    refusing(core)
    conversation_id = await core.answered("Who won?")
    await core.conversations.take(conversation_id, member="Alice")
    await core.conversations.hand_back(conversation_id)
    listener = ScriptedAssistant()
    core.worker = core.new_worker(listener)
    await core.answered("Yes please")
    assert [turn.text for turn in listener.asked[0][1]] == ["Who won?"]


@pytest.mark.parametrize("language", languages())
def test_every_language_has_seven_days_and_no_blank_left(language: str) -> None:
    assert len(set(phrase("weekdays", language).split("|"))) == 7
    for now in ("2026-11-24T08:00:00+00:00", "2026-11-28T12:00:00+00:00"):
        words = told(now, language=language)
        assert "Berlin" in words
        assert "{" not in words


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("I want a REFUND now", True),
        ("refunds?", False),
        ("退费怎么办", False),
        ("call my lawyer (C++)", True),
    ],
)
def test_an_operators_word_hands_over(question: str, *, found: bool) -> None:
    shop = SHOP.model_copy(update={"handoff_keywords": ["refund", "c++"]})
    handoff = keyword_handoff(shop, question, language="es")
    assert (handoff is not None) is found
    if handoff:
        assert handoff.handoff_reason == "keyword"
        assert handoff.text == phrase("handoff_person", "es")


async def test_a_keyword_is_seen_before_the_assistant_is_asked(core: Core) -> None:
    core.conversations.organisation = SHOP.model_copy(
        update={"handoff_keywords": ["refund"]}
    )
    conversation_id = await core.answered("Refund!")
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "keyword")


def refusing(core: Core) -> None:
    core.worker = core.new_worker(
        ScriptedAssistant(lambda _: answer("No idea.", outcome=Outcome.NO_ANSWER))
    )


async def test_refusals_in_a_row_bring_nobody_who_was_not_asked_for(
    core: Core,
) -> None:
    refusing(core)
    conversation_id = await core.answered("Who won?")
    for question in ("And the other one?", "And then?"):
        await core.answered(question)
    assert (await core.conversation(conversation_id)).status is Status.BOT
    assert core.sent()[-1] == "No idea."


async def test_a_contact_is_told_in_words_that_fit_the_reason(core: Core) -> None:
    for number, (reason, key) in enumerate(WORDS.items()):
        phone = f"whatsapp:+4477009003{number:02d}"
        await core.waiting(sender=phone, reason=reason)
        await core.work()
        assert core.sent(phone)[-1].startswith(phrase(key, "en"))
    other = await core.waiting(reason="a_reason_of_a_program")
    await core.work()
    assert core.sent()[-1].startswith(phrase("handoff_person", "en"))
    row = await core.conversation(other)
    assert row.handoff_reason == "a_reason_of_a_program"


@pytest.mark.parametrize("reason", ["", "x" * 61])
async def test_a_reason_that_cannot_be_stored_is_refused(
    core: Core, reason: str
) -> None:
    conversation_id = await core.answered()
    with pytest.raises(ConversationError, match="1 to 60"):
        await core.conversations.hand_off(conversation_id, reason)
    assert (await core.conversation(conversation_id)).status is Status.BOT


@pytest.mark.parametrize("step", ["take", "hand_back", "resolve"])
async def test_the_words_of_a_handoff_do_not_leave_once_they_are_untrue(
    core: Core, step: str
) -> None:
    conversation_id = await core.waiting()
    if step == "take":
        await core.conversations.take(conversation_id, member="Alice")
    elif step == "hand_back":
        await core.conversations.hand_back(conversation_id)
    else:
        await core.conversations.resolve(conversation_id)
    await core.work()
    assert not any(
        text.startswith(phrase("handoff_person", "en")) for text in core.sent()
    )
    assert (await core.delivery_states())[1] is DeliveryState.CANCELLED


async def test_after_a_cancelled_notice_the_next_words_leave(core: Core) -> None:
    conversation_id = await core.waiting()
    await core.conversations.hand_back(conversation_id)
    await core.answered("How much?")
    assert core.sent()[-1] == "About: How much?\n\nSource: Courses https://e.org/c"


async def test_who_goes_back_to_the_bot_is_told_who_answers_now(core: Core) -> None:
    conversation_id = await core.waiting()
    await core.conversations.reply_as_staff(conversation_id, "Send it.", member="Alice")
    await core.conversations.hand_back(conversation_id, member="Alice")
    await core.work()
    assert core.sent()[-2:] == ["Send it.", phrase("bot_back", "en")]
    listener = ScriptedAssistant()
    core.worker = core.new_worker(listener)
    await core.answered("By when?")
    assert "Send it." in [turn.text for turn in listener.asked[0][1]]


async def test_what_was_answered_is_delivered_before_the_person_who_is_asked_for(
    core: Core,
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(10)
    assert await core.worker.reply_once()
    await core.conversations.hand_off(conversation_id, "asked_for_person")
    await core.work()
    greeted, handed = core.sent()
    assert "automated assistant" in greeted
    assert "About: How long?" in greeted
    assert handed.startswith(phrase("handoff_person", "en"))


@pytest.mark.parametrize(
    ("sender", "numbers"),
    [
        ("whatsapp:+447700900123", "112 / 999"),
        ("whatsapp:+919876543210", "112"),
        ("whatsapp:GB.1A2B3C", None),
        ("whatsapp:+8810000000000000", None),
    ],
)
async def test_in_distress_the_emergency_number_of_their_country_is_told(
    core: Core, sender: str, numbers: str | None
) -> None:
    await core.waiting(sender=sender, reason="distress")
    await core.work()
    words = core.sent(sender)[-1]
    assert words.startswith(phrase("handoff_distress", "en"))
    told = numbers and phrase("emergency_number", "en", numbers=numbers)
    assert (told or "").strip() in words
    assert ("the emergency number is" in words) is (numbers is not None)
