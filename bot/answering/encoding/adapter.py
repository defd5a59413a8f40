"""What was learned beside the bundled weights, for texts that ask.

Some products of the upper layers get an addition of low rank (LoRA: Hu and others,
2021), by which questions come nearer to the sections that answer them. Passages are
read without it. ``python -m bot tune`` learns it; ``adapter.npz`` holds it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from bot.answering.encoding.weights import Array
from bot.errors import IndexUnavailableError

FILE = Path(__file__).with_name("adapter.npz")
DIGITS = 8
DOWN, UP = "down", "up"
# A product's name in the bundled file ("l6.q"): ``(in, rank)`` and ``(rank, out)``.
Adapter = Mapping[str, tuple[Array, Array]]


def read_adapter(file: Path = FILE) -> Adapter:
    """What was learned.

    Raises:
        IndexUnavailableError: the file is missing or damaged.
    """
    try:
        with np.load(file) as found:
            names = [name.removesuffix(f".{DOWN}") for name in found if DOWN in name]
            return {
                name: (
                    found[f"{name}.{DOWN}"].astype(np.float32),
                    found[f"{name}.{UP}"].astype(np.float32),
                )
                for name in names
            }
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnavailableError(
            f"{file} is missing or damaged; install the program again"
        ) from error


def write_adapter(adapter: Adapter, file: Path = FILE) -> None:
    """Keep what was learned, in 16-bit numbers."""
    pairs = [
        (f"{name}.{side}", values.astype(np.float16))
        for name, both in adapter.items()
        for side, values in zip((DOWN, UP), both, strict=True)
    ]
    np.savez_compressed(file, allow_pickle=False, **dict(pairs))


def adapter_sum(file: Path = FILE) -> str:
    """By what an encoder with this adapter is told from others."""
    content = file.read_bytes() if file.is_file() else b""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def joined(adapter: Adapter, names: Iterable[str]) -> tuple[Array, Array] | None:
    """The additions to several products of the same input as one; None without any."""
    found = [adapter[name] for name in names if name in adapter]
    if not found:
        return None
    downs, ups = zip(*found, strict=True)
    rank = sum(down.shape[1] for down in downs)
    up = np.zeros((rank, sum(one.shape[1] for one in ups)), np.float32)
    row = column = 0
    for one in ups:
        up[row : row + one.shape[0], column : column + one.shape[1]] = one
        row, column = row + one.shape[0], column + one.shape[1]
    return np.concatenate(downs, axis=1), up
