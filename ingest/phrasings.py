"""How people put questions, and what is answered in other languages: catalogues.

``knowledge/languages/<language>.yaml`` has, for the sections of documents, ``asks``
(how people put it; the first one is what is offered) and perhaps an ``answer`` with
``of``, the sum of the section that it renders. One file a language, since one person
writes a language, and adds or takes away all of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from bot.answering.chunks import Ask, Chunk
from bot.errors import DocumentError
from ingest.catalogue_entries import Entry, entries_of
from ingest.figure_references import references, with_figures
from ingest.figures import NAME as FIGURES
from ingest.figures import Figures, read_figures

FOLDER = "languages"
LANGUAGES_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogues:
    """All entries of all languages: those that are used, and drafts, which are not.

    ``figures`` are those that their answers may refer to.
    """

    entries: tuple[Entry, ...] = ()
    drafts: tuple[Entry, ...] = ()
    figures: Figures = field(default_factory=dict, hash=False)

    def added_to(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks with what the catalogues have for them, and nothing else.

        What belongs to a section stands with its first chunk. A stale answer, one of
        other words than the section has now, is left out, and so is one that refers to
        figures of which the section knows nothing.
        """
        by_section: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_section.setdefault(entry.section, []).append(entry)
        written = section_writings(chunks)
        return [
            self._with(chunk, by_section.pop(chunk.name, ()), written[chunk.name])
            for chunk in chunks
        ]

    def unknown(self, chunks: Iterable[Chunk]) -> list[Entry]:
        """Entries for sections that are not there."""
        names = {chunk.name for chunk in chunks}
        every = (*self.entries, *self.drafts)
        return [entry for entry in every if entry.section not in names]

    def stale(self, chunks: Sequence[Chunk]) -> list[Entry]:
        """Entries with an answer to a section that has changed since."""
        sums = section_sums(chunks)
        return [
            entry
            for entry in self.entries
            if entry.answer and entry.of != sums.get(entry.section, entry.of)
        ]

    def told(self, entry: Entry) -> str:
        """An answer with its figures; empty where there is none."""
        return with_figures(entry.answer or "", self.figures, entry.language)

    def foreign(self, entry: Entry, written: str) -> list[str]:
        """The figures of an answer that its section does not refer to, as written."""
        own = references(written) if self.figures else ()
        return [one for one in self._references(entry) if one not in own]

    def unknown_figures(self) -> Iterator[str]:
        """A line for each reference to a figure that is not there."""
        for entry in self.entries:
            for name in self._references(entry):
                if name not in self.figures:
                    yield f"{entry.where}: there is no figure “{name}”"

    def _references(self, entry: Entry) -> list[str]:
        return references(entry.answer or "") if self.figures else []

    def _with(self, chunk: Chunk, entries: Iterable[Entry], written: str) -> Chunk:
        now = section_sum(written)
        asks = tuple(Ask(one.language, ask) for one in entries for ask in one.asks)
        answers = {
            one.language: self.told(one)
            for one in entries
            if one.answer and one.of == now and not self.foreign(one, written)
        }
        return replace(chunk, asks=asks, answers=answers)


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
            entries += _entries(f"{FOLDER}/{path.name}", path.stem, content)
        except DocumentError as error:
            problems.append(str(error))
    if problems:
        raise DocumentError("\n".join(problems))
    found = Catalogues(
        entries=tuple(entry for entry in entries if not entry.draft),
        drafts=tuple(entry for entry in entries if entry.draft),
        figures=read_figures(knowledge_dir),
    )
    if unknown := list(found.unknown_figures()):
        raise DocumentError("\n".join(unknown))
    return found


def catalogues_sum(knowledge_dir: Path) -> str:
    """Changes with any catalogue or figure; empty where there is none."""
    digest = blake2b(digest_size=16)
    files = list(_files(knowledge_dir))
    figures = knowledge_dir / FIGURES
    if figures.is_file():
        files.append((figures, figures.read_bytes()))
    for path, content in files:
        digest.update(f"{path.name}\0".encode() + content)
    return digest.hexdigest() if files else ""


def section_sums(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """A short sum of the words of every section; another figure is no other word."""
    return {name: section_sum(text) for name, text in section_writings(chunks).items()}


def section_writings(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """The words of every section as they were written, where they refer to figures."""
    return section_texts(
        replace(chunk, text=chunk.written or chunk.text) for chunk in chunks
    )


def section_texts(chunks: Iterable[Chunk]) -> Mapping[str, str]:
    """The words of every section, of all its chunks."""
    texts: dict[str, str] = {}
    for chunk in chunks:
        texts[chunk.name] = f"{texts.get(chunk.name, '')}\n{chunk.text}".strip()
    return texts


def section_sum(text: str) -> str:
    """The sum of a section's words; blanks make no difference."""
    return blake2b(" ".join(text.split()).encode(), digest_size=5).hexdigest()


@lru_cache(maxsize=LANGUAGES_AT_ONCE)
def _entries(name: str, language: str, content: bytes) -> tuple[Entry, ...]:
    """The entries of a catalogue; a server reads the same ones at every publication."""
    return tuple(entries_of(name, language, content))


def _files(knowledge_dir: Path) -> Iterable[tuple[Path, bytes]]:
    for path in sorted((knowledge_dir / FOLDER).glob("*.yaml")):
        try:
            yield path, path.read_bytes()
        except OSError as error:
            raise DocumentError(f"{FOLDER}/{path.name}: {error.strerror}") from error
