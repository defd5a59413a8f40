"""Questions for programmes: found by facets, compared side by side, followed up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answering.decision import HANDOFFS
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.programmes.lines import notes, programme_line
from bot.answering.programmes.listed import (
    goes_on,
    listed_before,
    names_others,
    one_of,
    only_picks,
)
from bot.answering.programmes.naming import leads_to, named_in
from bot.answering.programmes.programmes import (
    Programme,
    Selection,
    programmes_of,
    select,
)
from bot.answering.programmes.wishes import Wishes, names_programmes, wishes_in
from bot.answering.retrieval.index import Index
from bot.answering.understanding.examples import Want
from bot.answering.understanding.offers import numbered
from bot.answering.understanding.plans import LEVEL
from bot.answering.understanding.words import numbers_said
from bot.conversations.ports import Author, Outcome
from bot.phrases import phrase

MOST, CHOICES, NEAREST = 5, 5, 3
COMPARED = 4


class ProgrammeDesk:
    """Decides what the data of programmes can answer, and leaves the rest."""

    def __init__(self, index: Index, *, today: date) -> None:
        self._programmes = programmes_of(index.chunks, today=today)

    def decide(self, enquiry: Enquiry, found: Sequence[Found]) -> Decision | None:
        """A choice of programmes or a comparison; None if it is not about that."""
        decision = self._decided(enquiry)
        if decision is None:
            return None
        generation = next((one.generation for one in found), None)
        return replace(
            decision,
            generation=generation,
            answerer="programmes",
            may_be_revised=enquiry.picked is None,
        )

    def _decided(self, enquiry: Enquiry) -> Decision | None:
        if not self._programmes or enquiry.accepts_person:
            return None
        before = listed_before(enquiry, self._programmes)
        if enquiry.wants in HANDOFFS and not only_picks(enquiry, before):
            return None  # safety and the contact's own wishes come first
        if enquiry.picked:
            return self._of_subject(enquiry)
        one = one_of(enquiry, before)
        return _told(one) if one else self._wished(enquiry, before)

    def _wished(self, enquiry: Enquiry, before: Sequence[Programme]) -> Decision | None:
        """A comparison, a list, or what narrows the list told before.

        Where a degree is sought and none of the programmes is one, none fits.
        """
        degree = enquiry.understood.get(LEVEL)
        if degree and not any(leads_to(degree, one) for one in self._programmes):
            return None
        wishes = wishes_in(enquiry.question, facts=enquiry.facts)
        if enquiry.wants == Want.COMPARISON or (before and wishes.sort):
            compared = self._compared(enquiry, wishes, before)
            if compared:
                return compared
        if enquiry.wants == Want.PROGRAMME:
            return self._found(enquiry, wishes)
        if goes_on(enquiry, wishes, before):
            return self._found(enquiry, self._continued(enquiry, wishes))
        return None

    def _found(self, enquiry: Enquiry, wishes: Wishes) -> Decision | None:
        """What fits the wishes; with none to go by, a question for the subject."""
        named = named_in(enquiry.question, self._programmes)
        if named and not wishes.filters:
            return None  # about one programme, which its document answers
        if not wishes.filters:
            return self._asked_back(enquiry)
        selection = select(self._programmes, wishes)
        if not selection.fitting:
            return self._none(enquiry, wishes, selection)
        best = selection.fitting[:MOST]
        language = enquiry.language
        lines = [
            phrase("programmes_found", language),
            *numbered(programme_line(one, language) for one in best),
            *notes(selection, wishes, language, told=MOST),
            phrase("programmes_not_all", language),
        ]
        return _decision(lines, best, Outcome.ANSWER)

    def _none(self, enquiry: Enquiry, wishes: Wishes, selection: Selection) -> Decision:
        """Nothing fits all of it: say so, show what comes near, and offer a person."""
        language = enquiry.language
        nearest = self._nearest(wishes)
        lines = [phrase("programmes_none", language)]
        if nearest:
            lines.append(phrase("programmes_nearest", language))
            lines += numbered(programme_line(one, language) for one in nearest)
        lines += notes(selection, wishes, language, told=MOST)
        lines += ["", phrase("offer_person", language)]
        return _decision(lines, nearest, Outcome.NO_ANSWER)

    def _nearest(self, wishes: Wishes) -> tuple[Programme, ...]:
        """What fits without the limits, else the subject or the country alone."""
        for part in (
            replace(wishes, weeks=None, hours=None, fee=None, free=False),
            Wishes(subjects=wishes.subjects),
            Wishes(countries=wishes.countries, mode=wishes.mode),
        ):
            if part.filters:
                found = select(self._programmes, part).fitting
                if found:
                    return found[:NEAREST]
        return ()

    def _compared(
        self, enquiry: Enquiry, wishes: Wishes, before: Sequence[Programme]
    ) -> Decision | None:
        """Programmes side by side: those named, else those told before."""
        named = named_in(enquiry.question, self._programmes)[:COMPARED]
        if len(named) == 1 and before and before[0] not in named:
            named = (*before[:1], *named)
        chosen = list(named) if len(named) > 1 else list(before[:COMPARED])
        several = len(named) > 1
        if len(chosen) <= 1 or (not several and names_others(enquiry, wishes)):
            return None
        numbers = () if several else numbers_said(enquiry.question, among=len(chosen))
        if len(numbers) > 1:
            chosen = [chosen[number - 1] for number in numbers]
        if wishes.sort:
            ranked = select(chosen, Wishes(sort=wishes.sort)).fitting
            chosen = [*ranked, *(one for one in chosen if one not in ranked)]
        language = enquiry.language
        lines = [
            phrase("side_by_side", language),
            *numbered(programme_line(one, language) for one in chosen),
        ]
        return _decision(lines, chosen, Outcome.ANSWER)

    def _of_subject(self, enquiry: Enquiry) -> Decision | None:
        """Programmes of a subject that was picked; None if something else was."""
        picked = (enquiry.picked or "").casefold()
        if picked not in self._subjects():
            return None
        return self._found(enquiry, Wishes(subjects=frozenset({picked})))

    def _asked_back(self, enquiry: Enquiry) -> Decision | None:
        """One question with subjects to choose from."""
        subjects = self._subjects()
        common = sorted(subjects, key=lambda name: (-subjects[name], name))[:CHOICES]
        if not common:
            return None
        lines = [phrase("clarify_suggest", enquiry.language), *numbered(common)]
        asked = _decision(lines, (), Outcome.CLARIFY)
        return replace(asked, shown=tuple(common))

    def _subjects(self) -> Counter[str]:
        """Every subject, and of how many programmes it is one."""
        return Counter(name for one in self._programmes for name in one.subjects)

    def _continued(self, enquiry: Enquiry, wishes: Wishes) -> Wishes:
        """The wishes together with those of the messages before, the newest first."""
        texts = [t.text for t in enquiry.earlier if t.author is Author.CONTACT]
        for text in reversed(texts):
            before = wishes_in(text, facts={})
            if before.filters and (before.subjects or names_programmes(text)):
                return _joined(wishes, before)
        return wishes


def _told(one: Programme) -> Decision:
    """A programme as its document has it."""
    return Decision(
        outcome=Outcome.ANSWER,
        reason=Reasoned.PICKED,
        sections=(one.chunk,),
        confidence=1.0,
    )


def _joined(now: Wishes, before: Wishes) -> Wishes:
    return replace(
        before,
        **{
            name: value
            for name in Wishes.__dataclass_fields__
            if (value := getattr(now, name))
        },
    )


def _decision(
    lines: Sequence[str], programmes: Sequence[Programme], outcome: Outcome
) -> Decision:
    return Decision(
        outcome=outcome,
        reason=Reasoned.PROGRAMMES,
        text="\n".join(lines),
        sections=tuple(one.chunk for one in programmes),
        shown=tuple(one.title for one in programmes),
        confidence=1.0 if outcome is Outcome.ANSWER else 0.0,
    )
