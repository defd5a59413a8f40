"""The sentences of a message: which of them ask, and which only stand around that."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.enquiry import Vector
from bot.answering.understanding.examples import LIGHT, Want
from bot.answering.understanding.intents import Read
from bot.answering.understanding.sentences import asks

# What asks for somebody or something beside a question.
HEAVY = (Want.DISTRESS, Want.STOP, Want.PERSON, Want.CALL, Want.COMPLAINT, Want.START)
# A sentence of fewer words beside others says too little to be a question.
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, its vector and what it wants."""

    text: str
    vector: Vector
    want: Want
    read: Read


def questions_of(parts: Sequence[Part], wants: Want) -> list[tuple[str, Vector]]:
    """What a message asks, apart from what only stands around it.

    Several sentences that ask are questions of their own; otherwise it is one.
    """
    if not parts:
        return []
    whole, *sentences = parts
    if wants in LIGHT:
        return []
    if wants in HEAVY:
        left = [one for one in sentences if _asks_besides(one)]
    else:
        left = [one for one in sentences if one.want not in LIGHT]
    asking = [one for one in left if asks(one.text) and _is_long_enough(one.text)]
    if len(asking) > 1:
        return [(one.text, one.vector) for one in asking]
    if wants in HEAVY:
        return [(one.text, one.vector) for one in left[:1]]
    if not left or len(left) == len(sentences):
        return [(whole.text, whole.vector)]
    total = np.sum([one.vector for one in left], axis=0)
    vector = (total / np.linalg.norm(total)).astype(np.float32)
    return [(" ".join(one.text for one in left), vector)]


def _asks_besides(part: Part) -> bool:
    """Whether a sentence asks something beside a wish for a person or a call."""
    ordinary = {Want.NONE, Want.PROGRAMME, Want.COMPARISON}
    return part.want in ordinary and asks(part.text) and _is_long_enough(part.text)


def _is_long_enough(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS or len(text) > 4 * FEWEST_WORDS
