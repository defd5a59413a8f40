"""An enquiry of several questions: taken apart, and its answers put together."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.enquiry import Enquiry
from bot.answering.lexical import terms
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Author, Outcome, Turn


def parts_of(enquiry: Enquiry, questions: Sequence[str]) -> tuple[Enquiry, ...]:
    """An enquiry for each question; those before it are what was said before it."""
    turns = [Turn(Author.CONTACT, question) for question in questions]
    return tuple(
        replace(
            enquiry,
            question=question,
            earlier=(*enquiry.earlier, *turns[:place]),
            facts={},
            brief=True,
        )
        for place, question in enumerate(questions)
    )


def joined(parts: Sequence[Enquiry], answers: Sequence[Answer]) -> Answer | None:
    """The answers below one another; None if there is not one.

    Nothing is offered: a number would be that of a question as well.
    """
    given = [one for one in answers if one.outcome is Outcome.ANSWER]
    if not given:
        return None
    lines = [
        f"{place}. {part.question}\n"
        f"{one.text if one.outcome is Outcome.ANSWER else _without(part)}"
        for place, (part, one) in enumerate(zip(parts, answers, strict=True), start=1)
    ]
    best = max(given, key=lambda one: one.confidence)
    return replace(
        best,
        text="\n\n".join(lines),
        choices=(),
        citations=tuple(dict.fromkeys(c for one in given for c in one.citations)),
    )


def _without(part: Enquiry) -> str:
    """That there is no answer; "price?" could have one, if more were said."""
    vague = len(set(terms(part.question))) <= 1
    return phrase("clarify_open" if vague else "part_unknown", part.language)
