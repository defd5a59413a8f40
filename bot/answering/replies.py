"""Replies that need no passage: fixed words, and the question back."""

from collections import Counter
from collections.abc import Sequence

from bot.answering.lexical import WORD, terms
from bot.answering.passages import Passage
from bot.answering.understanding import Intent
from bot.conversations.handoff_words import handoff_words
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Outcome, Provenance
from bot.conversations.states import Reason

CHOICES = 4
FEW_WORDS = 2
LOOKED_AT = 6
NEARLY = 0.75

HANDOFFS = {
    Intent.DISTRESS: Reason.DISTRESS,
    Intent.ASKS_FOR_CALL: Reason.ASKED_FOR_CALL,
    Intent.ASKS_FOR_PERSON: Reason.ASKED_FOR_PERSON,
    Intent.OWN_CASE: Reason.OWN_CASE,
    Intent.COMPLAINT: Reason.COMPLAINT,
}
REPLIES = {
    Intent.DISHONEST: ("refuse_dishonest", Outcome.NO_ANSWER),
    Intent.ABOUT_BOT: ("about_bot", Outcome.ANSWER),
    Intent.INSULT: ("insult", Outcome.ANSWER),
    Intent.SMALL_TALK: ("small_talk", Outcome.ANSWER),
    Intent.THANKS: ("thanks", Outcome.ANSWER),
    Intent.GREETING: ("greeting_reply", Outcome.ANSWER),
    Intent.VAGUE: ("clarify_open", Outcome.CLARIFY),
    Intent.EMPTY: ("empty_message", Outcome.CLARIFY),
}


def fixed_reply(intent: Intent, language: str) -> Answer:
    """What is always said to a message of this intent."""
    reason = HANDOFFS.get(intent)
    if reason is None:
        key, outcome = REPLIES[intent]
        text = phrase(key, language)
    else:
        text, outcome = handoff_words(reason, language), Outcome.HANDOFF
    return Answer(
        text=text,
        outcome=outcome,
        confidence=0.0,
        provenance=Provenance(answerer="fixed", language=language),
        handoff_reason=reason,
        is_greeting=intent is Intent.GREETING,
    )


def clarify_choices(
    question: str, passages: Sequence[Passage], *, answerable: bool
) -> tuple[str, ...]:
    """What a question of one word could be about, if that is several things.

    ``answerable`` says whether the best passage is good enough for an answer. Then only
    passages that come nearly as close count as other things; if it is not, whatever
    holds the word does, since a choice of topics helps more than a refusal.
    """
    words = set(terms(question))
    found = passages[:LOOKED_AT]
    holding = [passage for passage in found if passage.lexical > 0]
    if len(words) != 1 or not holding:
        return ()
    short = len(WORD.findall(question)) <= FEW_WORDS
    if answerable:
        names = _names(_rivals(holding[0], found)) if short else ()
        return names if len(names) > 1 else ()
    topic = any(words <= set(terms(_heading(passage))) for passage in holding)
    return _names(holding) if topic or (short and len(holding) > 1) else ()


def _rivals(best: Passage, passages: Sequence[Passage]) -> list[Passage]:
    """Those nearly as close, with the word or at least in the best one's document."""
    return [
        passage
        for passage in passages
        if passage.dense >= NEARLY * best.dense
        and (passage.lexical > 0 or passage.chunk.document == best.chunk.document)
    ]


def _names(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Headings; the title goes first where a heading alone does not say enough."""
    places = dict.fromkeys((p.chunk.title, p.chunk.headings[-1:]) for p in passages)
    seen = Counter(heading for _, heading in places)
    names = []
    for title, heading in places:
        clear = seen[heading] == 1 and "".join(heading).endswith("?")
        names.append(": ".join(heading if clear else (title, *heading)))
    return tuple(names[:CHOICES])


def _heading(passage: Passage) -> str:
    return " ".join((passage.chunk.title, *passage.chunk.headings))
