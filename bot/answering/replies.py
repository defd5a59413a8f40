"""Replies that need no passage: fixed words, and the question back."""

from collections.abc import Sequence

from bot.answering.lexical import terms
from bot.answering.retriever import Passage
from bot.answering.understanding import Intent
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Outcome, Provenance

CHOICES = 4
DIFFERENT = 3
LOOKED_AT = 6

HANDOFFS = {
    Intent.DISTRESS: ("handoff_distress", "distress"),
    Intent.ASKS_FOR_CALL: ("handoff_call", "asked_for_call"),
    Intent.ASKS_FOR_PERSON: ("handoff_person", "asked_for_person"),
    Intent.COMPLAINT: ("handoff_complaint", "complaint"),
}
REPLIES = {
    Intent.ABOUT_BOT: ("about_bot", Outcome.ANSWER),
    Intent.THANKS: ("thanks", Outcome.ANSWER),
    Intent.GREETING: ("greeting_reply", Outcome.ANSWER),
    Intent.VAGUE: ("clarify_open", Outcome.CLARIFY),
    Intent.EMPTY: ("empty_message", Outcome.CLARIFY),
}


def fixed_reply(intent: Intent, language: str) -> Answer:
    """What is always said to a message of this intent."""
    key, reason = HANDOFFS.get(intent, (None, None))
    if key is None:
        key, outcome = REPLIES[intent]
    else:
        outcome = Outcome.HANDOFF
    return Answer(
        text=phrase(key, language),
        outcome=outcome,
        confidence=0.0,
        provenance=Provenance(answerer="fixed", language=language),
        handoff_reason=reason,
        is_greeting=intent is Intent.GREETING,
    )


def clarify_choices(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """What a question of one word could be about, if that is several things."""
    if len(set(terms(question))) > 1:
        return ()
    found = [passage for passage in passages[:LOOKED_AT] if passage.lexical > 0]
    if len({passage.chunk.document for passage in found}) < DIFFERENT:
        return ()
    names = dict.fromkeys((*p.chunk.headings, p.chunk.title)[0] for p in found)
    return tuple(names)[:CHOICES]
