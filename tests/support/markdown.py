"""Markdown of every shape, made of words that occur only once."""

from collections.abc import Callable
from itertools import count

from hypothesis import strategies as st

Block = Callable[["Words"], str]


class Words:
    """Gives a word nobody has used yet, so that a lost one cannot hide."""

    def __init__(self) -> None:
        self._numbers = count()
        self.given: list[str] = []

    def __call__(self, size: int) -> str:
        fresh = [f"w{next(self._numbers)}" for _ in range(size)]
        self.given += fresh
        return " ".join(fresh)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Something that makes a Markdown block of fresh words."""
    many = draw(st.integers(2, 15))
    n = draw(st.integers(1, 40))
    level = draw(st.integers(1, 6))
    makers: list[Block] = [
        lambda w: w(n * 5),
        lambda w: "\n".join(w(n) for _ in range(many)),
        lambda w: f"{'#' * level} {w(n)}",
        lambda w: f"{w(n)}\n{'=-'[level % 2] * 3}",
        lambda w: "\n".join(f"- {w(n)}" for _ in range(many)),
        lambda w: "\n\n".join(f"{i}. {w(n)}" for i in range(1, many)),
        lambda w: "\n".join(f"- {w(n)}\n  - {w(n)}\n    - {w(3)}" for _ in range(many)),
        lambda w: f"```\n# {w(n)}\n\n{w(n)}\n```",
        lambda w: "~~~sh\n" + "\n".join(f"# {w(n)}" for _ in range(many)) + "\n~~~",
        lambda w: "\n".join(f"    # {w(n)}" for _ in range(many)),
        lambda w: f"<div>\n<p>{w(n)}</p>\n# {w(n)}\n</div>",
        lambda w: f"> {w(n)}\n> # {w(n)}\n{w(n)}",
        lambda w: "[page]: https://example.org",
        lambda w: "***",
        lambda w: "\n".join(
            [
                "| A | B |",
                "| --- | :-: |",
                *(f"| {w(4)} | {w(9)} |" for _ in range(many)),
            ]
        ),
    ]
    return draw(st.sampled_from(makers))
