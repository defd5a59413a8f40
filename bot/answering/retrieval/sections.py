"""What is known of sections before anything is asked: names, questions, words."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.answering.chunks import QUESTION_MARKS, Chunk
from bot.answering.encoding.encoder import Vectors
from bot.answering.store.generations import Generation


def details(
    generation: Generation,
) -> tuple[Vectors, npt.NDArray[np.int64], list[Vectors]]:
    """The vectors of questions with the chunks they belong to, and those of parts."""
    places: list[int] = []
    owners: list[int] = []
    parts: list[Vectors] = []
    start = 0
    for number, chunk in enumerate(generation.chunks):
        asks = len(chunk.questions)
        end = start + asks + len(chunk.parts)
        places += range(start, start + asks)
        owners += [number] * asks
        parts.append(generation.detail_vectors[start + asks : end])
        start = end
    return generation.detail_vectors[places], np.array(owners, np.int64), parts


def is_asked(chunk: Chunk) -> bool:
    """Whether a section is known by a question, its heading or another one."""
    return bool(chunk.asks) or chunk.heading.rstrip().endswith(QUESTION_MARKS)


def words_of(chunk: Chunk) -> str:
    return "\n".join((chunk.searchable, *(ask.text for ask in chunk.asks)))


def numbers_by_name(chunks: Sequence[Chunk]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, chunk in enumerate(chunks):
        found.setdefault(chunk.name, []).append(number)
    return found


def numbers_by_question(chunks: Sequence[Chunk]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for number, chunk in enumerate(chunks):
        for question in (*chunk.questions, chunk.heading, chunk.title):
            found.setdefault(plain(question), number)
    return found


def plain(text: str) -> str:
    return " ".join(text.casefold().split())
