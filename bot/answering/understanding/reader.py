"""Reads a message once: its language, what it wants, and what is to be looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry
from bot.answering.understanding.examples import LIGHT, Want
from bot.answering.understanding.folding import shortened
from bot.answering.understanding.intents import Intents
from bot.answering.understanding.languages import language_of, unspoken_in
from bot.answering.understanding.memory import VectorMemory
from bot.answering.understanding.offers import Reply
from bot.answering.understanding.own_data import OwnDataWishes
from bot.answering.understanding.parts import HEAVY, Part, questions_of
from bot.answering.understanding.past import Past, SectionAskedBy, past_of
from bot.answering.understanding.plans import known_with, understood_in
from bot.answering.understanding.queries import Facts, Queries
from bot.answering.understanding.romanised import DOUBTFUL, romanised_in
from bot.answering.understanding.sentences import sentences_of
from bot.answering.understanding.words import names_danger
from bot.conversations.ports import OwnData, Turn
from bot.conversations.spoken.understood import says

# So many questions of one message are looked up.
QUESTIONS = 2


class Reader:
    """Reads messages; blocking, to be run where it may compute."""

    def __init__(
        self,
        encoder: Encoder,
        intents: Intents,
        *,
        languages: Sequence[str],
        own_data: OwnDataWishes | None = None,
    ) -> None:
        self._vectors = VectorMemory(encoder)
        self._queries = Queries(self._vectors)
        self._intents = intents
        self._languages = languages
        self._own_data = own_data

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
        enquiry = Enquiry(
            text=text,
            earlier=tuple(earlier),
            language=self._language(
                "" if reply.picked else text, known=language or past.language
            ),
            wants=wants,
            sure=sure,
            also_asks=wants is not Want.NONE and bool(questions),
            queries=self._queries.of(text, looked_up, past, reply, plans),
            picked=reply.picked,
            accepts_person=reply.accepts_person,
            declines=reply.declines,
            facts=plans,
            understood=understood,
            unread=len(questions) - len(looked_up),
            own_data=self._of_own_data(text, parts, past, reply),
        )
        return self._marked(enquiry, parts, past)

    def _language(self, text: str, *, known: str | None) -> str:
        """The language to reply in; Hindi in Latin letters is like many others."""
        doubtful = romanised_in(text, enough=DOUBTFUL) is not None
        return language_of(
            text, allowed=self._languages, known=known, doubtful=doubtful
        )

    def _marked(self, enquiry: Enquiry, parts: Sequence[Part], past: Past) -> Enquiry:
        """With what its words are like, and in which language they are."""
        if not parts:
            return enquiry
        romanised = romanised_in(enquiry.text)
        return replace(
            enquiry,
            chances=_named(parts[0].read.chances),
            nearest=parts[0].read.nearest,
            romanised=romanised,
            unspoken=self._unspoken(enquiry.text, romanised, past),
        )

    def _of_own_data(
        self, text: str, parts: Sequence[Part], past: Past, reply: Reply
    ) -> OwnData | None:
        """What is wanted of what is kept of them; its own word is known by itself.

        A mere yes to the question whether to erase is asked again.
        """
        if any(says("erase", choice) for choice in past.offered.choices):
            if reply.declines:
                return OwnData.LEAVE
            if reply.picked:
                return OwnData.ERASE
        if says("erase", text):
            return OwnData.ERASE
        if self._own_data is None or not parts:
            return None
        return self._own_data.read(np.stack([part.vector for part in parts]))

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
        """What a message wants most, and how sure that is.

        Of a wish in one of several sentences the whole message is half the proof.
        """
        if names_danger(text):
            return Want.DISTRESS, 1.0
        if not parts:
            return Want.NONE, 1.0
        for want in HEAVY:
            chances = [one.read.chances[want] for one in parts if one.want is want]
            if chances:
                return want, (max(chances) + parts[0].read.chances[want]) / 2
        whole, *sentences = parts
        others = [one for one in sentences if one.want not in LIGHT]
        if whole.want in LIGHT and others:
            return Want.NONE, 1 - whole.read.chances[whole.want]
        if whole.want is Want.NONE and len(others) == 1:
            whole = others[0]
        return whole.want, whole.read.chances[whole.want]


def _named(chances: Mapping[Want, float]) -> dict[str, float]:
    return {want.value: chance for want, chance in chances.items()}
