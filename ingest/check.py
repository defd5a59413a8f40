"""Lists what is wrong, old, said twice or said differently in the documents."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.answering.chunks import Chunk, Role
from bot.answering.encoding.encoder import Encoder
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.errors import DocumentError
from ingest.catalogue_findings import catalogue_findings
from ingest.checked_texts import Texts
from ingest.chunking import chunk_document
from ingest.collecting import Earlier, collect
from ingest.contradictions import contradictions
from ingest.documents import Document
from ingest.duplicates import same_chunks, same_programmes, same_texts
from ingest.figure_findings import due_figures, figures_of_document
from ingest.figures import read_figures
from ingest.file_findings import age, broken, noted, what_is_ours
from ingest.files import SIDECAR, SourceFile, source_files
from ingest.findings import Finding, Trouble
from ingest.in_use import InUse, found_in_use
from ingest.outcomes import FileStatus
from ingest.programmes import read_programmes
from ingest.progress import Progress
from ingest.recipe import recipe
from ingest.web.refreshing import problems
from ingest.web.sources import NAME as SOURCES
from ingest.web.sources import read_sources


def check(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    clock: Clock = utc_now,
) -> list[Finding]:
    """Everything that somebody has to look at, by kind and place.

    Raises:
        DocumentError: there is no folder of documents, or nothing in it.
    """
    files = source_files(settings.knowledge_dir)
    known = found_in_use(settings)
    others: list[SourceFile] = []
    documents, lines = read_programmes(files)
    findings = [*map(broken, lines), *_web(settings)]
    today = clock().date()
    findings += due_figures(read_figures(settings.knowledge_dir), today)
    for file in files:
        found, wrong = what_is_ours(file)
        findings += wrong
        if isinstance(found, Document):
            documents.append(found)
            findings += figures_of_document(file, found, today)
            findings += noted(file.path, found.note)
        elif found:
            findings += age(file.path, found, today)
        if _is_foreign(file) and not wrong:
            others.append(file)
    findings += [one for each in documents for one in age(each.path, each.about, today)]
    progress = progress or Progress()
    chunks = [chunk for document in documents for chunk in chunk_document(document)]
    read, refused = _read(others, known, progress)
    chunks += read
    findings += refused
    texts = Texts(
        settings,
        known.generation if known else None,
        encoder=encoder or Encoder(settings.embedding_model),
        progress=progress,
    )
    findings += texts.findings
    findings += _compared(documents, chunks, texts)
    findings += catalogue_findings(settings.knowledge_dir, chunks, texts)
    order = list(Trouble)
    return sorted(set(findings), key=lambda one: (order.index(one.trouble), one))


def _compared(
    documents: Sequence[Document], chunks: Sequence[Chunk], texts: Texts
) -> Iterator[Finding]:
    yield from contradictions(documents, chunks)
    twice = list(same_texts(_texts(documents, chunks)))
    whole = {finding.where for finding in twice}
    twice += same_programmes(one for one in documents if one.path not in whole)
    yield from twice
    whole = {finding.where for finding in twice}
    rest = [chunk for chunk in chunks if chunk.document not in whole]
    if rest:
        words = [(chunk.searchable, Role.PASSAGE) for chunk in rest]
        yield from same_chunks(rest, texts.vectors(words))


def _texts(documents: Sequence[Document], chunks: Sequence[Chunk]) -> dict[str, str]:
    """The words of every document; of a file of another format, those of its chunks."""
    texts = {document.path: document.body for document in documents}
    for path, found in groupby(chunks, key=lambda chunk: chunk.document):
        if path not in texts:
            texts[path] = " ".join(chunk.text for chunk in found)
    return texts


def _is_foreign(file: SourceFile) -> bool:
    return not (
        file.is_markdown or file.is_programme_list or file.path.endswith(SIDECAR)
    )


def _read(
    files: Sequence[SourceFile], known: InUse | None, progress: Progress
) -> tuple[Sequence[Chunk], Sequence[Finding]]:
    """The chunks of files of other formats, those of the index where it has them.

    With them come the files that are refused, and what is left out of others.
    """
    if not files:
        return [], []
    before = known.earlier(recipe()) if known else Earlier()
    try:
        with progress.bar("reading", total=len(files)) as advance:
            chunks, ends = collect(files, before=before, progress=advance)
    except DocumentError as error:
        lines = str(error).splitlines()[1:]  # there is no text in any of them
        return [], [broken(line) for line in lines]
    refused = [
        Finding(Trouble.BROKEN, end.path, f"is refused: {end.reason}")
        for end in ends
        if end.status is FileStatus.REFUSED
    ]
    notes = [one for end in ends for one in noted(end.path, end.reason)]
    return chunks, [*refused, *notes]


def _web(settings: Settings) -> Iterator[Finding]:
    for url, problem in problems(settings.data_dir):
        yield Finding(Trouble.BROKEN, SOURCES, f"{url}: {problem}")
    try:
        read_sources(settings.knowledge_dir)
    except DocumentError as error:
        yield from map(broken, str(error).splitlines())
