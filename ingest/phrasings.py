"""How people put questions, and what is answered in other languages: catalogues.

``knowledge/languages/<language>.yaml`` has, for the sections of documents, ``asks``
(how people put it; the first one is what is offered) and perhaps an ``answer`` with
``of``, the sum of the section that it renders. One file a language, since one person
writes a language, and adds or takes away all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import yaml

from bot.answering.chunks import Ask, Chunk
from bot.errors import DocumentError

FOLDER = "languages"
FIELDS = frozenset({"asks", "answer", "of", "draft"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a catalogue has for a section; ``where`` is its file and line.

    A draft has nothing to be used yet.
    """

    language: str
    section: str
    where: str
    asks: tuple[str, ...] = ()
    answer: str | None = None
    of: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogues:
    """All entries of all languages."""

    entries: tuple[Entry, ...] = ()

    def added_to(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks with what the catalogues have for them, and nothing else.

        What belongs to a section stands with its first chunk. A stale answer, one of
        other words than the section has now, is left out.
        """
        by_section: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_section.setdefault(entry.section, []).append(entry)
        sums = section_sums(chunks)
        return [
            _with(chunk, by_section.pop(chunk.name, ()), sums.get(chunk.name, ""))
            for chunk in chunks
        ]

    def unknown(self, chunks: Iterable[Chunk]) -> list[Entry]:
        """Entries for sections that are not there."""
        names = {chunk.name for chunk in chunks}
        return [entry for entry in self.entries if entry.section not in names]

    def stale(self, chunks: Sequence[Chunk]) -> list[Entry]:
        """Entries with an answer to a section that has changed since."""
        sums = section_sums(chunks)
        return [
            entry
            for entry in self.entries
            if entry.answer and entry.of != sums.get(entry.section, entry.of)
        ]


def read_catalogues(knowledge_dir: Path) -> Catalogues:
    """Every catalogue below a folder of documents.

    Raises:
        DocumentError: files are not as they should be; a line for each says where and
            why.
    """
    entries: list[Entry] = []
    problems = []
    for path, content in _files(knowledge_dir):
        try:
            entries += _read(path, content)
        except DocumentError as error:
            problems.append(str(error))
    if problems:
        raise DocumentError("\n".join(problems))
    return Catalogues(entries=tuple(entries))


def catalogues_sum(knowledge_dir: Path) -> str:
    """Changes with any catalogue; empty where there is none."""
    digest = blake2b(digest_size=16)
    files = list(_files(knowledge_dir))
    for path, content in files:
        digest.update(f"{path.name}\0".encode() + content)
    return digest.hexdigest() if files else ""


def section_sums(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """A short sum of the words of every section."""
    return {name: section_sum(text) for name, text in section_texts(chunks).items()}


def section_texts(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """The words of every section, of all its chunks."""
    texts: dict[str, str] = {}
    for chunk in chunks:
        texts[chunk.name] = f"{texts.get(chunk.name, '')}\n{chunk.text}".strip()
    return texts


def section_sum(text: str) -> str:
    """The sum of a section's words; blanks make no difference."""
    return blake2b(" ".join(text.split()).encode(), digest_size=5).hexdigest()


def _files(knowledge_dir: Path) -> Iterable[tuple[Path, bytes]]:
    for path in sorted((knowledge_dir / FOLDER).glob("*.yaml")):
        try:
            yield path, path.read_bytes()
        except OSError as error:
            raise DocumentError(f"{FOLDER}/{path.name}: {error.strerror}") from error


def _with(chunk: Chunk, entries: Iterable[Entry], now: str) -> Chunk:
    asks = tuple(Ask(one.language, ask) for one in entries for ask in one.asks)
    answers = {
        one.language: one.answer for one in entries if one.answer and one.of == now
    }
    return replace(chunk, asks=asks, answers=answers)


def _read(path: Path, content: bytes) -> Iterable[Entry]:
    name = f"{FOLDER}/{path.name}"
    root = _composed(name, content)
    if root is None:
        return []
    return [
        _entry(name, path.stem, f"{document.value}#{heading.value}", (heading, node))
        for document, sections in _pairs(name, root)
        for heading, node in _pairs(name, sections)
    ]


def _composed(name: str, content: bytes) -> yaml.Node | None:
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


def _entry(
    name: str, language: str, section: str, pair: tuple[yaml.Node, yaml.Node]
) -> Entry:
    heading, node = pair
    fields: dict[str, yaml.Node] = {}
    for key, value in _pairs(name, node):
        if key.value not in FIELDS:
            where = _where(name, key)
            raise DocumentError(f"{where}: there is no field {key.value!r}")
        fields[key.value] = value
    where = _where(name, heading)
    if _is_draft(name, fields.get("draft")):
        return Entry(language=language, section=section, where=where, draft=True)
    answer, of = (_text(name, key, fields.get(key)) for key in ("answer", "of"))
    if answer and not of:
        raise DocumentError(
            f"{where}: an answer needs the sum of its section in the field of"
        )
    return Entry(
        language=language,
        section=section,
        where=where,
        asks=_asks(name, fields.get("asks")),
        answer=answer,
        of=of,
    )


def _is_draft(name: str, node: yaml.Node | None) -> bool:
    if node is not None and node.value not in {"true", "false"}:
        raise DocumentError(f"{_where(name, node)}: draft must be true or false")
    return node is not None and node.value == "true"


def _asks(name: str, node: yaml.Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        where = _where(name, node)
        raise DocumentError(f"{where}: asks must be a list of questions")
    texts = (_text(name, "asks", one) for one in node.value)
    return tuple(text for text in texts if text)


def _text(name: str, field: str, node: yaml.Node | None) -> str | None:
    if node is None:
        return None
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise DocumentError(f"{_where(name, node)}: {field} must be a text")
    return str(node.value.strip())


def _pairs(name: str, node: yaml.Node) -> Iterable[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        where = _where(name, node)
        raise DocumentError(f"{where}: names with values are needed here")
    pairs: Iterable[tuple[yaml.Node, yaml.Node]] = node.value
    return pairs


def _where(name: str, node: yaml.Node) -> str:
    return f"{name}:{node.start_mark.line + 1}"
