"""Texts that refer to figures: ``{{uk.student_visa.fee}}`` is the sum as it is now.

``{{uk.student_visa.fee.as_of}}`` is the date of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.answering.chunks import Chunk
from ingest.figure_writing import sums_in
from ingest.figures import AS_OF, Figure, Figures

REFERENCE = re.compile(r"\{\{([^{}\n]*)\}\}")


def references(text: str) -> list[str]:
    """The ids of the figures that a text refers to, each once, in order."""
    return list(dict.fromkeys(_id(found) for found in REFERENCE.finditer(text)))


def with_figures(text: str, figures: Figures, language: str) -> str:
    """The text as it is told: each figure in its place.

    Where there are no figures at all, braces are braces. Who reads a text refuses those
    that are unknown; here they stay.
    """

    def written(found: re.Match[str]) -> str:
        figure = figures.get(_id(found))
        if figure is None:
            return found[0]
        dated = found[1].strip().endswith(AS_OF)
        return figure.date_written(language) if dated else figure.written(language)

    return REFERENCE.sub(written, text) if figures else text


def with_references(text: str, figures: Figures) -> str:
    """The text with a reference in place of each sum that is one figure's alone."""
    for found, *wanted in reversed(list(sums_in(text))):
        names = [
            name for name, one in figures.items() if [one.value, one.unit] == wanted
        ]
        if len(names) == 1:
            start, end = found.span()
            text = f"{text[:start]}{{{{{names[0]}}}}}{text[end:]}"
    return text


def unknown_references(
    lines: Iterable[str], figures: Figures, *, first: int = 1
) -> Iterator[tuple[int, str]]:
    """What cannot be told of a text: the number of the line, and why."""
    for number, line in enumerate(lines if figures else (), start=first):
        found = references(line)
        for name in found:
            if name not in figures:
                yield number, f"there is no figure “{name}”"
        if found and line.lstrip().startswith("#"):
            yield number, "a heading cannot refer to a figure"


def referred(text: str, figures: Figures) -> list[Figure]:
    """The figures that a text refers to."""
    return [figures[name] for name in references(text)] if figures else []


def dated_by(chunk: Chunk, figures: Sequence[Figure]) -> Chunk:
    """As old as the oldest figure of its section, and told while all of them hold."""
    if not figures:
        return chunk
    begins = (chunk.valid_from, *(one.valid_from for one in figures))
    ends = (chunk.valid_until, *(one.valid_until for one in figures))
    return replace(
        chunk,
        as_of=min(one.dated for one in figures),
        valid_from=max(filter(None, begins), default=None),
        valid_until=min(filter(None, ends), default=None),
    )


def _id(found: re.Match[str]) -> str:
    return found[1].strip().removesuffix(AS_OF)
