"""What a catalogue lacks: asks and answers that nobody has written or drafted yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from bot.answering.understanding.languages import LATIN, is_written_in_latin, written_in
from bot.answering.writing.drafting import Kind
from bot.errors import BotError
from bot.phrases import FALLBACK, languages
from ingest.catalogue_entries import Entry
from ingest.phrasings import Catalogues
from ingest.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is missing of a section, and what the catalogue has of it.

    ``earlier`` is an answer to the section as it was before.
    """

    section: Section
    kinds: tuple[Kind, ...]
    known: tuple[Entry, ...] = ()
    earlier: str | None = None


def language_shown(language: str) -> str:
    """A language in English, with its code: "Hindi in Latin letters (hi-Latn)".

    Raises:
        BotError: there is no such language.
    """
    spoken = language.removesuffix(LATIN)
    name = _name(spoken) if spoken.isalpha() and spoken.islower() else None
    if name is None:
        raise BotError(f"{language!r} is no language; write hi, es or hi-Latn")
    if spoken == language:
        return f"{name} ({language})"
    if is_written_in_latin(spoken):
        raise BotError(f"{name} is always in Latin letters; write {spoken}")
    return f"{name} in Latin letters ({language})"


def kinds_for(language: str, wanted: Kind | None) -> tuple[Kind, ...]:
    """What a catalogue of a language may hold, or the one kind that is wanted.

    Raises:
        BotError: answers are wanted, and would never be told.
    """
    told = language in languages() and language != FALLBACK
    if wanted is Kind.ANSWER and not told:
        known = ", ".join(one for one in languages() if one != FALLBACK)
        raise BotError(
            f"answers in {language!r} would never be told; there are answers in "
            f"{known}, and asks in every language"
        )
    if wanted is not None:
        return (wanted,)
    return (Kind.ASKS, Kind.ANSWER) if told else (Kind.ASKS,)


def gaps_of(
    sections: Sequence[Section],
    catalogues: Catalogues,
    *,
    language: str,
    kinds: Collection[Kind],
) -> list[Gap]:
    """The sections of which something is missing in a language, in order."""
    by_section: dict[str, list[Entry]] = {}
    for entry in (*catalogues.entries, *catalogues.drafts):
        if entry.language == language:
            by_section.setdefault(entry.section, []).append(entry)
    found = (
        _gap(section, by_section.get(section.name, ()), language)
        for section in sections
    )
    wanted = (
        Gap(
            section=gap.section,
            kinds=tuple(kind for kind in gap.kinds if kind in kinds),
            known=gap.known,
            earlier=gap.earlier,
        )
        for gap in found
    )
    return [gap for gap in wanted if gap.kinds]


def _name(language: str) -> str | None:
    try:
        name: str | None = Locale.parse(language).get_language_name("en")
    except (UnknownLocaleError, ValueError):
        return None
    return name


def _gap(section: Section, known: Sequence[Entry], language: str) -> Gap:
    kinds = []
    if not any(entry.asks for entry in known):
        kinds.append(Kind.ASKS)
    if not _is_answered(section, known) and not _is_in(section, language):
        kinds.append(Kind.ANSWER)
    stale = (entry.answer for entry in known if entry.answer)
    return Gap(
        section=section,
        kinds=tuple(kinds),
        known=tuple(known),
        earlier=next(stale, None),
    )


def _is_answered(section: Section, known: Sequence[Entry]) -> bool:
    """Whether there is an answer to it as it is now, or a draft of one."""
    return any(
        entry.answer and (entry.draft or entry.of == section.sum) for entry in known
    )


def _is_in(section: Section, language: str) -> bool:
    """Whether it is told in its own words to whoever writes in a language."""
    return written_in(section.text) == language
