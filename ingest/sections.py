"""The sections of all documents as they are now, as a catalogue sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering.chunks import Chunk
from bot.config import Settings
from ingest.collecting import Earlier, collect
from ingest.files import source_files
from ingest.in_use import found_in_use
from ingest.outcomes import FileOutcome
from ingest.phrasings import section_sum, section_texts, section_writings
from ingest.progress import Progress
from ingest.recipe import recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section by its name in catalogues, ``document#heading``, and all its words.

    ``written`` are the same as an editor wrote them, where they refer to figures.
    """

    name: str
    document: str
    heading: str
    title: str
    text: str
    written: str

    @property
    def sum(self) -> str:
        """What ties an answer to these very words."""
        return section_sum(self.written)


def read_chunks(settings: Settings, *, progress: Progress) -> Sequence[Chunk]:
    """The chunks of all documents; files that the index holds are not read again.

    Raises:
        DocumentError: there are no documents, or there is no text in any.
    """
    return read_files(settings, progress=progress)[0]


def read_files(
    settings: Settings, *, progress: Progress
) -> tuple[Sequence[Chunk], Sequence[FileOutcome]]:
    """The same chunks, and how each file ended; raises as ``read_chunks`` does."""
    files = source_files(settings.knowledge_dir)
    known = found_in_use(settings)
    before = known.earlier(recipe()) if known else Earlier()
    with progress.bar("reading", total=len(files)) as advance:
        return collect(files, before=before, progress=advance)


def sections_of(chunks: Sequence[Chunk], *, today: date) -> list[Section]:
    """Every section, in the order of the documents, but for those that have expired."""
    texts, written = section_texts(chunks), section_writings(chunks)
    found: dict[str, Section] = {}
    for chunk in chunks:
        expired = chunk.valid_until is not None and chunk.valid_until < today
        if chunk.name in found or expired:
            continue
        found[chunk.name] = Section(
            name=chunk.name,
            document=chunk.document,
            heading=chunk.heading,
            title=" > ".join((chunk.title, *chunk.headings)),
            text=texts[chunk.name],
            written=written[chunk.name],
        )
    return list(found.values())
