"""Puts vectors of like meaning together."""

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
# Of pairs of real asks this near, more than four in five are asks for one section.
NEAR = 0.75
BLOCK = 1024


def grouped(vectors: Vectors, *, near: float = NEAR) -> list[list[int]]:
    """Rows by group: the first of each leads it, and the others are near to it.

    Vectors have length 1. A row joins the nearest leader; without one it leads. So no
    chain of likenesses joins what is not alike, and nothing is compared with all.
    """
    leaders = np.empty_like(vectors)
    groups: list[list[int]] = []
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        best, chosen = _nearest(block, leaders[: len(groups)])
        alike = block @ block.T
        new: list[int] = []
        for place, row in enumerate(alike):
            if new:
                nearest = int(row[new].argmax())
                if row[new[nearest]] > best[place]:
                    best[place] = row[new[nearest]]
                    chosen[place] = len(groups) - len(new) + nearest
            if best[place] >= near:
                groups[chosen[place]].append(start + place)
            else:
                leaders[len(groups)] = block[place]
                groups.append([start + place])
                new.append(place)
    return groups


def _nearest(block: Vectors, leaders: Vectors) -> tuple[Vectors, npt.NDArray[np.intp]]:
    """How near the nearest leader of each row is, and which it is."""
    best = np.full(len(block), -1, np.float32)
    chosen = np.zeros(len(block), np.intp)
    for start in range(0, len(leaders), 8 * BLOCK):
        alike = block @ leaders[start : start + 8 * BLOCK].T
        here = alike.argmax(axis=1)
        found = alike[np.arange(len(block)), here]
        nearer = found > best
        best[nearer], chosen[nearer] = found[nearer], here[nearer] + start
    return best, chosen
