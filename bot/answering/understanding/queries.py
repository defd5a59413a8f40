"""What is looked up of a message: its questions, each with what was said before it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.enquiry import Query, Vector
from bot.answering.understanding.joined import apart
from bot.answering.understanding.memory import VectorMemory
from bot.answering.understanding.offers import Reply
from bot.answering.understanding.past import Past, together
from bot.answering.understanding.plans import (
    DESTINATION,
    countries_in,
    facets_of,
    is_gone_to,
    with_countries_of,
)

# So many of the contact's messages before count.
REMEMBERED = 8
Facts = Mapping[str, str]
Questions = Sequence[tuple[str, Vector]]


class Queries:
    """Makes queries of the questions in messages."""

    def __init__(self, vectors: VectorMemory) -> None:
        self._vectors = vectors

    def of(
        self, text: str, questions: Questions, past: Past, reply: Reply, plans: Facts
    ) -> tuple[Query, ...]:
        """What is to be looked up: the questions, what was picked, or the last one."""
        if not questions:
            asked = reply.picked or text
            if reply.declines and past.said:
                *said, asked = past.said
                past = replace(past, said=tuple(said))
            questions = [(asked, self._vectors.message(asked))]
        found = self._in_turn(questions, past, reply, plans)
        if len(found) > 1 or reply.picked:
            return found
        texts = apart(found[0].text)
        parts = zip(texts, self._vectors.messages(texts), strict=True)
        each = self._in_turn(list(parts), past, reply, plans)
        return (replace(found[0], apart=each),)

    def _in_turn(
        self, questions: Questions, past: Past, reply: Reply, plans: Facts
    ) -> tuple[Query, ...]:
        """A query for each question; a second one goes on from the first."""
        queries: list[Query] = []
        for words, vector in questions:
            query = self._query(words, vector, past, plans)
            queries.append(_placed(query, past, reply))
            past = Past(said=(*past.said, words), told_before=past.told_before)
        return tuple(queries)

    def _query(self, text: str, vector: Vector, past: Past, plans: Facts) -> Query:
        said = past.said[-REMEMBERED:]
        destination = plans.get(DESTINATION)
        named = _destinations(text)
        spoken_of = named or destination or any(map(_destinations, said))
        return Query(
            text=text,
            vector=vector,
            before=tuple(reversed(self._vectors.messages(said))),
            said=tuple(said),
            together=self._vectors.message(together(said, text)),
            moved=self._moved(said, text),
            named=named,
            remembered=facets_of([destination] if destination else []),
            placeless=not spoken_of,
        )

    def _moved(self, said: Sequence[str], question: str) -> Vector | None:
        """The last message asked of the country that a question names.

        "And for Germany?" after the visa fee of the UK asks for that of Germany.
        """
        moved = with_countries_of(said[-1], question) if said else None
        return self._vectors.message(moved) if moved else None


def _placed(query: Query, past: Past, reply: Reply) -> Query:
    """A question with what was told and offered before it.

    What is picked has none of it: it is wanted, though it was told or listed before, or
    is about another country than the one that is planned for.
    """
    if reply.picked:
        return replace(query, remembered=frozenset(), placeless=False)
    declined = frozenset(past.offered_sections) if reply.declines else frozenset[str]()
    return replace(
        query,
        told=past.told,
        told_before=past.told_before,
        offered=() if reply.declines else past.offered_sections,
        declined=declined,
    )


def _destinations(text: str) -> frozenset[str]:
    return facets_of(name for name in countries_in(text) if is_gone_to(name))
