"""Changes parts of a Markdown document; every other line of it stays as it is."""

from collections.abc import Iterable, Mapping, Sequence

import yaml

from bot.errors import DocumentError
from bot.publishing import Part
from ingest.front_matter import FrontMatter
from ingest.matter_block import FENCE, split_front_matter
from ingest.sentences import MARKDOWN, plain_text

# So deep a section of a document is, where nothing says otherwise.
USUAL_LEVEL = 2
# In this order they stand in a document that has none of them yet.
ORDER = ("title", "kind", "source", "last_verified", "recheck_by", "valid_until")


def parts_of(name: str, text: str) -> list[Part]:
    """What stands above the first heading, and below each, as it is written."""
    lines = text.split("\n")
    _, start = split_front_matter(name, lines)
    marks = _headings(lines[start:], start)
    ends = [first for first, *_ in marks[1:]] + [len(lines)]
    found = []
    for number, ((first, below, level, heading), end) in enumerate(
        zip(marks, ends, strict=True)
    ):
        words = "\n".join(lines[below:end]).strip("\n")
        found.append(
            Part(
                number=number,
                level=level,
                heading=heading,
                text=words,
                lines=(first, end),
            )
        )
    return found


def with_part(
    name: str, text: str, number: int | None, *, heading: str, words: str
) -> str:
    """The text with another part in the place of one, or with one more at its end.

    Raises:
        DocumentError: there is no such part.
    """
    parts = parts_of(name, text)
    lines = text.rstrip("\n").split("\n") if number is None else text.split("\n")
    if number is None:
        level = _level_of_sections(parts)
        return "\n".join([*lines, "", *_written(level, heading, words), ""])
    if not 0 <= number < len(parts):
        raise DocumentError(f"{name}: has no section {number}")
    part = parts[number]
    first, end = part.lines
    level = part.level or (USUAL_LEVEL if heading.strip() else 0)
    after = lines[end:]
    new = _written(level, heading, words)
    return "\n".join([*lines[:first], *new, "", *after])


def without_part(name: str, text: str, number: int) -> str:
    """The text without one of its parts.

    Raises:
        DocumentError: there is no such part.
    """
    parts = parts_of(name, text)
    if not 0 <= number < len(parts):
        raise DocumentError(f"{name}: has no section {number}")
    first, end = parts[number].lines
    lines = text.split("\n")
    return "\n".join([*lines[:first], *lines[end:]]).rstrip("\n") + "\n"


def with_matter(name: str, text: str, fields: Mapping[str, str]) -> str:
    """The text with these fields of front matter; an empty one is taken out."""
    lines = text.split("\n")
    _, start = split_front_matter(name, lines)
    if not start:
        block = [_field(key, fields[key]) for key in _ordered(fields) if fields[key]]
        return "\n".join([FENCE, *block, FENCE, *lines])
    matter, rest = lines[1 : start - 1], lines[start:]
    places = _places(matter)
    added = []
    for key in _ordered(fields):
        value = fields[key].strip()
        if key not in places:
            added += [_field(key, value)] if value else []
            continue
        first, end = places[key]
        gone = [""] * (end - first - bool(value))
        matter[first:end] = [_field(key, value), *gone] if value else gone
    kept = [line for line in matter if line.strip()]
    return "\n".join([lines[0], *kept, *added, lines[start - 1], *rest])


def new_document(fields: Mapping[str, str], sections: Iterable[tuple[str, str]]) -> str:
    """A document with front matter and sections (heading and text)."""
    head = [_field(key, fields[key]) for key in _ordered(fields) if fields[key].strip()]
    body: list[str] = []
    for heading, words in sections:
        body += ["", *_written(USUAL_LEVEL, heading, words)]
    return "\n".join([FENCE, *head, FENCE, *body, ""])


def matter_of(name: str, text: str) -> dict[str, str]:
    """The fields that can be changed in a form, as they are written."""
    said, _ = split_front_matter(name, text.split("\n"))
    about = said.about
    if about is None:
        return dict.fromkeys(ORDER, "") | {"title": said.title or ""}
    return {key: str(getattr(about, key) or "") for key in ORDER}


def _ordered(fields: Mapping[str, str]) -> list[str]:
    unknown = fields.keys() - FrontMatter.model_fields.keys()
    if unknown:
        raise DocumentError(f"{min(unknown)}: unknown field")
    first = [key for key in ORDER if key in fields]
    return first + sorted(fields.keys() - set(first))


def _field(key: str, value: str) -> str:
    """A line of front matter; quoted only where it has to be."""
    words = " ".join(value.split())
    plain = f"{key}: {words}"
    try:
        is_read = yaml.load(plain, Loader=yaml.BaseLoader) == {key: words}  # noqa: S506  texts only
    except yaml.YAMLError:
        is_read = False
    return plain if is_read else f"{key}: {_quoted(words)}"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _places(matter: Sequence[str]) -> dict[str, tuple[int, int]]:
    """From which line to which each field stands."""
    tree = yaml.compose("\n".join(matter), Loader=yaml.BaseLoader)
    keys = [key for key, _ in tree.value] if tree else []
    starts = [key.start_mark.line for key in keys]
    ends = [*starts[1:], len(matter)]
    return {
        key.value: span
        for key, span in zip(keys, zip(starts, ends, strict=True), strict=True)
    }


def _headings(body: Sequence[str], start: int) -> list[tuple[int, int, int, str]]:
    """The first line of each part, the line below its heading, its level and words."""
    marks = [(start, start, 0, "")]
    tokens = MARKDOWN.parse("\n".join(body))
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            first, below = token.map or (0, 0)
            words = plain_text(tokens[place + 1])
            marks.append((start + first, start + below, int(token.tag[1]), words))
    return marks


def _level_of_sections(parts: Sequence[Part]) -> int:
    levels = [part.level for part in parts if part.level > 1]
    return min(levels, default=USUAL_LEVEL)


def _written(level: int, heading: str, words: str) -> list[str]:
    title = " ".join(heading.split())
    head = [f"{'#' * level} {title}", ""] if level and title else []
    return [*head, *words.strip("\n").split("\n")]


class Texts:
    """These functions, as ``bot.publishing.Composer`` describes them."""

    parts = staticmethod(parts_of)
    with_part = staticmethod(with_part)
    without_part = staticmethod(without_part)
    matter = staticmethod(matter_of)
    with_matter = staticmethod(with_matter)
    new_document = staticmethod(new_document)
