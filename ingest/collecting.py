"""All files to chunks, and how each of the files ended."""

from collections.abc import Callable, Mapping, Sequence

from bot.answering.chunks import Chunk
from bot.errors import DocumentError
from ingest.chunking import chunk_document
from ingest.documents import NO_TEXT, Document, Skipped, parse_files
from ingest.files import SourceFile
from ingest.outcomes import FileOutcome, FileStatus, change_of


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
    found = parse_files(files, progress=progress)
    for file, result in zip(files, found, strict=True):
        made = chunk_document(result) if isinstance(result, Document) else []
        status, reason = _end(result, len(made))
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


def _end(result: Document | Skipped, chunks: int) -> tuple[FileStatus, str | None]:
    if isinstance(result, Skipped):
        return result.status, result.reason
    if chunks:
        return FileStatus.INDEXED, result.note
    return FileStatus.EMPTY, result.note or NO_TEXT
