"""A generation opened for searching: all of it in memory, nothing approximate."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Vectors
from bot.answering.enquiry import Found, Hit, Query, Vector
from bot.answering.retrieval.astray import Astray
from bot.answering.retrieval.counterparts import counterparts
from bot.answering.retrieval.lexical import LexicalIndex
from bot.answering.retrieval.ranking import (
    EVIDENCE,
    FEATURES,
    Weights,
    evidence,
    features,
    probability,
    shares,
    shipped_weights,
)
from bot.answering.retrieval.row_names import row_named_in, rows_by_name
from bot.answering.retrieval.scores import (
    Scores,
    View,
    context_vectors,
    shortness,
)
from bot.answering.retrieval.sections import (
    details,
    is_asked,
    numbers_by_name,
    numbers_by_question,
    plain,
    words_of,
)
from bot.answering.store.generations import Generation

HITS = 10
PROGRAMME, FAQ = "programme", "faq"
Mask = npt.NDArray[np.bool_]


class Index:
    """One generation, ready to be searched; chunks are known by their number."""

    def __init__(
        self,
        generation: Generation,
        *,
        weights: Weights | None = None,
        astray: Astray | None = None,
    ) -> None:
        self.manifest = generation.manifest
        self.generation = generation.manifest.generation
        self.chunks = generation.chunks
        self.weights = weights or shipped_weights()
        self._texts = generation.chunk_vectors
        questions, owners, self._parts = details(generation)
        self._questions, self._owners = questions, owners
        self._starts = np.searchsorted(owners, np.arange(len(self.chunks)))
        self._astray = astray
        headings = self._questions[self._starts]
        self._sections_astray = astray.of(headings) if astray else self._none()
        self._unasked = np.array([not is_asked(chunk) for chunk in self.chunks])
        self._lexical = LexicalIndex([words_of(chunk) for chunk in self.chunks])
        self._named = numbers_by_name(self.chunks)
        self._asked = numbers_by_question(self.chunks)
        self._rows = rows_by_name(self.chunks)
        documents = [chunk.document for chunk in self.chunks]
        self._documents = np.unique(documents, return_inverse=True)[1]
        self._countries = [chunk.countries for chunk in self.chunks]
        self._kinds = np.array([chunk.kind for chunk in self.chunks])
        self._counterparts = counterparts(self.chunks, headings)

    def search(self, query: Query, *, today: date, limit: int = HITS) -> Found:
        """The nearest sections that may be used on a day, and how sure they are."""
        usable = self._usable(today)
        if not usable.any():
            return Found(hits=(), sure=0.0, near=0.0, generation=self.generation)
        scores = self.scores(query)
        table = features(scores)
        ranked = self.weights.ranked(table)
        ranked[~usable] = -np.inf
        order = [int(n) for n in np.argsort(-ranked, kind="stable")[:limit]]
        order = [n for n in order if np.isfinite(ranked[n])]
        if not order:
            return Found(hits=(), sure=0.0, near=0.0, generation=self.generation)
        share = shares(ranked)
        found = evidence(scores, share, order)
        return Found(
            hits=tuple(self._hit(n, query, share, scores, table) for n in order),
            sure=probability(found, self.weights.is_right),
            near=probability(found, self.weights.is_near),
            generation=self.generation,
            signals=dict(zip(EVIDENCE, map(float, found), strict=True)),
        )

    def scores(self, query: Query) -> Scores:
        """How near every section is to a query."""
        told = [n for name in query.about for n in self.numbers_of(name)]
        alone, after_message, long, topic, *moved = self._views(query, told)
        words = self._lexical.scores(query.text)
        said = (*query.said, query.text)
        words_long = self._lexical.scores("\n".join(said))
        remembered = frozenset[str]() if query.named else query.remembered
        return Scores(
            alone=alone,
            after=after_message,
            long=long,
            topic=topic,
            moved=moved[0] if moved else None,
            words=words,
            words_after=self._lexical.scores("\n".join(said[-2:])),
            words_long=words_long,
            thread_text=self._best_of_document(long.text),
            thread_words=self._best_of_document(words_long),
            kin=self._texts @ self._texts[told[0]] if told else self._none(),
            same_document=self._same_document(told),
            just_told=self._marked(query.told),
            told_before=self._marked(query.told_before),
            named_here=self._about(query.named),
            named_elsewhere=self._about_others(query.named),
            remembered_here=self._about(remembered),
            remembered_elsewhere=self._about_others(remembered),
            is_faq=(self._kinds == FAQ).astype(np.float32),
            is_programme=(self._kinds == PROGRAMME).astype(np.float32),
            astray=self._astray_by(query.vector),
            follows=bool(query.before),
            shortness=shortness(query.text),
        )

    def _views(self, query: Query, told: Sequence[int]) -> list[View]:
        """Cosines of every view of a question, all by one product."""
        topic = self._questions[self._starts[told[0]]] if told else None
        views = context_vectors(query, topic)
        views += [] if query.moved is None else [query.moved]
        vectors = np.stack(views, axis=1)
        texts = self._texts @ vectors
        asked = np.maximum.reduceat(self._questions @ vectors, self._starts, axis=0)
        # A heading that is a mere name asks nothing: the text speaks for it.
        asked = np.where(self._unasked[:, None], np.maximum(asked, texts), asked)
        return [View(text=texts[:, n], asked=asked[:, n]) for n in range(len(views))]

    def _astray_by(self, question: Vector) -> Vector:
        """How much more a question goes astray than each section."""
        if self._astray is None:
            return self._none()
        found: Vector = self._astray.of(question[np.newaxis]) - self._sections_astray
        return found

    def know_by_headings(self) -> None:
        """Forget what else sections are asked by, as where there are no catalogues."""
        self._questions = self._questions[self._starts]
        self._owners = self._starts = np.arange(len(self.chunks))

    def numbers_of(self, name: str) -> Sequence[int]:
        """The chunks of a section (``path#heading``), in order."""
        return self._named.get(name, ())

    def asked_by(self, question: str) -> Chunk | None:
        """The section that is known by a question, to the letter."""
        number = self._asked.get(plain(question))
        return None if number is None else self.chunks[number]

    def row_named_in(self, message: str) -> int | None:
        """The number of the chunk with the one row that a message names."""
        return row_named_in(message, self._rows)

    def name_asked_by(self, question: str) -> str | None:
        """The name of the section that is known by a question, to the letter."""
        chunk = self.asked_by(question)
        return chunk.name if chunk else None

    def elsewhere(self, name: str, *, today: date) -> tuple[Chunk, ...]:
        """Sections on the same matter in other countries, the nearest first."""
        found = self._counterparts.get(name, ())
        return tuple(chunk for chunk in found if chunk.valid_on(today))

    def _hit(
        self,
        number: int,
        query: Query,
        share: npt.NDArray[np.float32],
        scores: Scores,
        table: Vectors,
    ) -> Hit:
        adds = table[number] * self.weights.vector
        parts = self._parts[number]
        _, after, *_ = context_vectors(query, None)
        return Hit(
            chunk=self.chunks[number],
            number=number,
            share=float(share[number]),
            text=float(scores.alone.text[number]),
            asked=float(scores.alone.asked[number]),
            lexical=float(scores.words[number]),
            parts=tuple(map(float, parts @ after)) if len(parts) else (),
            signals={
                name: float(value)
                for name, value in zip(FEATURES, adds, strict=True)
                if value
            },
        )

    def _usable(self, today: date) -> Mask:
        return np.array([chunk.valid_on(today) for chunk in self.chunks], bool)

    def _none(self) -> Vector:
        return np.zeros(len(self.chunks), np.float32)

    def _marked(self, names: "Sequence[str] | frozenset[str]") -> Vector:
        marks = self._none()
        for name in names:
            marks[list(self.numbers_of(name))] = 1
        return marks

    def _best_of_document(self, values: Vector) -> Vector:
        """For each section the best value of all that stand in its document."""
        best = np.full(len(self.chunks), -np.inf, np.float32)
        np.maximum.at(best, self._documents, values)
        return np.array(best[self._documents])

    def _same_document(self, told: Sequence[int]) -> Vector:
        if not told:
            return self._none()
        return np.array(self._documents == self._documents[told[0]], np.float32)

    def _about(self, countries: frozenset[str]) -> Vector:
        return np.array([bool(own & countries) for own in self._countries], np.float32)

    def _about_others(self, countries: frozenset[str]) -> Vector:
        """Whether a section is about countries, and none of these."""
        if not countries:
            return self._none()
        return np.array(
            [bool(own) and not own & countries for own in self._countries], np.float32
        )
