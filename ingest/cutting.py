"""Cuts the text of a section into pieces of a size that can be told and searched."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from ingest.sentences import MARKDOWN

LONGEST = 180
SHORTEST = 40


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
