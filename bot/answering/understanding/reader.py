"""Reads a message once: its language, what it wants, and what is to be looked up."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry, Query, Vector
from bot.answering.understanding.examples import Want
from bot.answering.understanding.folding import shortened
from bot.answering.understanding.intents import Intents
from bot.answering.understanding.languages import LATIN, is_latin, language_of
from bot.answering.understanding.memory import VectorMemory
from bot.answering.understanding.offers import Offered, offered_in
from bot.answering.understanding.parts import HEAVY, LIGHT, Part, questions_of
from bot.answering.understanding.plans import (
    DESTINATION,
    DESTINATIONS,
    countries_in,
    facets_of,
    known_with,
    understood_in,
    with_countries_of,
)
from bot.answering.understanding.sentences import sentences_of
from bot.answering.understanding.words import names_danger
from bot.conversations.ports import Author, Turn

# So many of the contact's messages before count.
REMEMBERED = 8
# So many of the nearest labelled messages must be in a language in Latin letters that
# has other ones of its own.
ALIKE = 2
Facts = Mapping[str, str]
# Which section is known by a question, as ``path#heading``.
SectionAskedBy = Callable[[str], str | None]


class Reader:
    """Reads messages; blocking, to be run where it may compute."""

    def __init__(
        self, encoder: Encoder, intents: Intents, *, languages: Sequence[str]
    ) -> None:
        self._vectors = VectorMemory(encoder)
        self._intents = intents
        self._languages = languages

    def read(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Facts | None = None,
        section_asked_by: SectionAskedBy = lambda _: None,
    ) -> Enquiry:
        """A message, after the turns before it (oldest first).

        ``language`` is the conversation's and ``facts`` what is remembered of the
        contact's plans, None where the earlier turns have to tell.
        """
        text = shortened(question)
        offered = offered_in(earlier)
        picked, declines = offered.picked(text), offered.declines(text)
        said = _said_by_contact(earlier)
        known = _known(said) if facts is None else dict(facts)
        understood = {} if picked else understood_in(text)
        refused = offered.refuses_person(text)
        is_reply = picked or declines or refused
        parts = [] if is_reply or not text else self._parts_of(text)
        wants, sure = (Want.THANKS, 1.0) if refused else self._wanted(text, parts)
        questions = questions_of(parts, wants)
        looked_up = [picked or (said[-1] if declines and said else text)]
        queries = self._queries(
            questions or [(looked_up[0], self._vectors.message(looked_up[0]))],
            # What is picked is wanted, though it was told or only listed before.
            earlier=() if picked else earlier,
            said=said[:-1] if declines else said,
            offered=() if picked else _offered_sections(offered, section_asked_by),
            declines=declines,
            remembered=known_with(known, understood).get(DESTINATION),
        )
        return Enquiry(
            text=text,
            question="\n".join(query.text for query in queries),
            earlier=tuple(earlier),
            language=language_of(
                "" if picked else text,
                allowed=self._languages,
                known=language or _spoken(earlier),
            ),
            wants=wants,
            sure=sure,
            also_asks=wants is not Want.NONE and bool(questions),
            queries=queries,
            picked=picked,
            accepts_person=offered.accepts_person(text),
            declines=declines,
            facts=known_with(known, understood),
            understood=understood,
            chances=_named(parts[0].read.chances) if parts else {},
            nearest=parts[0].read.nearest if parts else (),
            romanised=self._romanised(text, parts),
        )

    def _parts_of(self, text: str) -> list[Part]:
        """The whole message, then its sentences where it has several."""
        sentences = sentences_of(text)
        texts = [text, *sentences] if len(sentences) > 1 else [text]
        whole, *rest = texts
        vectors = self._vectors.parts(whole, rest)
        return [
            Part(
                text,
                vector,
                self._intents.taken(read, among=len(sentences) if place else 1),
                read,
            )
            for place, (text, vector, read) in enumerate(
                zip(texts, vectors, self._intents.read(np.stack(vectors)), strict=True)
            )
        ]

    def _romanised(self, text: str, parts: Sequence[Part]) -> str | None:
        """Which language of other letters a text in Latin ones is in, if it is one."""
        if not parts or not is_latin(text):
            return None
        named = [
            self._intents.languages[number]
            for number in parts[0].read.nearest
            if number < len(self._intents.languages)
        ]
        found = [one for one in named if one.endswith(LATIN)]
        return found[0] if len(found) >= ALIKE else None

    def _wanted(self, text: str, parts: Sequence[Part]) -> tuple[Want, float]:
        """What a message wants most, and how sure that is."""
        if names_danger(text):
            return Want.DISTRESS, 1.0
        if not parts:
            return Want.NONE, 1.0
        for want in HEAVY:
            chances = [one.read.chances[want] for one in parts if one.want is want]
            if chances:
                return want, max(chances)
        whole, *sentences = parts
        others = [one for one in sentences if one.want not in LIGHT]
        if whole.want in LIGHT and others:
            return Want.NONE, 1 - whole.read.chances[whole.want]
        if whole.want is Want.NONE and len(others) == 1:
            whole = others[0]
        return whole.want, whole.read.chances[whole.want]

    def _queries(
        self,
        questions: Sequence[tuple[str, Vector]],
        *,
        earlier: Sequence[Turn],
        said: Sequence[str],
        offered: tuple[str, ...],
        declines: bool,
        remembered: str | None,
    ) -> tuple[Query, ...]:
        recent = said[-REMEMBERED:]
        before = [self._vectors.message(text) for text in reversed(recent)]
        told = [turn.sections for turn in reversed(earlier) if turn.sections]
        told_before = frozenset(name for names in told[1:] for name in names)
        place = facets_of([remembered]) if remembered in DESTINATIONS else frozenset()
        queries: list[Query] = []
        for text, vector in questions:
            queries.append(
                Query(
                    text=text,
                    vector=vector,
                    before=tuple(before),
                    previous=queries[-1].text if queries else "".join(recent[-1:]),
                    moved=self._moved(recent, text),
                    told=() if queries or not told else told[0],
                    told_before=told_before,
                    offered=() if queries or declines else offered,
                    declined=frozenset(offered) if declines else frozenset(),
                    named=_destinations(text),
                    remembered=place,
                )
            )
            before = [vector, *before]
        return tuple(queries)

    def _moved(self, said: Sequence[str], question: str) -> Vector | None:
        """The last message asked of the country that a question names.

        "And for Germany?" after the visa fee of the UK asks for that of Germany.
        """
        moved = with_countries_of(said[-1], question) if said else None
        return self._vectors.message(moved) if moved else None


def _said_by_contact(earlier: Sequence[Turn]) -> list[str]:
    """The contact's messages, oldest first; a pick stands for what was picked."""
    said: list[str] = []
    for place, turn in enumerate(earlier):
        if turn.author is Author.CONTACT:
            offered = offered_in(earlier[:place])
            text = shortened(turn.text)
            said.append(offered.picked(text) or text)
    return said


def _spoken(earlier: Sequence[Turn]) -> str | None:
    """The language of the bot's last words, where it is known."""
    return next((turn.language for turn in reversed(earlier) if turn.language), None)


def _known(said: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for text in said:
        known = known_with(known, understood_in(text))
    return known


def _named(chances: Mapping[Want, float]) -> dict[str, float]:
    return {want.value: chance for want, chance in chances.items()}


def _destinations(text: str) -> frozenset[str]:
    return facets_of(name for name in countries_in(text) if name in DESTINATIONS)


def _offered_sections(
    offered: Offered, section_asked_by: SectionAskedBy
) -> tuple[str, ...]:
    names = (section_asked_by(choice) for choice in offered.choices)
    return tuple(name for name in names if name)
