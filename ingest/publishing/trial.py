"""Tries what a content would be as a document, by the very readers of a sync."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from bot.answering.chunks import Chunk
from bot.errors import DocumentError
from bot.publishing import Told, Trial
from ingest.catalogue_entries import entries_of
from ingest.chunking import chunk_document
from ingest.documents import NO_FILE, NO_TEXT, Document, parse_file
from ingest.figure_findings import figures_of_document
from ingest.figures import read_figures
from ingest.file_findings import age, noted, what_is_ours
from ingest.files import SIDECAR, SourceFile, given_file
from ingest.findings import Finding
from ingest.formats.tesseract import ocr_program
from ingest.front_matter import About, parse_front_matter
from ingest.phrasings import Catalogues
from ingest.programmes import read_programmes
from ingest.publishing.places import is_catalogue
from ingest.reading import Reader


def tried(folder: Path, name: str, content: bytes, *, today: date) -> Trial:
    """What would be told of the content, if it stood in the folder under that name.

    Raises:
        DocumentError: it would be refused; a line for each reason.
    """
    if is_catalogue(name):
        return _catalogue(folder, name, content)
    file = given_file(folder, name, content)
    if name.endswith(SIDECAR):
        return _beside(folder, file)
    if file.is_programme_list:
        return _programmes(file)
    with Reader(ocr=ocr_program()) as reader:
        found = parse_file(file, reader)
    if not isinstance(found, Document):
        raise DocumentError(f"{name}: {found.reason}")
    chunks = chunk_document(found)
    if not chunks:
        raise DocumentError(f"{name}: {found.note or NO_TEXT}")
    return _trial(name, found.about, chunks, _findings(file, found, today))


def _findings(file: SourceFile, found: Document, today: date) -> Iterator[Finding]:
    """What ``ingest check`` says of this file alone."""
    yield from what_is_ours(file)[1]
    if file.is_markdown:
        yield from figures_of_document(file, found, today)
    yield from noted(file.path, found.note)
    yield from age(file.path, found.about, today)


def _trial(
    name: str, about: About, chunks: Sequence[Chunk], findings: Iterator[Finding]
) -> Trial:
    return Trial(
        path=name,
        title=about.title,
        kind=about.kind,
        source=about.source,
        last_verified=about.last_verified,
        recheck_by=about.recheck_by,
        sections=tuple(sections_told(chunks)),
        findings=tuple(_in_words(name, one) for one in findings),
    )


def sections_told(chunks: Sequence[Chunk]) -> Iterator[Told]:
    """The sections, each of all its chunks, in the order of the text."""
    found: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        found.setdefault(chunk.name, []).append(chunk)
    for section, own in found.items():
        words = "\n\n".join(chunk.text for chunk in own)
        yield Told(name=section, headings=own[0].headings, text=words)


def _in_words(name: str, finding: Finding) -> str:
    line = finding.where.removeprefix(name).removeprefix(":")
    where = f"line {line}: " if line.isdigit() else ""
    return f"{where}{finding.message}"


def _catalogue(folder: Path, name: str, content: bytes) -> Trial:
    """A catalogue: its entries are right, and their figures are there."""
    language = PurePosixPath(name).stem
    entries = tuple(entries_of(name, language, content))
    found = Catalogues(
        entries=tuple(one for one in entries if not one.draft),
        figures=read_figures(folder),
    )
    if problems := list(found.unknown_figures()):
        raise DocumentError("\n".join(problems))
    return Trial(path=name, title=f"Catalogue: {language}", kind="catalogue")


def _beside(folder: Path, file: SourceFile) -> Trial:
    """What a file says of itself that cannot hold front matter."""
    described = file.path.removesuffix(SIDECAR)
    if not (folder / described).is_file():
        raise DocumentError(f"{file.path}: {NO_FILE}")
    text = file.content.decode("utf-8-sig", "replace")
    return _trial(file.path, parse_front_matter(file.path, text), (), iter(()))


def _programmes(file: SourceFile) -> Trial:
    documents, problems = read_programmes([file])
    chunks = [chunk for document in documents for chunk in chunk_document(document)]
    if not chunks:
        raise DocumentError("\n".join(problems) or f"{file.path}: {NO_TEXT}")
    return Trial(
        path=file.path,
        title=PurePosixPath(file.path).stem,
        kind="programme",
        sections=tuple(sections_told(chunks)),
        findings=tuple(problems),
    )
