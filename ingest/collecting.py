"""All files to chunks, and how each of the files ended."""

from collections.abc import Callable, Mapping, Sequence

from bot.answering.chunks import Chunk
from bot.errors import DocumentError
from ingest.chunking import chunk_document
from ingest.documents import NO_TEXT, Document, Skipped, parse_files
from ingest.files import SourceFile
from ingest.outcomes import FileOutcome, FileStatus, change_of
from ingest.programmes import read_programmes


def collect(
    files: Sequence[SourceFile],
    *,
    before: Mapping[str, FileOutcome],
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[list[Chunk], list[FileOutcome]]:
    """The chunks of all files, and an outcome for each, compared with ``before``.

    Raises:
        DocumentError: some texts are broken, or there is no text in any file.
    """
    chunks: list[Chunk] = []
    outcomes = []
    texts = [file for file in files if not file.is_programme_list]
    parsed = parse_files(texts, progress=progress)
    results = {file.path: found for file, found in zip(texts, parsed, strict=True)}
    for file in files:
        if file.is_programme_list:
            made, status, reason = _listed(file)
        else:
            made, status, reason = _read(results[file.path])
        chunks += made
        outcomes.append(
            FileOutcome(
                path=file.path,
                status=status,
                change=change_of(file.path, file.digest, before),
                digest=file.digest,
                chunks=len(made),
                reason=reason,
            )
        )
    if not chunks:
        reasons = [f"{outcome.path}: {outcome.reason}" for outcome in outcomes]
        reasons.insert(0, "there is no text in any of the documents")
        raise DocumentError("\n".join(reasons))
    return chunks, outcomes


def _listed(file: SourceFile) -> tuple[list[Chunk], FileStatus, str | None]:
    """The programmes of a list; the reason names the rows that were left out."""
    documents, problems = read_programmes([file])
    made = [chunk for document in documents for chunk in chunk_document(document)]
    status = FileStatus.INDEXED if made else FileStatus.REFUSED
    return made, status, "; ".join(problems) or (None if made else NO_TEXT)


def _read(
    result: Document | Skipped,
) -> tuple[list[Chunk], FileStatus, str | None]:
    made = chunk_document(result) if isinstance(result, Document) else []
    return made, *_end(result, len(made))


def _end(result: Document | Skipped, chunks: int) -> tuple[FileStatus, str | None]:
    if isinstance(result, Skipped):
        return result.status, result.reason
    if chunks:
        return FileStatus.INDEXED, result.note
    return FileStatus.EMPTY, result.note or NO_TEXT
