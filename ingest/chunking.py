"""Documents to chunks: cut at headings, then at paragraphs, list items and rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.understanding.languages import written_in
from bot.phrases import FALLBACK
from ingest.documents import Document
from ingest.figure_references import dated_by, referred, with_figures
from ingest.sentences import MARKDOWN, plain_text, split_sentences

# Raise it when the same document would be cut in another way than before.
CHUNKER_VERSION = 3
LONGEST = 180
SHORTEST = 40


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


def cut(text: str) -> list[str]:
    """A text in pieces of at most ``LONGEST`` words, where that is possible at all."""
    pieces: list[list[str]] = [[]]
    size = 0
    for block in _blocks(text):
        words = len(block.split())
        if size and size + words > LONGEST:
            pieces.append([])
            size = 0
        pieces[-1].append(block)
        size += words
    whole = ["\n\n".join(piece) for piece in pieces]
    if len(whole) > 1 and len(whole[-1].split()) < SHORTEST:
        last = whole.pop()
        whole[-1] = f"{whole[-1]}\n\n{last}"
    return [piece for piece in whole if piece]


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


def _blocks(text: str) -> Iterator[str]:
    """Top-level blocks; long ones come apart, between items, rows or lines."""
    lines = text.split("\n")
    end = 0
    for token in MARKDOWN.parse(text):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        start, stop = token.map
        # Lines between blocks are blank, or link definitions.
        yield from _joined(lines[end:start])
        yield from _parts(token, lines[start:stop])
        end = stop
    yield from _joined(lines[end:])


def _joined(lines: Sequence[str]) -> Iterator[str]:
    if any(line.strip() for line in lines):
        yield "\n".join(lines).strip("\n")


def _parts(token: Token, lines: Sequence[str]) -> Iterator[str]:
    if _size(lines) <= LONGEST:
        yield from _joined(lines)
    elif token.type == "table_open":
        yield from _table_parts(lines)
    elif token.type == "fence":
        yield from _fence_parts(token, lines)
    else:
        yield from _line_parts(lines, LONGEST)


def _table_parts(lines: Sequence[str]) -> Iterator[str]:
    header, rows = lines[:2], lines[2:]
    for part in _packed(rows, LONGEST - _size(header)):
        yield "\n".join([*header, part])


def _fence_parts(token: Token, lines: Sequence[str]) -> Iterator[str]:
    """Parts of a long block of code; each is a block of code itself."""
    opening, closing = lines[0], token.markup
    code = lines[1:-1] if lines[-1].strip() == closing else lines[1:]
    for part in _line_parts(code, LONGEST - _size([opening, closing])):
        yield f"{opening}\n{part}\n{closing}"


def _line_parts(lines: Sequence[str], room: int) -> Iterator[str]:
    pieces: list[str] = []
    for group in _groups(lines):
        if _size(group) <= room:
            pieces.append("\n".join(group))
        else:
            pieces += [piece for line in group for piece in _short(line)]
    return _packed(pieces, room)


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """A line with those that are indented below it: a list item with its own list."""
    group: list[str] = []
    for line in lines:
        if group and line[:1].strip():
            yield group
            group = []
        group.append(line)
    yield group


def _packed(pieces: Sequence[str], room: int) -> Iterator[str]:
    """As many pieces together as fit into ``room`` words."""
    part: list[str] = []
    for piece in pieces:
        if part and _size([*part, piece]) > room:
            yield from _joined(part)
            part = []
        part.append(piece)
    yield from _joined(part)


def _short(line: str) -> Iterator[str]:
    words = line.split()
    if len(words) <= LONGEST:
        yield line
        return
    for start in range(0, len(words), LONGEST // 2):
        yield " ".join(words[start : start + LONGEST // 2])


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)
