"""What a sync did, as an editor reads it: a sentence, and a table of files."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.outcomes import Change, FileOutcome, FileStatus, SyncReport

# With more files than this, only those that something is to be said of are listed.
FEW = 30
WIDEST = 60


def in_words(report: SyncReport) -> str:
    """The report for a terminal."""
    return "\n".join([_summary(report), *_table(report)])


def _summary(report: SyncReport) -> str:
    size = f"{report.documents} documents, {report.chunks} chunks"
    if not report.changed:
        return f"nothing changed: {size}; nothing embedded"
    return (
        f"indexed {size}: {report.embedded} texts embedded, {report.reused} reused, "
        f"{report.seconds:.1f} s; now using {report.generation}"
    )


def _table(report: SyncReport) -> Iterator[str]:
    rows = [_row(file) for file in _worth_telling(report)]
    rows += [(path, "removed", "", "", "") for path in report.removed]
    if not rows:
        return
    header = ("file", "status", "chunks", "changed", "reason")
    widths = [
        min(WIDEST, max(len(row[place]) for row in [header, *rows]))
        for place in range(4)
    ]
    yield ""
    for name, status, chunks, changed, reason in [header, *rows]:
        line = (
            f"{name:{widths[0]}}  {status:{widths[1]}}  {chunks:>{widths[2]}}  "
            f"{changed:{widths[3]}}  {reason}"
        )
        yield line.rstrip()
    yield ""
    counts = Counter(file.status for file in report.files)
    told = ", ".join(f"{counts[status]} {status}" for status in FileStatus)
    yield f"{len(report.files)} files: {told}"


def _worth_telling(report: SyncReport) -> Sequence[FileOutcome]:
    if report.changed and len(report.files) <= FEW:
        return report.files
    return [
        file
        for file in report.files
        if file.status is not FileStatus.INDEXED or file.change is not Change.SAME
    ]


def _row(file: FileOutcome) -> tuple[str, str, str, str, str]:
    told = "" if file.change is Change.SAME else f" ({file.change})"
    counts = f"{file.added} new, {file.kept} kept, {file.gone} gone"
    changed = "" if file.added is None else counts
    status = f"{file.status}{told}"
    return file.path, status, str(file.chunks), changed, file.reason or ""
