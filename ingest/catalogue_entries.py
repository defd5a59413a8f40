"""One catalogue as it is read: its entries, and where one is not as it should be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import yaml

from bot.errors import DocumentError

FIELDS = frozenset({"asks", "answer", "of", "draft"})
# What the mark of a draft may say, and what it keeps from being used.
DRAFTS = {
    "true": FIELDS,
    "false": frozenset[str](),
    "asks": frozenset({"asks"}),
    "answer": frozenset({"answer", "of"}),
}
# A document, a heading of it, and the fields below that.
Place = tuple[yaml.Node, yaml.Node, yaml.Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a catalogue has for a section; ``where`` is its file and line.

    Nothing of a ``draft`` is used yet; what the same entry has besides is an entry of
    its own.
    """

    language: str
    section: str
    where: str
    asks: tuple[str, ...] = ()
    answer: str | None = None
    of: str | None = None
    draft: bool = False


def entries_of(name: str, language: str, content: bytes) -> Iterator[Entry]:
    """The entries of a catalogue, which is called ``name`` where something is wrong.

    Raises:
        DocumentError: it is not as it should be; the text says where and why.
    """
    for document, heading, node in places(name, content):
        section = f"{document.value}#{heading.value}"
        yield from _entries(name, (language, section, where_of(name, heading)), node)


def places(name: str, content: bytes) -> Iterator[Place]:
    """Every entry of a catalogue as it stands in the file, in order."""
    root = composed(name, content)
    if root is None:
        return
    for document, sections in pairs(name, root):
        for heading, node in pairs(name, sections):
            yield document, heading, node


def composed(name: str, content: bytes) -> yaml.Node | None:
    """All of a catalogue; None of an empty one."""
    try:
        root: yaml.Node | None = yaml.compose(
            content.decode("utf-8-sig"), Loader=yaml.CSafeLoader
        )
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{name}:{line}: not UTF-8; save it as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or "damaged"
        raise DocumentError(f"{where}: not YAML: {problem}") from error
    return root


def pairs(name: str, node: yaml.Node) -> Iterable[tuple[yaml.Node, yaml.Node]]:
    """The names of a mapping, and what stands below them."""
    if not isinstance(node, yaml.MappingNode):
        where = where_of(name, node)
        raise DocumentError(f"{where}: names with values are needed here")
    found: Iterable[tuple[yaml.Node, yaml.Node]] = node.value
    return found


def where_of(name: str, node: yaml.Node | None) -> str:
    """The file and the line of a node."""
    return f"{name}:{node.start_mark.line + 1}" if node else name


def _entries(name: str, head: tuple[str, str, str], node: yaml.Node) -> Iterator[Entry]:
    """What is used of an entry, and what is a draft."""
    language, section, where = head
    fields: dict[str, yaml.Node] = {}
    for key, value in pairs(name, node):
        if key.value not in FIELDS:
            place = where_of(name, key)
            raise DocumentError(f"{place}: there is no field {key.value!r}")
        fields[key.value] = value
    held = _held(name, fields.get("draft"))
    entry = Entry(language=language, section=section, where=where)
    if "draft" not in held:
        yield _used(name, entry, {key: fields[key] for key in fields.keys() - held})
    if "draft" in held or held & fields.keys():
        yield _drafted(entry, {key: fields[key] for key in fields.keys() & held})


def _held(name: str, node: yaml.Node | None) -> frozenset[str]:
    """The fields that the mark of a draft is about."""
    mark = "false" if node is None else node.value
    if not isinstance(mark, str) or mark not in DRAFTS:
        known = ", ".join(DRAFTS)
        raise DocumentError(f"{where_of(name, node)}: draft must be one of {known}")
    return DRAFTS[mark]


def _used(name: str, entry: Entry, fields: Mapping[str, yaml.Node]) -> Entry:
    answer, of = (_text(name, key, fields.get(key)) for key in ("answer", "of"))
    if answer and not of:
        raise DocumentError(
            f"{entry.where}: an answer needs the sum of its section in the field of"
        )
    return replace(entry, asks=_asks(name, fields.get("asks")), answer=answer, of=of)


def _drafted(entry: Entry, fields: Mapping[str, yaml.Node]) -> Entry:
    """A draft as far as it has come: nothing of it can be wrong yet."""
    asks = fields.get("asks")
    texts = asks.value if isinstance(asks, yaml.SequenceNode) else ()
    found = (_words(node) for node in texts)
    return replace(
        entry,
        draft=True,
        asks=tuple(text for text in found if text),
        answer=_words(fields.get("answer")),
        of=_words(fields.get("of")),
    )


def _asks(name: str, node: yaml.Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        where = where_of(name, node)
        raise DocumentError(f"{where}: asks must be a list of questions")
    texts = (_text(name, "asks", one) for one in node.value)
    return tuple(text for text in texts if text)


def _text(name: str, field: str, node: yaml.Node | None) -> str | None:
    if node is None:
        return None
    words = _words(node)
    if words is None:
        raise DocumentError(f"{where_of(name, node)}: {field} must be a text")
    return words


def _words(node: yaml.Node | None) -> str | None:
    """The text that stands there, if there is one."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    return str(node.value.strip()) or None
