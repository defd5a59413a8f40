"""What a model is told of a message, and of whoever wrote it."""

from collections.abc import Callable, Mapping

from bot.answering.enquiry import Enquiry
from bot.answering.writing.prompts import quoted

EARLIER_TURNS = 8


def told_of(enquiry: Enquiry, *, mask: Callable[[str], str]) -> dict[str, str]:
    """The parts of a prompt by name: the message, its language, what came before."""
    # A line a turn: nobody can write what looks like a turn of somebody else.
    turns = (
        f"{turn.author}: {quoted(mask(' '.join(turn.text.split())))}"
        for turn in enquiry.earlier[-EARLIER_TURNS:]
    )
    return {
        "language": _language(enquiry),
        "known": _known(enquiry.facts) or "-",
        "earlier": "\n".join(turns) or "-",
        "question": quoted(mask(enquiry.picked or enquiry.text)),
    }


def _language(enquiry: Enquiry) -> str:
    """The language to write in; what was read of a few words is a guess."""
    guess = enquiry.romanised or enquiry.language
    return f"that of the message, in its letters; it looks like {guess}"


def _known(facts: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {quoted(value)}" for name, value in facts.items())
