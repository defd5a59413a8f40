"""How much a message is like those that go astray: nobody of our kind holds an answer.

Kernel ridge regression on a part of its examples (the subset of regressors: Rasmussen
and Williams, "Gaussian Processes for Machine Learning" (2006), section 8.3.1): about 1
for messages on pets, weather and football, about -1 for those on studies and visas.
What a section itself is about is measured alike, so that an office that does hold
something on driving licences is not told that nobody does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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

FILE = Path(__file__).with_name("astray.npz")
OWN_FILE = "astray.npz"
# How fast likeness falls off, and how much the examples may be wrong.
WIDTH, RIDGE = 1.0, 0.3
AT_ONCE, SEED = 1024, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Astray:
    """The fitted examples: ``vectors`` is ``(examples, dimension)``, centred."""

    vectors: Floats
    centre: Floats
    weights: Floats
    encoder: str

    def of(self, vectors: Vectors) -> Floats:
        """``(texts,)``, from the vectors of texts as questions."""
        parts = [self._of(part) for part in _parts(vectors)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _of(self, vectors: Vectors) -> Floats:
        found: Floats = likeness(
            centred(vectors, self.centre), self.vectors, width=WIDTH
        )
        return found @ self.weights


@cache
def shipped_astray() -> Astray:
    """That which comes with the program; errors as those of ``load``."""
    return load(FILE)


def astray_for(encoder: str, folder: Path) -> Astray | None:
    """That which was fitted for an encoder, by us or by ``calibrate`` in a folder."""
    own = folder / OWN_FILE
    for found in (shipped_astray(), *([load(own)] if own.is_file() else [])):
        if found.encoder == encoder:
            return found
    return None


def fit(astray: Vectors, ours: Vectors, *, encoder: str) -> Astray:
    """Fit vectors of messages that go astray, and of such as are answered here."""
    rows = np.concatenate([astray, ours])
    centre: Floats = rows.mean(axis=0).astype(np.float32)
    rows = centred(rows, centre)
    wanted = np.concatenate([np.ones(len(astray)), -np.ones(len(ours))])
    # Both kinds count for the same, and each has as many examples that are kept.
    each = np.where(wanted > 0, len(ours) / len(astray), 1.0)
    chance = np.random.default_rng(SEED)
    count = min(len(astray), len(ours))
    kept = np.concatenate(
        [
            chance.choice(len(astray), count, replace=False),
            len(astray) + chance.choice(len(ours), count, replace=False),
        ]
    )
    near = likeness(rows, rows[kept], width=WIDTH).astype(np.float64)
    ridge = RIDGE * near[kept] + 1e-3 * np.eye(len(kept))
    weights = np.linalg.solve(
        near.T @ (each[:, None] * near) + ridge, near.T @ (each * wanted)
    )
    return Astray(
        vectors=rows[kept],
        centre=centre,
        weights=weights.astype(np.float32),
        encoder=encoder,
    )


def save(astray: Astray, file: Path) -> None:
    """Write it, vectors as whole numbers."""
    np.savez_compressed(
        file,
        vectors=packed(astray.vectors),
        centre=astray.centre,
        weights=astray.weights,
        encoder=np.array(astray.encoder),
    )


def load(file: Path) -> Astray:
    """That which ``save`` wrote.

    Raises:
        IndexUnavailableError: it is missing or damaged.
    """
    with learned(file) as found:
        return Astray(
            vectors=unpacked(found["vectors"]),
            centre=found["centre"],
            weights=found["weights"],
            encoder=str(found["encoder"]),
        )


def _parts(vectors: Vectors) -> Iterator[Vectors]:
    for start in range(0, len(vectors), AT_ONCE):
        yield vectors[start : start + AT_ONCE]
