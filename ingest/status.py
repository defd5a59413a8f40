"""How far the catalogues of each language have come: ``python -m ingest status``."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.clock import Clock, utc_now
from bot.config import Settings
from ingest.catalogue_entries import Entry
from ingest.phrasings import read_catalogues
from ingest.progress import Progress
from ingest.sections import read_files


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageStatus:
    """Of how many sections a catalogue has what.

    ``answers`` are those in use; ``stale`` ones are to sections that have changed,
    ``unknown`` entries to sections that are not there.
    """

    language: str
    asks: int
    answers: int
    stale: int
    drafts: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShare:
    """How much of the words that can be seen in a file was taken (0 to 1)."""

    path: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The sections that there are, each language, and what was taken of web pages.

    ``ended`` of them are left out: they, or a figure that they refer to, have ended.
    """

    sections: int
    languages: Sequence[LanguageStatus]
    ended: int = 0
    files: Sequence[FileShare] = ()


def status(
    settings: Settings, *, progress: Progress | None = None, clock: Clock = utc_now
) -> Status:
    """Count over the documents and catalogues as they are now.

    Raises:
        DocumentError: documents or catalogues are broken.
    """
    chunks, ends = read_files(settings, progress=progress or Progress())
    catalogues = read_catalogues(settings.knowledge_dir)
    stale = frozenset(catalogues.stale(chunks))
    unknown = frozenset(catalogues.unknown(chunks))
    today = clock().date()
    lasting = ((chunk.name, chunk.valid_until) for chunk in chunks)
    return Status(
        ended=len({name for name, end in lasting if end and end < today}),
        sections=len({chunk.name for chunk in chunks}),
        languages=[
            LanguageStatus(
                language=language,
                asks=_sections(one for one in own if one.asks and not one.draft),
                answers=_sections(
                    one
                    for one in own
                    if one.answer and not one.draft and one not in stale
                ),
                stale=_sections(one for one in own if one in stale),
                drafts=_sections(one for one in own if one.draft),
                unknown=_sections(one for one in unknown if one.language == language),
            )
            for language, own in _by_language(
                (*catalogues.entries, *catalogues.drafts), unknown
            )
        ],
        files=tuple(
            FileShare(path=end.path, share=round(end.share, 2))
            for end in ends
            if end.share is not None
        ),
    )


def in_words(found: Status) -> str:
    """A table for a terminal."""
    header = ("language", "asks", "answers", "stale", "drafts", "unknown")
    rows: list[tuple[str, ...]] = [header]
    for one in found.languages:
        numbers = (one.asks, one.answers, one.stale, one.drafts, one.unknown)
        rows.append((one.language, *map(str, numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ended = f", {found.ended} left out: they, or their figures, have ended"
    lines = [f"{found.sections} sections{ended if found.ended else ''}"]
    for name, *cells in rows if found.languages else []:
        aligned = [
            f"{cell:>{size}}" for cell, size in zip(cells, widths[1:], strict=True)
        ]
        lines.append("  ".join((f"{name:{widths[0]}}", *aligned)))
    lines += [f"{one.path}: {one.share:.0%} of its words taken" for one in found.files]
    return "\n".join(lines)


def _by_language(
    entries: Iterable[Entry], unknown: Collection[Entry]
) -> Iterable[tuple[str, list[Entry]]]:
    """The languages with their entries for sections that are there."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        own = found.setdefault(entry.language, [])
        if entry not in unknown:
            own.append(entry)
    return found.items()


def _sections(entries: Iterable[Entry]) -> int:
    return len({entry.section for entry in entries})
