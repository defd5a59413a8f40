"""A sentence that asks two things at once: where it may be cut, or asked for each."""

from collections.abc import Iterator

from bot.answering.understanding.plans import for_each_country
from bot.answering.understanding.sentences import sentences_of
from bot.answering.understanding.words import joins_in

# A half of fewer bytes or of one word asks nothing; Chinese has no words apart.
LEAST, WORDLESS = 7, 12


def apart(text: str) -> tuple[str, ...]:
    """A question for each country that a text names, or the halves of a sentence.

    Empty where there is nothing to tell apart. That it *may* be cut says nothing yet:
    only what is found for the halves can tell.
    """
    return for_each_country(text) or next(_halves(text), ())


def _halves(text: str) -> Iterator[tuple[str, ...]]:
    """The two sides of each word that joins, those of like length first.

    What is said in several sentences has been told apart by them.
    """
    if len(sentences_of(text)) > 1:
        return
    cuts = sorted(joins_in(text), key=lambda cut: abs(cut[0] + cut[1] - len(text)))
    for start, end in cuts:
        halves = text[:start].strip(), text[end:].strip()
        if all(_may_ask(half) for half in halves):
            yield halves


def _may_ask(half: str) -> bool:
    return len(half.encode()) >= (LEAST if " " in half else WORDLESS)
