"""How alike texts are beyond what all have in common, from 0 to 1."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.errors import IndexUnavailableError

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
# Vectors are kept as whole numbers: no number of theirs is as large as 0.5.
STEPS = 254.0


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Vectors with what all have in common taken off, of length 1 again."""
    found = vectors - centre
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    rows: Floats = (found / np.maximum(lengths, 1e-6)).astype(np.float32)
    return rows


def likeness(rows: Floats, others: Floats, *, width: float) -> Floats:
    """``(rows, others)``, of centred vectors; ``width`` is how fast it falls off."""
    near: Floats = np.exp(-width * (2 - 2 * rows @ others.T))
    return near


def packed(vectors: Floats) -> Bytes:
    """Centred vectors as whole numbers."""
    return np.clip(np.round(vectors * STEPS), -127, 127).astype(np.int8)


def unpacked(numbers: Bytes) -> Floats:
    """Vectors as ``packed`` kept them."""
    return numbers.astype(np.float32) / np.float32(STEPS)


@contextmanager
def learned(file: Path) -> Iterator[Mapping[str, Any]]:
    """The arrays of a file that ``calibrate`` wrote, by their names.

    Raises:
        IndexUnavailableError: it is missing or damaged, or lacks what is asked of it.
    """
    try:
        with file.open("rb") as content, np.load(content) as found:
            yield found
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise IndexUnavailableError(
            f"{file} is missing or damaged; run python -m bot calibrate --write"
        ) from error
