"""What is wrong in the catalogues: sections that are gone, old answers, asks astray."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from bot.answering.chunks import Chunk
from bot.answering.writing.rendering import other_figures
from bot.errors import DocumentError
from ingest.astray_asks import asks_astray, same_words
from ingest.catalogue_entries import Entry
from ingest.checked_texts import Texts
from ingest.figure_findings import figures_of_answers
from ingest.findings import Finding, Trouble
from ingest.phrasings import (
    Catalogues,
    read_catalogues,
    section_sums,
    section_texts,
)


def catalogue_findings(
    knowledge_dir: Path, chunks: Sequence[Chunk], texts: Texts
) -> Iterator[Finding]:
    """Everything that somebody has to look at in the catalogues."""
    try:
        catalogues = read_catalogues(knowledge_dir)
    except DocumentError as error:
        for line in str(error).splitlines():
            where, _, message = line.partition(": ")
            yield Finding(Trouble.BROKEN, where, message)
        return
    sections, sums = section_texts(chunks), section_sums(chunks)
    yield from _unknown(catalogues.unknown(chunks), sections)
    yield from _stale(catalogues.stale(chunks), sums)
    known = [one for one in catalogues.entries if one.section in sections]
    yield from _other_figures(known, sections, catalogues)
    yield from figures_of_answers(known, chunks, catalogues)
    yield from _same_asks(known)
    yield from _astray(known, chunks, texts)
    drafts = [one for one in catalogues.drafts if one.section in sections]
    yield from _drafts(drafts, sums)


def _unknown(
    entries: Iterable[Entry], sections: Mapping[str, str]
) -> Iterator[Finding]:
    for entry in entries:
        like = get_close_matches(entry.section, sections, n=1)
        perhaps = f"; is it “{like[0]}” now?" if like else ""
        message = f"there is no section “{entry.section}”{perhaps}"
        yield Finding(Trouble.BROKEN, entry.where, message)


def _stale(entries: Iterable[Entry], sums: Mapping[str, str]) -> Iterator[Finding]:
    for entry in entries:
        now = sums[entry.section]
        yield Finding(
            Trouble.DUE,
            entry.where,
            f"“{entry.section}” has changed since its answer was written, which is not "
            f"used any more; once it renders the section, write of: {now}",
        )


def _other_figures(
    entries: Iterable[Entry], sections: Mapping[str, str], catalogues: Catalogues
) -> Iterator[Finding]:
    """Answers with digits that their section has not, and those that lost some."""
    for entry in entries:
        if entry.answer is None:
            continue
        own = sections[entry.section]
        for words, listed in other_figures(catalogues.told(entry), own, entry.language):
            message = f"the answer {words} “{entry.section}”: {listed}"
            yield Finding(Trouble.CONTRADICTING, entry.where, message)


def _same_asks(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Asks that two sections share to the letter, so that neither is meant by them."""
    first: dict[str, str] = {}
    for entry in entries:
        for ask in entry.asks:
            other = first.setdefault(same_words(ask), entry.section)
            if other != entry.section:
                yield _duplicated(entry, ask, f"also stands under “{other}”")


def _astray(
    entries: Sequence[Entry], chunks: Sequence[Chunk], texts: Texts
) -> Iterator[Finding]:
    asked = [(entry, ask) for entry in entries for ask in entry.asks]
    under = [(ask, entry.section) for entry, ask in asked]
    for number, other in asks_astray(under, chunks, texts):
        yield _duplicated(*asked[number], f"is nearer to “{other}”")


def _drafts(entries: Iterable[Entry], sums: Mapping[str, str]) -> Iterator[Finding]:
    """What is not used before somebody has read it."""
    for entry in entries:
        found = (("asks", entry.asks), ("answer", entry.answer))
        parts = " and ".join(name for name, value in found if value) or "nothing yet"
        now = sums[entry.section]
        what = (
            "and has changed since; delete this answer, and have it drafted again"
            if entry.answer and entry.of and entry.of != now
            else "which is not used; once it is right, delete the line draft"
        )
        message = f"“{entry.section}” has a draft of {parts}, {what}"
        yield Finding(Trouble.DRAFT, entry.where, message)


def _duplicated(entry: Entry, ask: str, words: str) -> Finding:
    message = f"“{ask}” stands under “{entry.section}” and {words}"
    return Finding(Trouble.DUPLICATED, entry.where, message)
