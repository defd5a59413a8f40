"""Reads a message once: its language, what it wants, and what is to be looked up."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry, Query, Vector
from bot.answering.understanding.examples import Want
from bot.answering.understanding.folding import shortened
from bot.answering.understanding.intents import Intents, Read
from bot.answering.understanding.languages import LATIN, is_latin, language_of
from bot.answering.understanding.offers import Offered, offered_in
from bot.answering.understanding.plans import (
    DESTINATION,
    DESTINATIONS,
    countries_in,
    facets_of,
    known_with,
    understood_in,
    with_countries_of,
)
from bot.answering.understanding.sentences import asks, sentences_of
from bot.answering.understanding.words import names_danger
from bot.conversations.ports import Author, Turn

# So many of the contact's messages before count; and so many questions of one message.
REMEMBERED, QUESTIONS = 8, 2
VECTORS_KEPT = 4096
# Of a text so much is encoded, half from its beginning and half from its end; of a
# sentence among others less. What stands between is read for words of danger only.
WHOLE_READ, SENTENCE_READ = 500, 240
# So many of the nearest labelled messages must be in a language in Latin letters that
# has other ones of its own.
ALIKE = 2
# What may stand around a question, and what asks for somebody or something beside it.
LIGHT = frozenset({Want.THANKS, Want.GREETING, Want.GOODBYE, Want.SMALLTALK})
HEAVY = (Want.DISTRESS, Want.STOP, Want.PERSON, Want.CALL, Want.COMPLAINT, Want.START)
# A sentence of fewer words beside others says too little to be a question.
FEWEST_WORDS = 3

Facts = Mapping[str, str]
# Which section is known by a question, as ``path#heading``.
SectionAskedBy = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence, its vector and what it wants."""

    text: str
    vector: Vector
    want: Want
    read: Read


class Reader:
    """Reads messages; blocking, to be run where it may compute."""

    def __init__(
        self, encoder: Encoder, intents: Intents, *, languages: Sequence[str]
    ) -> None:
        self._encoder = encoder
        self._intents = intents
        self._languages = languages
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

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
        questions = _questions(parts, wants)
        looked_up = [picked or (said[-1] if declines and said else text)]
        queries = self._queries(
            questions or [(looked_up[0], self._vector(looked_up[0]))],
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

    def _parts_of(self, text: str) -> list[_Part]:
        """The whole message, then its sentences where it has several."""
        sentences = sentences_of(text)
        texts = [text, *sentences] if len(sentences) > 1 else [text]
        whole, *rest = texts
        vectors = self._vectors_of(
            [_ends(whole, WHOLE_READ), *(_ends(one, SENTENCE_READ) for one in rest)]
        )
        return [
            _Part(
                text,
                vector,
                self._intents.taken(read, among=len(sentences) if place else 1),
                read,
            )
            for place, (text, vector, read) in enumerate(
                zip(texts, vectors, self._intents.read(np.stack(vectors)), strict=True)
            )
        ]

    def _romanised(self, text: str, parts: Sequence[_Part]) -> str | None:
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

    def _wanted(self, text: str, parts: Sequence[_Part]) -> tuple[Want, float]:
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
        before = [self._vector(text) for text in reversed(recent)]
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
        return self._vector(moved) if moved else None

    def _vector(self, text: str) -> Vector:
        return self._vectors_of([_ends(text, WHOLE_READ)])[0]

    def _vectors_of(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of questions, those of earlier messages from memory."""
        with self._lock:
            known = {
                text: self._vectors[text] for text in texts if text in self._vectors
            }
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self._encoder.queries(missing), strict=True))
            with self._lock:
                self._vectors.update(known)
                while len(self._vectors) > VECTORS_KEPT:
                    self._vectors.popitem(last=False)
        return [known[text] for text in texts]


def _questions(parts: Sequence[_Part], wants: Want) -> list[tuple[str, Vector]]:
    """What is to be looked up of a message, apart from what only stands around it.

    Several sentences that ask are questions of their own; otherwise it is one.
    """
    if not parts:
        return []
    whole, *sentences = parts
    if wants in LIGHT:
        return []
    if wants in HEAVY:
        left = [one for one in sentences if _asks_besides(one)]
    else:
        left = [one for one in sentences if one.want not in LIGHT]
    asking = [one for one in left if asks(one.text) and _is_long_enough(one.text)]
    if len(asking) > 1:
        return [(one.text, one.vector) for one in asking[:QUESTIONS]]
    if wants in HEAVY:
        return [(one.text, one.vector) for one in left[:1]]
    if not left or len(left) == len(sentences):
        return [(whole.text, whole.vector)]
    total = np.sum([one.vector for one in left], axis=0)
    vector = (total / np.linalg.norm(total)).astype(np.float32)
    return [(" ".join(one.text for one in left), vector)]


def _asks_besides(part: _Part) -> bool:
    """Whether a sentence asks something beside a wish for a person or a call."""
    ordinary = {Want.NONE, Want.PROGRAMME, Want.COMPARISON}
    return part.want in ordinary and asks(part.text) and _is_long_enough(part.text)


def _is_long_enough(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS or len(text) > 4 * FEWEST_WORDS


def _ends(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]} … {text[-longest // 2 :]}"


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
