"""All files to chunks, and how each of the files ended."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from bot.answering.chunks import Chunk
from bot.errors import DocumentError
from ingest.chunking import chunk_document
from ingest.documents import NO_TEXT, Document, Skipped, parse_files
from ingest.files import SourceFile
from ingest.outcomes import FileOutcome, FileStatus, change_of
from ingest.programmes import read_programmes

# The chunks of a file, and what became of it.
End = tuple[Sequence[Chunk], FileOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the generation before made of each file, by path.

    ``chunks`` holds those of files that are not to be read again if they are the same.
    """

    outcomes: Mapping[str, FileOutcome] = field(default_factory=dict)
    chunks: Mapping[str, Sequence[Chunk]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, outcomes: Sequence[FileOutcome], chunks: Sequence[Chunk] | None
    ) -> "Earlier":
        """From a generation's outcomes and its chunks, which lie in the same order."""
        by_path = {outcome.path: outcome for outcome in outcomes}
        ends = list(accumulate(outcome.chunks for outcome in outcomes))
        if chunks is None or len(chunks) != (ends[-1] if ends else 0):
            return cls(outcomes=by_path)
        kept = {
            outcome.path: chunks[end - outcome.chunks : end]
            for outcome, end in zip(outcomes, ends, strict=True)
            if outcome.status is not FileStatus.REFUSED
        }
        return cls(outcomes=by_path, chunks=kept)

    def difference(self, path: str, made: Sequence[Chunk]) -> Mapping[str, int]:
        """How many chunks of a file are new, kept and gone, if it is known."""
        if path not in self.chunks:
            return {}
        before = Counter(chunk.searchable for chunk in self.chunks[path])
        now = Counter(chunk.searchable for chunk in made)
        return {
            "added": (now - before).total(),
            "kept": (now & before).total(),
            "gone": (before - now).total(),
        }

    def end_of(self, file: SourceFile) -> End | None:
        """How a file ended that has not changed, if its chunks are known."""
        known = self.outcomes.get(file.path)
        if known is None or file.problem or known.digest != file.digest:
            return None
        chunks = self.chunks.get(file.path)
        return None if chunks is None else (chunks, known.unchanged())

    def is_settled(self, file: SourceFile) -> bool:
        """Whether there is no use in reading a file again."""
        end = self.end_of(file)
        return end is not None and not end[1].may_pass


def collect(
    files: Sequence[SourceFile],
    *,
    before: Earlier,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[list[Chunk], list[FileOutcome]]:
    """The chunks of all files, and an outcome for each, compared with ``before``.

    Raises:
        DocumentError: some texts are broken, or there is no text in any file.
    """
    chunks: list[Chunk] = []
    outcomes = []
    results = _parsed(files, before, progress)
    for file in files:
        end = before.end_of(file)
        if end is None or not before.is_settled(file):
            end = _better(end, _made(file, results.get(file.path), before))
        made, outcome = end
        chunks += made
        outcomes.append(outcome)
    if not chunks:
        reasons = [f"{outcome.path}: {outcome.reason}" for outcome in outcomes]
        reasons.insert(0, "there is no text in any of the documents")
        raise DocumentError("\n".join(reasons))
    return chunks, outcomes


def _parsed(
    files: Sequence[SourceFile], before: Earlier, progress: Callable[[int], None]
) -> dict[str, Document | Skipped]:
    """What became of each file that has to be read, but for lists of programmes."""
    texts = [
        file
        for file in files
        if not file.is_programme_list and not before.is_settled(file)
    ]
    progress(len(files) - len(texts))
    found = parse_files(texts, progress=progress)
    return {file.path: result for file, result in zip(texts, found, strict=True)}


def _better(before: End | None, now: End) -> End:
    """How a file ended now, unless no more of it could be read than before."""
    if before is None or not now[1].may_pass:
        return now
    return max(before, now, key=lambda end: len(end[0]))


def _made(file: SourceFile, result: Document | Skipped | None, before: Earlier) -> End:
    made, status, reason = _listed(file) if result is None else _read(result)
    return made, FileOutcome(
        path=file.path,
        status=status,
        change=change_of(file.path, file.digest, before.outcomes),
        digest=file.digest,
        chunks=len(made),
        reason=reason,
        may_pass=result is not None and result.may_pass,
        share=result.share if isinstance(result, Document) else None,
        **before.difference(file.path, made),
    )


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
