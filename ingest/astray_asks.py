"""Which asks are nearer to another section than to the one that they stand under."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.answering.chunks import Chunk, Role
from bot.answering.encoding.encoder import Vectors
from ingest.checked_texts import Texts

# An ask is astray where another section is nearer by so much: by its text and by the
# questions it is known by each, and on average. No ask of the project's own knowledge
# is, and more than eight in ten of those that are moved to a section at random are.
NEARER_BY_EACH, NEARER_ON_AVERAGE = 0.05, 0.33
Numbers = npt.NDArray[np.int64]
# A text, and the section (``path#heading``) that it stands under.
Asked = tuple[str, str]


def asks_astray(
    asks: Sequence[Asked],
    chunks: Sequence[Chunk],
    texts: Texts,
    *,
    among: Sequence[Asked] = (),
) -> Iterator[tuple[int, str]]:
    """The numbers of asks that are astray, and the section that each is nearer to.

    They are compared with each other, and with those ``among`` which they stand.
    """
    sections = list(dict.fromkeys(chunk.name for chunk in chunks))
    numbers = {name: number for number, name in enumerate(sections)}
    if not asks:
        return
    owners = np.array([numbers[chunk.name] for chunk in chunks])
    every = [*asks, *among]
    places = np.array([numbers[section] for _, section in every])
    homes = places[: len(asks)]
    known = texts.vectors([(ask, Role.QUERY) for ask, _ in every])
    vectors = known[: len(asks)]
    words = texts.vectors([(chunk.searchable, Role.PASSAGE) for chunk in chunks])
    by_text = _margins(_nearest(vectors @ words.T, owners), homes)
    rows = np.flatnonzero(by_text.max(axis=1) > NEARER_BY_EACH)
    headings = texts.vectors([(chunk.questions[0], Role.QUERY) for chunk in chunks])
    scores = vectors[rows] @ np.concatenate([known, headings]).T
    scores[np.arange(len(rows)), rows] = -1.0  # each ask is nearest to itself
    by_asks = _margins(_nearest(scores, np.append(places, owners)), homes[rows])
    for row, section in zip(rows, _nearer(by_text[rows], by_asks), strict=True):
        if section is not None:
            yield int(row), sections[section]


def same_words(ask: str) -> str:
    """The same for asks that differ in nothing but blanks and capitals."""
    return " ".join(ask.casefold().split())


def _nearest(scores: Vectors, owners: Numbers) -> Vectors:
    """The best score of each section, of all the columns that belong to it."""
    order = np.argsort(owners, kind="stable")
    starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
    best: Vectors = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best


def _margins(scores: Vectors, homes: Numbers) -> Vectors:
    """By how much each section is nearer than the one at home."""
    margins: Vectors = scores - np.take_along_axis(scores, homes[:, None], axis=1)
    return margins


def _nearer(by_text: Vectors, by_asks: Vectors) -> Iterator[int | None]:
    """For each ask the section that is clearly nearer, if there is one."""
    both = np.stack([by_text, by_asks])
    average = both.mean(axis=0)
    average[both.min(axis=0) <= NEARER_BY_EACH] = -1.0
    for row in average:
        best = int(row.argmax())
        yield best if row[best] > NEARER_ON_AVERAGE else None
