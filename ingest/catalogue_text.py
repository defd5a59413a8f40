"""Puts a draft into the text of a catalogue; nothing else of the text changes."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from bot.errors import DocumentError
from ingest.catalogue_entries import DRAFTS, composed, pairs, places

HEADER = (
    "# How people ask for a section in this language, the first way being what is "
    "offered, and\n"
    "# what is answered; `of` is the sum of the section that an answer renders.\n"
)
BOM = b"\xef\xbb\xbf"
INDENT = 2
# What needs no quotes in the name of a document, beside letters and figures.
PLAIN = "/._-"
# Fields with their text, or their texts.
Fields = Mapping[str, str | Sequence[str]]
Pair = tuple[yaml.Node, yaml.Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was drafted for a section, and which documents and headings come before."""

    document: str
    heading: str
    fields: Fields
    documents: Sequence[str] = ()
    headings: Sequence[str] = ()


def with_draft(name: str, content: bytes, draft: Draft) -> bytes:
    """The catalogue with a draft in its place, marked as one.

    What it replaces stays as a comment. ``name`` is what the catalogue is called where
    something is wrong.

    Raises:
        DocumentError: it is written in a way that no draft can be put into.
    """
    page = _Page.of(name, content)
    page.put(draft)
    text = "".join(f"{line}\n" for line in page.lines)
    made = (BOM if content.startswith(BOM) else b"") + text.encode()
    if not _is_only_added(name, content, made, draft):
        raise DocumentError(
            f"{name}: is written in a way that nothing can be put under "
            f"“{draft.document}#{draft.heading}”; write it by hand"
        )
    return made


@dataclass(slots=True, kw_only=True)
class _Page:
    """The lines of a catalogue, how deep they are, and the documents named in them."""

    name: str
    lines: list[str]
    ending: str
    documents: Sequence[Pair]
    depth: int = INDENT
    deeper: int = 2 * INDENT

    @classmethod
    def of(cls, name: str, content: bytes) -> "_Page":
        root = composed(name, content)
        lines = content.decode("utf-8-sig").split("\n")
        if not lines[-1]:
            lines.pop()
        page = cls(
            name=name,
            lines=lines,
            ending="\r" if lines and lines[0].endswith("\r") else "",
            documents=list(pairs(name, root)) if root else (),
        )
        for _, heading, node in places(name, content):
            page.depth = heading.start_mark.column
            page.deeper = _column(node, page.depth + INDENT)
            break
        return page

    def put(self, draft: Draft) -> None:
        """The draft among the lines: in its entry, its document, or behind others."""
        document = _named(self.documents, draft.document)
        if document is None:
            head = f"{_key(draft.document)}:"
            at = self._behind(_last(self.documents, draft.documents), 0)
            lines = [head, *self._entry(draft)]
            self._insert(len(self.lines) if at is None else at, lines)
            return
        headings = list(pairs(self.name, document[1]))
        entry = _named(headings, draft.heading)
        if entry is not None:
            self._fill(entry[1], draft.fields)
            return
        at = self._behind(_last(headings, draft.headings), self.depth)
        first = document[0].start_mark.line + 1
        self._insert(first if at is None else at, self._entry(draft))

    def _entry(self, draft: Draft) -> list[str]:
        head = f"{' ' * self.depth}{_quoted(draft.heading)}:"
        return [head, self._marked("true"), *self._written(draft.fields)]

    def _fill(self, node: yaml.Node, new: Fields) -> None:
        """More in an entry that is there."""
        fields = {key.value: (key, value) for key, value in pairs(self.name, node)}
        end = self._end(node)
        written = list(self._written(new))
        mark = _mark(fields, new)
        if "draft" in fields:
            self._mark(fields["draft"][1], mark)
        else:
            written.insert(0, self._marked(mark))
        for key, value in (fields[name] for name in fields.keys() & new.keys()):
            self._comment_out(key, self._end(value))
        self._insert(end, written)

    def _mark(self, node: yaml.Node, mark: str) -> None:
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line]
        self.lines[start.line] = f"{line[: start.column]}{mark}{line[end.column :]}"

    def _comment_out(self, key: yaml.Node, end: int) -> None:
        column = key.start_mark.column
        for number in range(key.start_mark.line, end):
            line = self.lines[number]
            self.lines[number] = f"{line[:column]}# {line[column:]}"

    def _marked(self, mark: str) -> str:
        return f"{' ' * self.deeper}draft: {mark}"

    def _written(self, fields: Fields) -> Iterator[str]:
        blank = " " * self.deeper
        for name, value in fields.items():
            if isinstance(value, str):
                yield f"{blank}{name}: {_quoted(value)}"
            else:
                yield f"{blank}{name}:"
                yield from (f"{blank}{' ' * INDENT}- {_quoted(one)}" for one in value)

    def _insert(self, at: int, lines: Sequence[str]) -> None:
        self.lines[at:at] = [line + self.ending for line in lines]

    def _behind(self, pair: Pair | None, depth: int) -> int | None:
        """The line behind something, and the comments that stand deeper below it."""
        if pair is None:
            return None
        end = self._end(pair[1])
        for number, line in enumerate(self.lines[end:], start=end + 1):
            words = line.lstrip()
            if words.startswith("#") and len(line) - len(words) > depth:
                end = number
            elif words:
                break
        return end

    def _end(self, node: yaml.Node) -> int:
        """The line behind a node, and before the blanks and comments that follow it."""
        if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        mark = node.end_mark
        end = min(mark.line + (mark.column > 0), len(self.lines))
        while end > node.start_mark.line + 1 and not self.lines[end - 1].strip():
            end -= 1
        return int(end)


def _mark(fields: Mapping[str, Pair], new: Fields) -> str:
    """What an entry has to say of its drafts when there are new ones in it."""
    before = str(fields["draft"][1].value) if "draft" in fields else "false"
    drafted = (DRAFTS[before] & fields.keys()) | new.keys()
    if (fields.keys() | new.keys()) & {"asks", "answer"} <= drafted:
        return "true"
    return "asks" if "asks" in drafted else "answer"


def _named(known: Sequence[Pair], name: str) -> Pair | None:
    return next((pair for pair in known if pair[0].value == name), None)


def _last(known: Sequence[Pair], names: Sequence[str]) -> Pair | None:
    """The last of these names that is known."""
    found = (_named(known, name) for name in reversed(names))
    return next((pair for pair in found if pair), None)


def _column(node: yaml.Node, otherwise: int) -> int:
    """How deep the names of an entry stand."""
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        return otherwise
    return int(node.value[0][0].start_mark.column)


def _key(document: str) -> str:
    plain = all(one.isalnum() or one in PLAIN for one in document)
    return document if plain and document[:1].isalpha() else _quoted(document)


def _quoted(text: str) -> str:
    """A text in double quotes on one line, which can be nothing but a text."""
    written: str = yaml.safe_dump(
        text, default_style='"', allow_unicode=True, width=sys.maxsize
    )
    return written.rstrip("\n")


def _is_only_added(name: str, before: bytes, after: bytes, draft: Draft) -> bool:
    """Whether a catalogue says what it said, and the draft."""
    section = (draft.document, draft.heading)
    try:
        old, new = _said(name, before), _said(name, after)
    except DocumentError:
        return False
    own = [fields for place, fields in new if place == section]
    if len(own) != 1 or [one for one in new if one[0] != section] != [
        one for one in old if one[0] != section
    ]:
        return False
    was = next((fields for place, fields in old if place == section), {})
    added = {key: _listed(value) for key, value in draft.fields.items()}
    held = DRAFTS[str(own[0].pop("draft"))] & own[0].keys()
    held_before = DRAFTS[str(was.pop("draft", "false"))] & was.keys()
    return own[0] == {**was, **added} and held == held_before | added.keys()


def _listed(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _said(name: str, content: bytes) -> list[tuple[tuple[str, str], dict[str, object]]]:
    """What every entry says, without how it is written."""
    return [
        (
            (document.value, heading.value),
            {key.value: _value(value) for key, value in pairs(name, node)},
        )
        for document, heading, node in places(name, content)
    ]


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    return [_value(one) for one in node.value if isinstance(one, yaml.Node)]
