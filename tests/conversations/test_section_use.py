"""How often sections were told lately, and what contacts thought of it."""

from dataclasses import replace

from bot.conversations.contacts.feedback import rate
from bot.conversations.desk.section_use import LATELY, Use, section_use
from bot.conversations.ports import Answer, Author
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import PHONE, Core

SECTIONS = {
    "one": ("faq/größe.md#One?", "faq/größe.md#Two?"),
    "two": ("faq/größe.md#Two?", "faq/größe.md#Two?"),
    "other": ("faq/größe.md.md#Two?",),
}


def reply(question: str) -> Answer:
    told = answer(f"About {question}")
    kept = replace(told.provenance, sections=SECTIONS[question])
    return replace(told, provenance=kept)


async def test_answers_and_ratings_are_counted_for_each_section_told(
    core: Core,
) -> None:
    assert isinstance(core.assistant, ScriptedAssistant)
    core.assistant.reply = reply
    for question in SECTIONS:
        await core.answered(question)
    bot = [one for one in await core.messages() if one.author is Author.BOT]
    for message, helpful in zip(bot, (True, False, True), strict=True):
        await rate(
            core.conversations,
            "whatsapp",
            PHONE,
            message.public_id,
            helpful=helpful,
        )

    found = await section_use(core.database, "faq/größe.md", now=core.clock())

    assert found == {
        "faq/größe.md#One?": Use(answers=1, helpful=1),
        "faq/größe.md#Two?": Use(answers=2, helpful=1, unhelpful=1),
    }
    core.clock.advance(LATELY.total_seconds() + 60)
    assert not await section_use(core.database, "faq/größe.md", now=core.clock())
