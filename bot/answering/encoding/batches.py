"""What the adapter is learned from, and what of it each step takes."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

# Of a step: sections with two questions each, messages behind others, questions that
# stand alone behind others, labelled messages.
SECTIONS, FOLLOWED, ALONE, MESSAGES = 16, 16, 8, 16

Vectors = npt.NDArray[np.float32]
One = TypeVar("One")
# A text and the numbers of the sections that are right.
Followed = tuple[str, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is learned from.

    ``passages`` are vectors of sections, a row each, ``asked`` the questions that each
    is known by; ``messages`` are texts with a label; ``followed`` are messages read
    behind others, by ``behind``, with the numbers of the sections that are right.
    """

    passages: Vectors
    asked: Sequence[Sequence[str]]
    messages: Sequence[tuple[str, str]]
    followed: Sequence[Followed] = ()
    behind: Callable[[Sequence[str], str], str] = lambda _said, text: text


@dataclass(frozen=True, slots=True)
class Batch:
    """What a step learns from."""

    sections: Sequence[int]
    pairs: Sequence[Sequence[str]]
    further: Sequence[Followed]
    messages: Sequence[tuple[str, str]]


class Batches:
    """Draws from the material, by chance but always the same."""

    def __init__(self, material: Material, *, seed: int) -> None:
        self._material = material
        self._random = random.Random(seed)  # noqa: S311  no secret

    def drawn(self) -> Iterator[Batch]:
        """What is learned from in each step, all of it before any comes again."""
        known = [n for n, asked in enumerate(self._material.asked) if asked]
        sections = self._shuffled(known, SECTIONS)
        followed = self._shuffled(self._material.followed, FOLLOWED)
        messages = self._shuffled(self._material.messages, MESSAGES)
        while True:
            numbers = next(sections)
            pairs = [self._pair(self._asked(number)) for number in numbers]
            further = [*next(followed), *self._standing_alone(known)]
            yield Batch(numbers, pairs, further, next(messages))

    def _standing_alone(self, sections: Sequence[int]) -> Iterator[Followed]:
        """Questions behind others that they have nothing to do with: they win."""
        for _ in range(ALONE if self._material.followed else 0):
            *before, number = self._random.choices(sections, k=3)
            said = [self._random.choice(self._asked(one)) for one in before]
            text = self._material.behind(said, self._random.choice(self._asked(number)))
            yield text, (number,)

    def _pair(self, asked: Sequence[str]) -> Sequence[str]:
        """Two of the questions that a section is known by, or its only one twice."""
        return self._random.sample(list(asked) * (1 if len(asked) > 1 else 2), 2)

    def _asked(self, number: int) -> Sequence[str]:
        return self._material.asked[number]

    def asked(self, number: int) -> str:
        """One of the questions that a section is known by."""
        return self._random.choice(self._asked(number))

    def _shuffled(self, values: Sequence[One], most: int) -> Iterator[list[One]]:
        """So many at a time, all of them before any comes again; none of none."""
        left: list[One] = []
        size = min(most, len(values))
        while True:
            if len(left) < size:
                left = self._random.sample(list(values), len(values))
            yield [left.pop() for _ in range(size)]
