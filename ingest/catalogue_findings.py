"""What is wrong in the catalogues: sections that are gone, old answers, asks astray."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from bot.answering.chunks import Chunk
from bot.answering.writing.figures import figures
from bot.errors import DocumentError
from ingest.astray_asks import asks_astray
from ingest.checked_texts import Texts
from ingest.findings import Finding, Trouble
from ingest.phrasings import Entry, read_catalogues, section_sum, section_texts


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
    sections = section_texts(chunks)
    yield from _unknown(catalogues.unknown(chunks), sections)
    yield from _stale(catalogues.stale(chunks), sections)
    known = [one for one in catalogues.entries if one.section in sections]
    yield from _other_figures(known, sections)
    yield from _same_asks(known)
    yield from _astray(known, chunks, texts)


def _unknown(
    entries: Iterable[Entry], sections: Mapping[str, str]
) -> Iterator[Finding]:
    for entry in entries:
        like = get_close_matches(entry.section, sections, n=1)
        perhaps = f"; is it “{like[0]}” now?" if like else ""
        message = f"there is no section “{entry.section}”{perhaps}"
        yield Finding(Trouble.BROKEN, entry.where, message)


def _stale(entries: Iterable[Entry], sections: Mapping[str, str]) -> Iterator[Finding]:
    for entry in entries:
        now = section_sum(sections[entry.section])
        yield Finding(
            Trouble.DUE,
            entry.where,
            f"“{entry.section}” has changed since its answer was written, which is not "
            f"used any more; once it renders the section, write of: {now}",
        )


def _other_figures(
    entries: Iterable[Entry], sections: Mapping[str, str]
) -> Iterator[Finding]:
    """Answers with digits that their section has not, and those that lost some."""
    for entry in entries:
        if entry.answer is None:
            continue
        own = sections[entry.section]
        if _digits(entry.answer) == _digits(own):
            continue
        language = entry.language.partition("-")[0]
        added = _written(entry.answer, language) - figures(own)
        lost = _written(own, "en") - figures(entry.answer, (language,))
        for found, words in (
            (added, "has figures other than those of"),
            (lost, "lacks figures of"),
        ):
            if found:
                listed = ", ".join(sorted(found))
                message = f"the answer {words} “{entry.section}”: {listed}"
                yield Finding(Trouble.CONTRADICTING, entry.where, message)


def _digits(text: str) -> set[str]:
    """The numbers in digits; those of months too, in languages that number them."""
    return figures(text, ())


def _written(text: str, language: str) -> set[str]:
    """The numbers in digits, but for those of months."""
    return _digits(text) & figures(text, (language,))


def _same_asks(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Asks that two sections share to the letter, so that neither is meant by them."""
    first: dict[str, str] = {}
    for entry in entries:
        for ask in entry.asks:
            words = " ".join(ask.casefold().split())
            other = first.setdefault(words, entry.section)
            if other != entry.section:
                yield _duplicated(entry, ask, f"also stands under “{other}”")


def _astray(
    entries: Sequence[Entry], chunks: Sequence[Chunk], texts: Texts
) -> Iterator[Finding]:
    asked = [(entry, ask) for entry in entries for ask in entry.asks]
    under = [(ask, entry.section) for entry, ask in asked]
    for number, other in asks_astray(under, chunks, texts):
        yield _duplicated(*asked[number], f"is nearer to “{other}”")


def _duplicated(entry: Entry, ask: str, words: str) -> Finding:
    message = f"“{ask}” stands under “{entry.section}” and {words}"
    return Finding(Trouble.DUPLICATED, entry.where, message)
