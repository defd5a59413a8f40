"""Documents to chunks: cut at headings, then at paragraphs, list items and rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.understanding.languages import written_in
from bot.phrases import FALLBACK
from ingest.cutting import cut
from ingest.documents import Document
from ingest.figure_references import dated_by, referred, with_figures
from ingest.sentences import MARKDOWN, plain_text, split_sentences

# Raise it when the same document would be cut in another way than before.
CHUNKER_VERSION = 3


@dataclass(slots=True)
class Section:
    """What stands under one heading; ``headings`` is the path down to it.

    ``continues`` says that it goes on, on another page, below the same heading.
    """

    headings: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    page: int | None = None
    continues: bool = False


def chunk_document(document: Document) -> list[Chunk]:
    """The chunks of a document, in reading order; every word is in one of them."""
    about, figures = document.about, document.figures
    language = written_in(document.body) if figures else FALLBACK
    pieces = [
        (section, written, text, found)
        for section in told_apart(
            sections(document.body, title=about.title, pages=document.pages)
        )
        for written in cut("\n".join(section.lines))
        for text in [with_figures(written, figures, language)]
        if (found := split_sentences(text))  # not so for a comment or a bare image
    ]
    return [
        dated_by(
            Chunk(
                id=f"{document.path}#{position}",
                document=document.path,
                position=position,
                title=about.title,
                headings=section.headings,
                page=section.page,
                text=text,
                sentences=(_heading(section.headings, about.title), *found),
                kind=about.kind,
                url=about.source,
                as_of=about.last_verified,
                valid_from=about.valid_from,
                valid_until=about.valid_until,
                facets=about.facets,
                written=written if written != text else "",
            ),
            referred("\n".join(section.lines), figures),
        )
        for position, (section, written, text, found) in enumerate(pieces)
    ]


def _heading(headings: Sequence[str], title: str) -> Sentence:
    name = headings[-1] if headings else title
    return Sentence(name, SentenceKind.HEADING)


def sections(
    body: str, *, title: str, pages: Sequence[tuple[int, int]] = ()
) -> list[Section]:
    """The text below each heading; a heading that repeats the title adds nothing.

    A page ends a section; what goes on below it has the same headings.
    """
    lines = body.split("\n")
    path: list[tuple[int, str]] = []
    found = [Section(())]
    after = 0
    for start, end, mark in _borders(MARKDOWN.parse(body), pages):
        found[-1].lines += lines[after:start]
        after = end
        if isinstance(mark, int):
            here = Section(found[-1].headings, page=mark, continues=True)
        else:
            level, words = mark
            path = [(deep, text) for deep, text in path if deep < level]
            if words and words != title:
                path.append((level, words))
            here = Section(tuple(text for _, text in path), page=found[-1].page)
        found.append(here)
    found[-1].lines += lines[after:]
    return _with_text(found)


def told_apart(found: Sequence[Section]) -> list[Section]:
    """Sections of which no two that stand elsewhere go by the same heading."""
    paths = {section.headings for section in found}
    named = Counter(path[-1] for path in paths if path)
    for section in found:
        *above, over, last = ("", "", *section.headings)[
            -max(2, len(section.headings)) :
        ]
        if over and named[last] > 1:
            section.headings = (*above, f"{over}: {last}")
    return list(found)


def _borders(
    tokens: Sequence[Token], pages: Sequence[tuple[int, int]]
) -> list[tuple[int, int, int | tuple[int, str]]]:
    """Pages (their number) and headings (level and words), with their lines."""
    borders: list[tuple[int, int, int | tuple[int, str]]] = [
        (start, start, number) for start, number in pages
    ]
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            start, end = token.map or (0, 0)
            mark = (int(token.tag[1]), plain_text(tokens[place + 1]))
            borders.append((start, end, mark))
    return sorted(borders, key=lambda border: border[:2])


def _with_text(found: Sequence[Section]) -> list[Section]:
    """Leave out headings above nothing but further headings; keep all other words."""
    kept = []
    real = [(section, _has_text(section)) for section in found]
    real = [(section, text) for section, text in real if text or not section.continues]
    for place, (section, has_text) in enumerate(real):
        if has_text:
            kept.append(section)
            continue
        below = [section for section, _ in real[place + 1 : place + 2]]
        leads = below and below[0].headings[: len(section.headings)] == section.headings
        if section.headings and not leads:
            kept.append(Section(section.headings, [section.headings[-1]], section.page))
    return kept


def _has_text(section: Section) -> bool:
    return bool(split_sentences("\n".join(section.lines)))
