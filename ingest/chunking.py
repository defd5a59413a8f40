"""Documents to chunks: cut at headings, then at paragraphs, list items and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.answering.chunks import Chunk
from bot.answering.sentences import MARKDOWN, split_sentences
from ingest.documents import Document

# Raise it when the same document would be cut in another way than before.
CHUNKER_VERSION = 1
LONGEST = 180
SHORTEST = 40


@dataclass(slots=True)
class Section:
    """What stands under one heading; ``headings`` is the path down to it."""

    headings: tuple[str, ...]
    lines: list[str] = field(default_factory=list)


def chunk_document(document: Document) -> list[Chunk]:
    """The chunks of a document, in reading order; every word is in one of them."""
    about = document.about
    pieces = [
        (section.headings, text, found)
        for section in sections(document.body, title=about.title)
        for text in cut("\n".join(section.lines))
        if (found := split_sentences(text))  # not so for a comment or a bare image
    ]
    return [
        Chunk(
            id=f"{document.path}#{position}",
            document=document.path,
            position=position,
            title=about.title,
            headings=headings,
            text=text,
            sentences=found,
            kind=about.kind,
            url=about.source,
            as_of=about.last_verified,
            valid_from=about.valid_from,
            valid_until=about.valid_until,
            facets=about.facets,
        )
        for position, (headings, text, found) in enumerate(pieces)
    ]


def sections(body: str, *, title: str) -> list[Section]:
    """The text below each heading; a heading that repeats the title adds nothing."""
    lines = body.split("\n")
    path: list[tuple[int, str]] = []
    found = [Section(())]
    after = 0
    for token, words in _headings(MARKDOWN.parse(body)):
        start, end = token.map or (0, 0)
        found[-1].lines += lines[after:start]
        after = end
        level = int(token.tag[1])
        path = [(deep, text) for deep, text in path if deep < level]
        if words and words != title:
            path.append((level, words))
        found.append(Section(tuple(text for _, text in path)))
    found[-1].lines += lines[after:]
    return _with_text(found)


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
    whole = ["\n\n".join(piece).strip() for piece in pieces]
    if len(whole) > 1 and len(whole[-1].split()) < SHORTEST:
        last = whole.pop()
        whole[-1] = f"{whole[-1]}\n\n{last}"
    return [piece for piece in whole if piece]


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            inline = split_sentences(tokens[place + 1].content)
            yield token, " ".join(sentence.text for sentence in inline)


def _with_text(found: Sequence[Section]) -> list[Section]:
    """Leave out headings above nothing but further headings; keep all other words."""
    kept = []
    for place, section in enumerate(found):
        if any(line.strip() for line in section.lines):
            kept.append(section)
            continue
        below = found[place + 1 :]
        leads = below and below[0].headings[: len(section.headings)] == section.headings
        if section.headings and not leads:
            kept.append(Section(section.headings, [section.headings[-1]]))
    return kept


def _blocks(text: str) -> Iterator[str]:
    """Top-level blocks; long lists and tables come apart, between items and rows."""
    lines = text.split("\n")
    end = 0
    for token in MARKDOWN.parse(text):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        start, stop = token.map
        # Lines that belong to no block (link definitions, say) stay with the next one.
        block = lines[min(start, end) : stop]
        end = stop
        if len(" ".join(block).split()) <= LONGEST:
            yield "\n".join(block)
        elif token.type == "table_open":
            yield from _table_parts(block)
        else:
            yield from _line_parts(block)
    if rest := "\n".join(lines[end:]).strip():
        yield rest


def _table_parts(lines: Sequence[str]) -> Iterator[str]:
    header, rows = list(lines[:2]), lines[2:]
    part: list[str] = []
    for row in rows:
        if part and len(" ".join([*header, *part, row]).split()) > LONGEST:
            yield "\n".join([*header, *part])
            part = []
        part.append(row)
    yield "\n".join([*header, *part])


def _line_parts(lines: Sequence[str]) -> Iterator[str]:
    part: list[str] = []
    size = 0
    for line in (piece for whole in lines for piece in _short(whole)):
        words = len(line.split())
        if part and size + words > LONGEST:
            yield "\n".join(part)
            part, size = [], 0
        part.append(line)
        size += words
    if part:
        yield "\n".join(part)


def _short(line: str) -> Iterator[str]:
    words = line.split()
    if len(words) <= LONGEST:
        yield line
        return
    for start in range(0, len(words), LONGEST // 2):
        yield " ".join(words[start : start + LONGEST // 2])
