"""A message cut into its sentences: what is asked, and what is only said around it."""

import re
from itertools import pairwise

# Behind the marks that end a sentence, in all scripts, and at the ends of lines.
BORDER = re.compile(r"(?<=[!?؟？！。।۔…])\s*|(?<=[^\d\s]\.)\s+|\n+|\s+[;—–]\s+")
MARKS = re.compile(r"[?؟？]")
MOST = 6


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a message, in at most ``MOST`` parts that hold all of it.

    A piece without a letter or a digit belongs to the one before it.
    """
    pieces: list[str] = []
    for piece in BORDER.split(text):
        bare = piece.strip()
        if not bare:
            continue
        if pieces and not any(one.isalnum() for one in bare):
            pieces[-1] = f"{pieces[-1]} {bare}"
        else:
            pieces.append(bare)
    if len(pieces) <= MOST:
        return tuple(pieces)
    borders = [len(pieces) * part // MOST for part in range(MOST + 1)]
    return tuple(" ".join(pieces[start:end]) for start, end in pairwise(borders))


def asks(text: str) -> bool:
    """Whether a text has a question mark."""
    return bool(MARKS.search(text))
