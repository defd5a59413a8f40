"""How long it takes to put 100,000 questions together, once their vectors are kept."""

import argparse
from time import perf_counter

import numpy as np

from bot.grouping import Vectors, grouped

DIMENSION = 384


def drawn(count: int, *, meanings: int) -> Vectors:
    """Vectors of questions around so many meanings."""
    draw = np.random.default_rng(7)
    middles = draw.standard_normal((meanings, DIMENSION), np.float32)
    rows = middles[draw.integers(0, meanings, count)]
    rows = rows + 0.4 * draw.standard_normal(rows.shape, np.float32)
    found: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def main() -> None:
    """Print the seconds for a count of questions and of meanings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--meanings", type=int, default=20_000)
    options = parser.parse_args()
    vectors = drawn(options.questions, meanings=options.meanings)
    began = perf_counter()
    groups = grouped(vectors)
    seconds = perf_counter() - began
    print(f"{len(vectors)} questions in {len(groups)} groups: {seconds:.1f} s")


if __name__ == "__main__":
    main()
