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
    """What a catalogue has for a section; ``where`` is its file and line."""

    language: str
    section: str
    where: str
    asks: tuple[str, ...] = ()
    answer: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogues:
    """All entries of all languages."""

    entries: tuple[Entry, ...] = ()

    def added_to(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks with what the catalogues have for them.

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
        DocumentError: a file is not as it should be; the text names file and line.
    """
    return Catalogues(
        entries=tuple(
            entry
            for path, content in _files(knowledge_dir)
            for entry in _read(path, content)
        )
    )


def catalogues_sum(knowledge_dir: Path) -> str:
    """Changes with any catalogue; empty where there is none."""
    digest = blake2b(digest_size=16)
    files = list(_files(knowledge_dir))
    for path, content in files:
        digest.update(f"{path.name}\0".encode() + content)
    return digest.hexdigest() if files else ""


def section_sums(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """A short sum of the words of every section."""
    texts: dict[str, str] = {}
    for chunk in chunks:
        texts[chunk.name] = f"{texts.get(chunk.name, '')}\n{chunk.text}".strip()
    return {name: section_sum(text) for name, text in texts.items()}


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
    return replace(chunk, asks=asks, answers=answers) if asks or answers else chunk


def _read(path: Path, content: bytes) -> Iterable[Entry]:
    name = f"{FOLDER}/{path.name}"
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{name}: cannot be read: {error}") from error
    if root is None:
        return []
    return [
        _entry(name, path.stem, f"{document.value}#{heading.value}", node)
        for document, sections in _pairs(name, root)
        for heading, node in _pairs(name, sections)
    ]


def _entry(name: str, language: str, section: str, node: yaml.Node) -> Entry:
    where = f"{name}:{node.start_mark.line + 1}"
    fields = {key.value: value for key, value in _pairs(name, node)}
    unknown = sorted(fields.keys() - FIELDS)
    if unknown:
        raise DocumentError(f"{where}: there is no field {unknown[0]!r}")
    if "draft" in fields:
        return Entry(language=language, section=section, where=where)
    asks = fields.get("asks")
    if asks is not None and not isinstance(asks, yaml.SequenceNode):
        raise DocumentError(f"{where}: asks must be a list of questions")
    answer, of = (_text(where, key, fields.get(key)) for key in ("answer", "of"))
    if answer and not of:
        raise DocumentError(
            f"{where}: an answer needs the sum of its section in the field of"
        )
    items = asks.value if isinstance(asks, yaml.SequenceNode) else []
    texts = (_text(where, "asks", one) for one in items)
    return Entry(
        language=language,
        section=section,
        where=where,
        asks=tuple(text for text in texts if text),
        answer=answer,
        of=of,
    )


def _text(where: str, field: str, node: yaml.Node | None) -> str | None:
    if node is None:
        return None
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise DocumentError(f"{where}: {field} must be a text")
    return str(node.value.strip())


def _pairs(name: str, node: yaml.Node) -> Iterable[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise DocumentError(f"{name}:{line}: names with values are needed here")
    pairs: Iterable[tuple[yaml.Node, yaml.Node]] = node.value
    return pairs
