"""How near every section is to a question: measured once, by three searches."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answering.enquiry import Query, Vector

Floats = npt.NDArray[np.float32]
# What was said before counts the less, the longer ago it was.
BEFORE, FADES = 0.7, 0.8
# Letters of a word, usually and at most; a message of HALF_SHORT letters is as much one
# that goes on as one that stands alone, and SOFTLY tells how gently that changes.
USUAL_WORD, LONGEST_WORD, HALF_SHORT, SOFTLY = 6, 12, 35, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Cosines of one view of a question: with the texts, and with what they are asked.

    Both are ``(sections,)``; the second is of the nearest of a section's questions.
    """

    text: Floats
    asked: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Everything that is measured of a query, a row a section.

    ``alone`` is the message itself, ``after`` read behind the last ones, ``long`` with
    all before it, ``topic`` with what the section told last is asked by, ``moved`` the
    message before it asked of another country, where it is; ``words``,
    ``words_after`` and ``words_long`` are BM25 scores of the message, with the one
    before and with all; ``thread_text`` and ``thread_words`` are the best of a
    section's whole document, ``long`` and ``words_long``; ``kin`` is the likeness to
    the section told last, ``astray`` how much more than a section the message is like
    those that nobody holds an answer to, and the others are 0 or 1.
    """

    alone: View
    after: View
    long: View
    topic: View
    moved: View | None
    words: Floats
    words_after: Floats
    words_long: Floats
    thread_text: Floats
    thread_words: Floats
    kin: Floats
    same_document: Floats
    just_told: Floats
    told_before: Floats
    named_here: Floats
    named_elsewhere: Floats
    remembered_here: Floats
    remembered_elsewhere: Floats
    is_faq: Floats
    is_programme: Floats
    astray: Floats
    follows: bool
    shortness: float

    @property
    def is_open(self) -> bool:
        """Whether messages before it were left without a section told or offered."""
        return self.follows and not self.same_document.any()


def context_vectors(query: Query, topic: Vector | None) -> list[Vector]:
    """The views of a question: alone, after the last ones, after all, on the topic.

    It is read anew behind the last messages, as the encoder learned it; the others are
    sums of vectors, which cost nothing.
    """
    alone, before = query.vector, query.before
    if not before:
        after = long = alone
    else:
        after = alone if query.together is None else query.together
        faded = [FADES ** (n + 1) * one for n, one in enumerate(before)]
        long = unit(alone + np.sum(faded, axis=0, dtype=np.float32))
    on_topic = alone if topic is None else unit(alone + BEFORE * topic)
    return [alone, after, long, on_topic]


def shortness(text: str) -> float:
    """How much a message looks like one that goes on: near 1 for a few words."""
    # Scripts without blanks between words are counted by their signs.
    words = max(len(text.split()), len(text) / LONGEST_WORD)
    length = min(len(text), USUAL_WORD * words)
    return float(1 / (1 + np.exp((length - HALF_SHORT) / SOFTLY)))


def unit(vector: Vector) -> Vector:
    """A vector of length 1 in the same direction."""
    found: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(
        np.float32
    )
    return found
