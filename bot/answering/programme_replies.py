"""Replies to questions for programmes: at most five, a line each, with sources."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.chunks import citations
from bot.answering.enquiry import Enquiry
from bot.answering.executor import Executor
from bot.answering.facts import shown, without_destinations
from bot.answering.index import Index
from bot.answering.lexical import terms
from bot.answering.library import IndexLibrary
from bot.answering.picking import numbered
from bot.answering.programme_lines import MODES, programme_line
from bot.answering.programmes import (
    Programme,
    Selection,
    programmes_of,
    select,
)
from bot.answering.refining import continued_wish
from bot.answering.understanding import folded
from bot.answering.wishes import (
    Wishes,
    asks_for_programmes,
    asks_for_suggestion,
    chooses,
    remembered_wishes,
    telling,
    wishes_in,
)
from bot.answering.writing import provenance
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Author, Outcome

MOST = 5
CHOICES = 5
NEAREST = 3


class ProgrammeDesk:
    """Answers what the data of programmes can answer, and leaves the rest."""

    def __init__(
        self, library: IndexLibrary, *, executor: Executor, today: Callable[[], date]
    ) -> None:
        self._library = library
        self._executor = executor
        self._today = today

    async def reply(self, enquiry: Enquiry) -> Answer | None:
        """A choice of programmes, or a question back; None if it is not about that."""
        if enquiry.picked and enquiry.offered:
            return await self._of_subject(enquiry, enquiry.picked)
        open_wish = asks_for_suggestion(enquiry.question)
        said = [t.text for t in enquiry.earlier if t.author is Author.CONTACT]
        continued = continued_wish(enquiry.question, said)
        wish = continued or _among_remembered(enquiry)
        if not open_wish and not asks_for_programmes(wish):
            return None
        found, index = await self._executor.run(self._programmes)
        if not found:
            return None
        enquiry = replace(enquiry, generation=index.generation)
        vocabulary = _vocabulary(found)
        if open_wish:
            wishes = remembered_wishes(enquiry.facts, vocabulary=vocabulary)
            return _listed(enquiry, wishes, found) or _asked_back(enquiry, found)
        wish = index.respelled(wish)
        wishes = wishes_in(wish, vocabulary=vocabulary, facts=enquiry.facts)
        if continued and wishes and wishes.unknown:
            # "What about financial aid?" goes on, but not with the choice.
            return None
        return _listed(enquiry, wishes, found)

    async def _of_subject(self, enquiry: Enquiry, subject: str) -> Answer | None:
        """Courses in a subject that was picked; None if something else was."""
        found, index = await self._executor.run(self._programmes)
        if subject not in _subjects(found):
            return None
        vocabulary = _vocabulary(found)
        wishes = wishes_in(
            f"show courses in {subject}", vocabulary=vocabulary, facts=enquiry.facts
        )
        return _listed(replace(enquiry, generation=index.generation), wishes, found)

    async def named(self, enquiry: Enquiry) -> tuple[Programme, ...]:
        """A few programmes of a provider that a question names."""
        found, _ = await self._executor.run(self._programmes)
        # Melbourne is a city, too.
        said = frozenset(terms(without_destinations(folded(enquiry.question))))
        of = (one for one in found if said & telling(one.field("provider") or ""))
        return tuple(of)[:NEAREST]

    def _programmes(self) -> tuple[tuple[Programme, ...], Index]:
        index = self._library.index()
        return programmes_of(index.chunks, today=self._today()), index


def _vocabulary(programmes: Sequence[Programme]) -> frozenset[str]:
    """The terms that programmes are known by."""
    return frozenset[str]().union(*(one.words for one in programmes))


def _among_remembered(enquiry: Enquiry) -> str:
    """The question; "which is the cheapest?" is of courses in a known subject."""
    subject = enquiry.facts.get("subject")
    if subject and chooses(enquiry.question):
        return f"show courses in {subject}, {enquiry.question}"
    return enquiry.question


def _listed(
    enquiry: Enquiry, wishes: Wishes | None, programmes: Sequence[Programme]
) -> Answer | None:
    if wishes is None:
        return None
    selection = select(programmes, wishes)
    if wishes.unknown or not selection.fitting:
        # A single wish that the data cannot tell may still be written about.
        told = wishes.unknown or wishes.filters > 1
        return _none(enquiry, wishes, selection, programmes) if told else None
    best = selection.fitting[:MOST]
    language = enquiry.language
    lines = [
        *_going_by(wishes, language),
        phrase("programmes_found", language),
        *numbered(programme_line(one, language) for one in best),
        *_notes(selection, wishes, language),
        phrase("programmes_not_all", language),
    ]
    return _answer(enquiry, lines, best, Outcome.ANSWER)


def _none(
    enquiry: Enquiry,
    wishes: Wishes,
    selection: Selection,
    programmes: Sequence[Programme],
) -> Answer:
    """Nothing fits all of it: say so, show what comes near, and offer a person."""
    language = enquiry.language
    nearest = _nearest(wishes, programmes)
    lines = [phrase("programmes_none", language)]
    if wishes.unknown:
        topic = " ".join(wishes.unknown)
        lines.append(phrase("looked_for", language, topic=topic))
    if nearest:
        lines.append(phrase("programmes_nearest", language))
        lines += numbered(programme_line(one, language) for one in nearest)
    if not wishes.unknown:
        lines += _notes(selection, wishes, language)
    lines += ["", phrase("no_answer", language)]
    return _answer(enquiry, lines, nearest, Outcome.NO_ANSWER)


def _nearest(wishes: Wishes, programmes: Sequence[Programme]) -> tuple[Programme, ...]:
    """What fits without the limits, else the subject or the country alone."""
    for part in (
        replace(wishes, weeks=None, fee=None, free=False),
        Wishes(words=wishes.words),
        Wishes(countries=wishes.countries, mode=wishes.mode),
    ):
        if part.filters:
            found = select(programmes, part).fitting
            if found:
                return found[:NEAREST]
    return ()


def _asked_back(enquiry: Enquiry, programmes: Sequence[Programme]) -> Answer | None:
    """One question with subjects to choose from, and what is known already."""
    subjects = _subjects(programmes)
    common = sorted(subjects, key=lambda name: (-subjects[name], name))[:CHOICES]
    if not common:
        return None
    language = enquiry.language
    lines = [phrase("clarify_suggest", language), *numbered(common)]
    if enquiry.facts:
        facts = shown(enquiry.facts, language)
        lines.insert(0, phrase("going_by", language, facts=facts))
    asked = _answer(enquiry, lines, (), Outcome.CLARIFY)
    return replace(asked, choices=tuple(common))


def _subjects(programmes: Sequence[Programme]) -> Counter[str]:
    """Every subject, and of how many programmes it is one."""
    named = (one.chunk.facets.get("subject", []) for one in programmes)
    lists = (subjects for subjects in named if isinstance(subjects, list))
    return Counter(str(subject) for subjects in lists for subject in subjects)


def _going_by(wishes: Wishes, language: str) -> list[str]:
    if not wishes.remembered:
        return []
    facts = shown(wishes.remembered, language)
    return [phrase("going_by", language, facts=facts)]


def _notes(selection: Selection, wishes: Wishes, language: str) -> list[str]:
    """What could not be told, and that the list has an end."""
    notes = []
    if len(selection.fitting) > MOST:
        number = str(len(selection.fitting) - MOST)
        notes.append(phrase("programmes_more", language, number=number))
    if selection.unpriced:
        number = str(selection.unpriced)
        notes.append(phrase("programmes_unpriced", language, number=number))
    if selection.unmeasured:
        number = str(selection.unmeasured)
        notes.append(phrase("programmes_unmeasured", language, number=number))
    unchecked = [*wishes.unchecked]
    if selection.mode_unsaid and wishes.mode:
        unchecked.append(phrase(MODES[wishes.mode], language))
    best = selection.fitting[:MOST]
    if wishes.no_degree and not all(one.needs_no_degree for one in best):
        unchecked.append(wishes.no_degree)
    if unchecked:
        what = ", ".join(unchecked)
        notes.append(phrase("programmes_unchecked", language, what=what))
    return notes


def _answer(
    enquiry: Enquiry,
    lines: Sequence[str],
    programmes: Sequence[Programme],
    outcome: Outcome,
) -> Answer:
    return Answer(
        text="\n".join(lines),
        outcome=outcome,
        confidence=1.0 if outcome is Outcome.ANSWER else 0.0,
        citations=citations([one.chunk for one in programmes]),
        provenance=provenance(enquiry, answerer="programmes"),
        choices=tuple(one.title for one in programmes),
    )
