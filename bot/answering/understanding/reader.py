"""Reads a message once: its language, what it wants, and what is to be looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry, Query, Vector
from bot.answering.understanding.examples import LIGHT, Want
from bot.answering.understanding.folding import shortened
from bot.answering.understanding.intents import Intents
from bot.answering.understanding.languages import (
    LATIN,
    is_english,
    is_latin,
    language_of,
    unspoken_in,
)
from bot.answering.understanding.memory import VectorMemory
from bot.answering.understanding.offers import Reply
from bot.answering.understanding.parts import HEAVY, Part, questions_of
from bot.answering.understanding.past import Past, SectionAskedBy, past_of, together
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
from bot.conversations.ports import Turn

# So many of the contact's messages before count.
REMEMBERED = 8
# So many questions of one message are looked up.
QUESTIONS = 2
# So many of the nearest labelled messages must be in a language in Latin letters that
# has other ones of its own.
ALIKE = 2
Facts = Mapping[str, str]


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
        past = past_of(earlier, section_asked_by)
        reply = past.offered.reply(text)
        known = past.known if facts is None else dict(facts)
        understood = {} if reply.picked else understood_in(text)
        plans = known_with(known, understood)
        parts = [] if reply.stands_alone or not text else self._parts_of(text)
        wants, sure = self._wanted(text, parts)
        if reply.refuses_person:
            wants = Want.THANKS
        questions = questions_of(parts, wants)
        looked_up = questions[:QUESTIONS]
        romanised = self._romanised(text, parts)
        return Enquiry(
            text=text,
            earlier=tuple(earlier),
            language=language_of(
                "" if reply.picked else text,
                allowed=self._languages,
                known=language or past.language,
                doubtful=bool(self._romanised(text, parts, alike=1)),
            ),
            wants=wants,
            sure=sure,
            also_asks=wants is not Want.NONE and bool(questions),
            queries=self._queries(text, looked_up, past, reply, plans),
            picked=reply.picked,
            accepts_person=reply.accepts_person,
            declines=reply.declines,
            facts=plans,
            understood=understood,
            chances=_named(parts[0].read.chances) if parts else {},
            nearest=parts[0].read.nearest if parts else (),
            romanised=romanised,
            unread=len(questions) - len(looked_up),
            unspoken=self._unspoken(text, romanised, past),
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

    def _romanised(
        self, text: str, parts: Sequence[Part], *, alike: int = ALIKE
    ) -> str | None:
        """Which language of other letters a text in Latin ones is in, if it is one."""
        if not parts or not is_latin(text) or is_english(text):
            return None
        named = [
            self._intents.languages[number]
            for number in parts[0].read.nearest
            if number < len(self._intents.languages)
        ]
        found = [one for one in named if one.endswith(LATIN)]
        return found[0] if len(found) >= alike else None

    def _unspoken(self, text: str, romanised: str | None, past: Past) -> str | None:
        """A language in which nothing is said, the first time that it is written in."""
        if romanised:
            return None if past.said else romanised
        found, before = (
            unspoken_in(one, allowed=self._languages)
            for one in (text, past.said[-1] if past.said else "")
        )
        return None if found == before else found

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
        text: str,
        questions: Sequence[tuple[str, Vector]],
        past: Past,
        reply: Reply,
        plans: Facts,
    ) -> tuple[Query, ...]:
        """What is to be looked up: the questions, what was picked, or the last one.

        A second question goes on from the first one.
        """
        if not questions:
            asked = reply.picked or text
            if reply.declines and past.said:
                *said, asked = past.said
                past = replace(past, said=tuple(said))
            questions = [(asked, self._vectors.message(asked))]
        queries: list[Query] = []
        for words, vector in questions:
            query = self._query(words, vector, past, plans)
            queries.append(query if reply.picked else _placed(query, past, reply))
            past = Past(said=(*past.said, words), told_before=past.told_before)
        return tuple(queries)

    def _query(self, text: str, vector: Vector, past: Past, plans: Facts) -> Query:
        said = past.said[-REMEMBERED:]
        remembered = {plans.get(DESTINATION, "")} & DESTINATIONS.keys()
        return Query(
            text=text,
            vector=vector,
            before=tuple(self._vectors.message(one) for one in reversed(said)),
            previous=said[-1] if said else "",
            together=self._vectors.message(together(said, text)),
            moved=self._moved(said, text),
            named=_destinations(text),
            remembered=facets_of(remembered),
        )

    def _moved(self, said: Sequence[str], question: str) -> Vector | None:
        """The last message asked of the country that a question names.

        "And for Germany?" after the visa fee of the UK asks for that of Germany.
        """
        moved = with_countries_of(said[-1], question) if said else None
        return self._vectors.message(moved) if moved else None


def _placed(query: Query, past: Past, reply: Reply) -> Query:
    """A question with what was told and offered before it.

    What is picked has none of it: it is wanted, though it was told or listed before.
    """
    declined = frozenset(past.offered_sections) if reply.declines else frozenset[str]()
    return replace(
        query,
        told=past.told,
        told_before=past.told_before,
        offered=() if reply.declines else past.offered_sections,
        declined=declined,
    )


def _named(chances: Mapping[Want, float]) -> dict[str, float]:
    return {want.value: chance for want, chance in chances.items()}


def _destinations(text: str) -> frozenset[str]:
    return facets_of(name for name in countries_in(text) if name in DESTINATIONS)
