"""How often what races is repeated."""

import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

SHARE = 0.01


def repetitions(soak: int) -> int:
    """``soak`` times in `make soak`; a hundredth of that where nobody asks for more.

    ``SOAK=0.2`` repeats a fifth: for a machine that cannot spare hours.
    """
    share = float(os.environ.get("SOAK", SHARE))  # noqa: TID251  not a setting
    return max(1, round(soak * share))


def some_of(items: Sequence[Item]) -> Sequence[Item]:
    """About a hundred, evenly drawn; all of them with ``SOAK=1``."""
    return items[:: max(1, len(items) // repetitions(10_000))]
