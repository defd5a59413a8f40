"""Whether a message wants what is kept of its author to be erased, or to be shown.

Kernel ridge regression as in ``intents``, over examples of its own and those labelled
messages that come nearest to them. Apart from the labels it spoils none of them, and
two numbers say how sure it has to be: nothing is ever erased by it, only asked.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from bot.answering.encoding.encoder import Encoder, Vectors
from bot.answering.encoding.likeness import (
    Floats,
    centred,
    learned,
    likeness,
    packed,
    unpacked,
)
from bot.answering.understanding.intents import RIDGE, Intents
from bot.conversations.ports import OwnData

EXAMPLES = Path(__file__).with_name("own_data.yaml")
FILE = Path(__file__).with_name("own_data.npz")
WISHES = (OwnData.ERASE, OwnData.COPY)
LABELS = ("erase", "copy", "neither")
# So many labelled messages stand against them, and those that hardly differ from an
# example stand aside: they say the same, among others of their label.
AGAINST, SAME, WIDTH = 900, 0.6, 1.0
# Of 9,798 messages of the suites none is taken for either; docs/answering.md has more.
ENOUGH: Mapping[OwnData, float] = {OwnData.ERASE: 0.1, OwnData.COPY: 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataWishes:
    """The fitted examples: ``vectors`` centred by ``centre``, ``weights`` a wish."""

    vectors: Floats
    centre: Floats
    weights: Floats
    encoder: str
    examples_sum: str

    def scores(self, vectors: Vectors) -> Floats:
        """``(texts, wishes)``, about -1 to 1, of query vectors."""
        rows = centred(vectors, self.centre)
        found: Floats = likeness(rows, self.vectors, width=WIDTH) @ self.weights
        return found

    def read(self, vectors: Vectors) -> OwnData | None:
        """The wish that one of the texts has surely enough."""
        best = self.scores(vectors).max(axis=0)
        over = {
            wish: float(score) - ENOUGH[wish]
            for wish, score in zip(WISHES, best, strict=True)
            if score >= ENOUGH[wish]
        }
        return max(over, key=lambda wish: over[wish], default=None)


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """Each example with its label, of all languages."""
    found = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    return tuple(
        (label, text)
        for label in LABELS
        for texts in found[label].values()
        for text in texts
    )


def sum_of_examples() -> str:
    """What changes when the examples change."""
    return _sum(f"{label}\0{text}" for label, text in examples())


def _sum(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def fit(intents: Intents, encoder: Encoder) -> OwnDataWishes:
    """Fit the examples against the labelled messages that ``intents`` know; seconds."""
    labels = [label for label, _ in examples()]
    own = centred(encoder.queries([text for _, text in examples()]), intents.centre)
    against = _against(own, labels, intents.vectors)
    vectors = np.concatenate([own, against])
    wanted = np.full((len(vectors), len(WISHES)), -1.0, np.float32)
    for row, label in enumerate(labels):
        if label != LABELS[-1]:
            wanted[row, LABELS.index(label)] = 1.0
    kernel = likeness(vectors, vectors, width=WIDTH)
    kernel += np.eye(len(vectors), dtype=np.float32) * RIDGE
    return OwnDataWishes(
        vectors=vectors,
        centre=intents.centre,
        weights=np.linalg.solve(kernel, wanted).astype(np.float32),
        encoder=encoder.name,
        examples_sum=sum_of_examples(),
    )


def _against(own: Floats, labels: list[str], labelled: Floats) -> Floats:
    """The labelled messages nearest to a wish that are not one themselves."""
    wishes = np.array([label != LABELS[-1] for label in labels])
    near = (labelled @ own[wishes].T).max(axis=1)
    same = (near > SAME) & (near > (labelled @ own[~wishes].T).max(axis=1))
    others: Floats = labelled[~same][np.argsort(-near[~same])[:AGAINST]]
    return others


def save(wishes: OwnDataWishes, file: Path) -> None:
    """Write them, vectors as whole numbers."""
    np.savez_compressed(
        file,
        vectors=packed(wishes.vectors),
        centre=wishes.centre,
        weights=wishes.weights.astype(np.float16),
        encoder=np.array(wishes.encoder),
        examples_sum=np.array(wishes.examples_sum),
    )


def load(file: Path = FILE) -> OwnDataWishes:
    """Those that ``save`` wrote.

    Raises:
        IndexUnavailableError: they are missing or damaged.
    """
    with learned(file) as found:
        return OwnDataWishes(
            vectors=unpacked(found["vectors"]),
            centre=found["centre"],
            weights=found["weights"].astype(np.float32),
            encoder=str(found["encoder"]),
            examples_sum=str(found["examples_sum"]),
        )


def wishes_for(encoder: Encoder, intents: Intents) -> OwnDataWishes:
    """The shipped ones, or fitted anew for another encoder."""
    found = load()
    return found if found.encoder == encoder.name else fit(intents, encoder)
