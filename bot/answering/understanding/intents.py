"""What a message wants, by its likeness to labelled messages.

Kernel ridge regression: a message is near the examples that mean the same, each example
has a weight for every label, and what they say together is made a probability. So the
nearest examples and a trained head are one formula; Rasmussen and Williams, "Gaussian
Processes for Machine Learning" (2006), section 2.2, has it as the mean of a Gaussian
process. Fitting it is ``intents_fitting``'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.answering.encoding.encoder import Vectors
from bot.answering.encoding.likeness import (
    Floats,
    centred,
    learned,
    likeness,
    packed,
    unpacked,
)
from bot.answering.understanding.examples import LIGHT, WANTS, Want

FILE = Path(__file__).with_name("intents.npz")
NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How likely a text wants what; ``nearest`` are the likest examples' numbers."""

    chances: Mapping[Want, float]
    nearest: tuple[int, ...] = ()

    @property
    def likeliest(self) -> Want:
        return max(self.chances, key=lambda want: self.chances[want])


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """The fitted examples.

    ``vectors`` is ``(examples, dimension)``, centred by ``centre`` and of length 1;
    ``weights`` ``(examples, labels)``; ``matrix`` and ``bias`` turn scores into
    probabilities; ``thresholds`` are what a label needs to be taken; ``encoder`` and
    ``examples_sum`` say what it was made from.
    """

    vectors: Floats
    centre: Floats
    weights: Floats
    width: float
    matrix: Floats
    bias: Floats
    thresholds: Mapping[Want, float]
    encoder: str
    examples_sum: str

    def read(self, vectors: Vectors) -> list[Read]:
        """What each of the texts with these query vectors wants."""
        kernel = self.kernel(vectors)
        logits = (kernel @ self.weights) @ self.matrix + self.bias
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        nearest = np.argsort(-kernel, axis=1)[:, :NEAREST]
        return [
            Read(
                chances=dict(zip(WANTS, map(float, row), strict=True)),
                nearest=tuple(map(int, near)),
            )
            for row, near in zip(chances, nearest, strict=True)
        ]

    def kernel(self, vectors: Vectors) -> Floats:
        """How near each text is to each example, from 0 to 1."""
        rows = centred(vectors, self.centre)
        return likeness(rows, self.vectors, width=self.width)

    def taken(self, read: Read, *, among: int = 1) -> Want:
        """What a text is taken to want: the likeliest that is likely enough.

        Distress goes before all others, and kind words come after them. A sentence
        ``among`` others has to be surer, since each of them may be mistaken.
        """
        enough = {
            want: chance / self._needed(want, among)
            for want, chance in read.chances.items()
            if want is not Want.NONE and chance >= self._needed(want, among)
        }
        if Want.DISTRESS in enough:
            return Want.DISTRESS
        wanted = (enough.keys() - LIGHT) or enough.keys()
        return max(wanted, key=lambda want: enough[want], default=Want.NONE)

    def _needed(self, want: Want, among: int) -> float:
        return 1 - (1 - self.thresholds[want]) / among

    def with_own(self, vectors: Vectors, wants: Sequence[Want]) -> "Intents":
        """These, and an organisation's own examples, which correct these.

        What the others say of the new ones is taken as given; the new ones get weights
        for what is left, as if the rest had been fitted without them.
        """
        if not len(vectors):
            return self
        new = centred(vectors, self.centre)
        wanted = targets(wants)
        left = wanted - self.kernel(vectors) @ self.weights
        own = likeness(new, new, width=self.width)
        own += np.eye(len(new), dtype=np.float32) * RIDGE
        return replace(
            self,
            vectors=np.concatenate([self.vectors, new]),
            weights=np.concatenate([self.weights, np.linalg.solve(own, left)]),
        )


RIDGE = 0.1


def targets(wants: Sequence[Want]) -> Floats:
    """1 for the label of each example, -1 for the others."""
    rows = np.full((len(wants), len(WANTS)), -1.0, np.float32)
    rows[np.arange(len(wants)), [WANTS.index(want) for want in wants]] = 1.0
    return rows


def save(intents: Intents, file: Path) -> None:
    """Write them, vectors as whole numbers."""
    np.savez_compressed(
        file,
        vectors=packed(intents.vectors),
        centre=intents.centre,
        weights=intents.weights.astype(np.float16),
        width=np.float32(intents.width),
        matrix=intents.matrix,
        bias=intents.bias,
        thresholds=np.array([intents.thresholds[want] for want in WANTS], np.float32),
        encoder=np.array(intents.encoder),
        examples_sum=np.array(intents.examples_sum),
    )


def load(file: Path = FILE) -> Intents:
    """Those that ``save`` wrote.

    Raises:
        IndexUnavailableError: they are missing or damaged.
    """
    with learned(file) as found:
        thresholds = zip(WANTS, map(float, found["thresholds"]), strict=True)
        return Intents(
            vectors=unpacked(found["vectors"]),
            centre=found["centre"],
            weights=found["weights"].astype(np.float32),
            width=float(found["width"]),
            matrix=found["matrix"],
            bias=found["bias"],
            thresholds=dict(thresholds),
            encoder=str(found["encoder"]),
            examples_sum=str(found["examples_sum"]),
        )
