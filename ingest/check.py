"""Lists what is wrong, old, said twice or said differently in the documents."""

from collections.abc import Iterator, Sequence
from datetime import date
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
from ingest.documents import LEFT_OUT, NO_FILE, Document, parse_ours
from ingest.duplicates import same_chunks, same_programmes, same_texts
from ingest.figure_findings import due_figures, figures_of_document
from ingest.figures import read_figures
from ingest.files import SIDECAR, SourceFile, source_files
from ingest.findings import Finding, Trouble
from ingest.front_matter import About
from ingest.in_use import InUse, found_in_use
from ingest.links import address_problem, broken_links
from ingest.outcomes import FileStatus
from ingest.programmes import read_programmes
from ingest.progress import Progress
from ingest.recipe import recipe
from ingest.web.refreshing import problems
from ingest.web.sources import NAME as SOURCES
from ingest.web.sources import read_sources

OLD_AFTER_YEARS = 1


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
    findings = [*map(_broken, lines), *_web(settings)]
    today = clock().date()
    findings += due_figures(read_figures(settings.knowledge_dir), today)
    for file in files:
        found, wrong = _ours(file)
        findings += wrong
        if isinstance(found, Document):
            documents.append(found)
            findings += figures_of_document(file, found, today)
            findings += _noted(file.path, found.note)
        elif found:
            findings += _age(file.path, found, today)
        if _is_foreign(file) and not wrong:
            others.append(file)
    findings += [
        one for each in documents for one in _age(each.path, each.about, today)
    ]
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
        return [], [_broken(line) for line in lines]
    refused = [
        Finding(Trouble.BROKEN, end.path, f"is refused: {end.reason}")
        for end in ends
        if end.status is FileStatus.REFUSED
    ]
    notes = [one for end in ends for one in _noted(end.path, end.reason)]
    return chunks, [*refused, *notes]


def _noted(path: str, note: str | None) -> Iterator[Finding]:
    """What of a text is told to nobody, and fields that nothing reads."""
    for part in (note or "").split("; "):
        if part.startswith(LEFT_OUT) or "unknown field" in part:
            yield Finding(Trouble.BROKEN, path, part)


def _ours(file: SourceFile) -> tuple[Document | About | None, list[Finding]]:
    """What an editor wrote of a file, but for rows of a list, and what is wrong."""
    if file.is_programme_list:
        return None, []
    try:
        found = parse_ours(file)
    except DocumentError as error:
        return None, [_broken(line) for line in str(error).splitlines()]
    if isinstance(found, Document):
        return found, list(_links(file, found.about, found.body))
    if isinstance(found, About) and file.sidecar:
        return found, list(_links(file.sidecar, found, ""))
    if file.path.endswith(SIDECAR):
        return None, [Finding(Trouble.BROKEN, file.path, NO_FILE)]
    return None, []


def _broken(line: str) -> Finding:
    where, _, message = line.partition(": ")
    return Finding(Trouble.BROKEN, where, message)


def _web(settings: Settings) -> Iterator[Finding]:
    for url, problem in problems(settings.data_dir):
        yield Finding(Trouble.BROKEN, SOURCES, f"{url}: {problem}")
    try:
        read_sources(settings.knowledge_dir)
    except DocumentError as error:
        yield from map(_broken, str(error).splitlines())


def _links(file: SourceFile, about: About, body: str) -> Iterator[Finding]:
    lines = file.content.decode("utf-8", "replace").splitlines()
    links = list(broken_links(body))
    for address in (about.source, *about.sources):
        problem = address and address_problem(address)
        if address and problem:
            links.append((address, problem))
    for address, problem in links:
        line = next((n for n, text in enumerate(lines, 1) if address in text), 1)
        where = f"{file.path}:{line}"
        yield Finding(Trouble.BROKEN, where, f"{address} {problem}")


def _age(path: str, about: About, today: date) -> Iterator[Finding]:
    if about.valid_until and about.valid_until < today:
        yield Finding(Trouble.EXPIRED, path, f"valid_until was {about.valid_until}")
    elif about.recheck_by and about.recheck_by < today:
        yield Finding(Trouble.DUE, path, f"recheck_by was {about.recheck_by}")
    elif not about.recheck_by and _is_old(about.last_verified, today):
        yield Finding(
            Trouble.DUE,
            path,
            f"last_verified {about.last_verified} is more than a year ago",
        )


def _is_old(verified: date | None, today: date) -> bool:
    return verified is not None and verified < _years_before(today)


def _years_before(today: date) -> date:
    year = today.year - OLD_AFTER_YEARS
    if (today.month, today.day) == (2, 29):
        return date(year, 2, 28)
    return today.replace(year=year)
