"""What contacts think of answers: kept with them, and a reason for a person."""

import pytest

from bot.conversations.contacts.feedback import rate
from bot.conversations.models import EventKind, Reason, Status
from bot.conversations.ports import Author, Outcome
from bot.conversations.spoken.understood import _sayings, says
from bot.errors import NotFoundError
from bot.phrases import languages, phrase
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import PHONE, Core

OFFER = f"{phrase('unhelpful', 'en')} {phrase('offer_person', 'en')}"
UNHELPFUL = {
    "en": ["That's wrong.", "that\u2019s WRONG!!", "Not helpful", "no, that's wrong"],
    "es": ["Eso no es correcto", "¡No me sirve!"],
    "fr": ["C\u2019est faux.", "Ça ne m'aide pas"],
    "pt": ["Isso está errado", "não ajudou"],
    "ar": ["هذا خطأ!", "غير مفيد"],
    "hi": ["यह गलत है।", "मदद नहीं मिली"],
    "bn": ["এটা ভুল।", "সাহায্য হয়নি"],
    "vi": ["Sai rồi!", "không hữu ích"],
    "zh": ["不对。", "没有帮助！"],
    "ur": ["یہ غلط ہے", "غلط جواب", "مدد نہیں ملی"],
    "de": ["Das stimmt nicht!", "Das hilft mir nicht weiter."],
}


async def ids_of_bot(core: Core) -> list[str]:
    return [m.public_id for m in await core.messages() if m.author is Author.BOT]


async def helpful(core: Core) -> list[bool | None]:
    return [m.helpful for m in await core.messages() if m.author is Author.BOT]


def test_every_language_can_say_that_an_answer_was_of_no_help() -> None:
    assert set(UNHELPFUL) == set(languages())


@pytest.mark.parametrize(
    "text", [text for texts in UNHELPFUL.values() for text in texts]
)
def test_plain_words_are_understood(text: str) -> None:
    assert says("unhelpful", text)


@pytest.mark.parametrize(
    "text",
    [
        "What is wrong with my application?",
        "Is it wrong to apply twice?",
        "wrong address on my certificate",
        "not helpful for visas?" + " x" * 60,
        "",
    ],
)
def test_a_question_with_such_words_is_a_question(text: str) -> None:
    assert not says("unhelpful", text)


def test_no_saying_is_empty_once_it_is_made_plain() -> None:
    assert all("" not in sayings for sayings in _sayings().values())


@pytest.mark.parametrize("words", ["That's wrong!", "No me sirve"])
async def test_who_says_an_answer_was_wrong_is_offered_a_person(
    core: Core, words: str
) -> None:
    conversation_id = await core.answered("How long?")
    await core.answered(words)
    assert (await core.conversation(conversation_id)).status is Status.BOT
    assert core.sent()[-1] == OFFER
    assert await helpful(core) == [False, None]
    await core.answered("And how much?")
    assert "About: And how much?" in core.sent()[-1]
    rated = [e for e in await core.event_log() if e.kind is EventKind.MESSAGE_RATED]
    assert len(rated) == 1


@pytest.mark.parametrize("before", ["nothing", "a refusal", "staff", "hand-back"])
async def test_without_an_answer_before_it_the_assistant_hears_such_words(
    core: Core, before: str
) -> None:
    if before == "a refusal":
        core.worker = core.new_worker(
            ScriptedAssistant(
                lambda q: (
                    answer(q, outcome=Outcome.NO_ANSWER)
                    if q == "How long?"
                    else answer(f"About: {q}")
                )
            )
        )
    if before != "nothing":
        await core.answered("How long?")
    if before in {"staff", "hand-back"}:
        conversation_id = (await core.write("Hello")).conversation_id
        await core.conversations.take(conversation_id, member="Alice")
        if before == "staff":
            await core.conversations.reply_as_staff(
                conversation_id, "Hello!", member="Alice"
            )
        await core.conversations.hand_back(conversation_id)
    conversation_id = await core.answered("That's wrong")
    assert (await core.conversation(conversation_id)).status is Status.BOT
    assert "About: That's wrong" in core.sent()[-1]


async def test_a_thumb_down_is_kept_and_a_person_is_offered_once(core: Core) -> None:
    conversation_id = await core.answered("How long?")
    (message_id,) = await ids_of_bot(core)
    for _ in range(2):
        await rate(core.conversations, "whatsapp", PHONE, message_id, helpful=False)
    assert (await core.conversation(conversation_id)).status is Status.BOT
    assert await helpful(core) == [False, None]
    message = next(m for m in await core.messages() if m.author is Author.BOT)
    assert message.provenance is not None
    assert message.provenance["citations"], "it is kept with what the answer cites"
    await core.work()
    assert core.sent().count(OFFER) == 1
    listener = ScriptedAssistant()
    core.worker = core.new_worker(listener)
    await core.answered("Yes please")
    offer = listener.asked[0][1][-1]
    assert (offer.author, offer.outcome) == (Author.BOT, Outcome.CLARIFY)


async def test_every_thumb_down_is_kept_and_one_offer_stands_for_all(
    core: Core,
) -> None:
    await core.answered("How long?")
    await core.answered("How much?")
    for message_id in await ids_of_bot(core):
        await rate(core.conversations, "whatsapp", PHONE, message_id, helpful=False)
    assert await helpful(core) == [False, False, None]


async def test_a_thumb_up_is_kept_and_changes_nothing_else(core: Core) -> None:
    conversation_id = await core.answered("How long?")
    (message_id,) = await ids_of_bot(core)
    await rate(core.conversations, "whatsapp", PHONE, message_id, helpful=True)
    assert await helpful(core) == [True]
    assert (await core.conversation(conversation_id)).status is Status.BOT


async def test_a_thumb_down_after_staff_took_over_is_only_kept(core: Core) -> None:
    conversation_id = await core.answered("How long?")
    await core.conversations.take(conversation_id, member="Alice")
    (message_id,) = await ids_of_bot(core)
    await rate(core.conversations, "whatsapp", PHONE, message_id, helpful=False)
    assert await helpful(core) == [False]
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.STAFF, Reason.STEPPED_IN)


async def test_nobody_rates_the_answers_of_others_or_what_is_no_answer(
    core: Core,
) -> None:
    await core.answered("How long?")
    own = await ids_of_bot(core)
    question = (await core.messages())[0].public_id
    for channel, key, message_id in (
        ("whatsapp", "whatsapp:+447700900999", own[0]),
        ("web", PHONE, own[0]),
        ("whatsapp", PHONE, question),
        ("whatsapp", PHONE, "nosuch"),
    ):
        with pytest.raises(NotFoundError):
            await rate(core.conversations, channel, key, message_id, helpful=False)
    assert await helpful(core) == [None]


@pytest.mark.parametrize(
    ("text", "helped"),
    [("👍", True), ("👍🏽", True), ("❤️", True), ("🙏 🙏", True), ("👎", False)],
)
async def test_a_thumb_or_a_heart_alone_says_what_an_answer_was_worth(
    core: Core, text: str, *, helped: bool
) -> None:
    await core.answered("How long?")
    await core.answered(text)
    assert await helpful(core) == [helped, None]
    assert core.sent()[-1] == (phrase("thanks", "en") if helped else OFFER)


@pytest.mark.parametrize("text", ["😂", "👍👎", "👍 and the fees?", "?"])
async def test_other_signs_are_for_the_assistant(core: Core, text: str) -> None:
    await core.answered("How long?")
    await core.answered(text)
    assert await helpful(core) == [None, None]
    assert f"About: {text}" in core.sent()[-1]
