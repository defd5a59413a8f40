"""An answer made of the documents' own sentences: chosen, trimmed and in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.facts import destinations_in
from bot.answering.layout import laid_out
from bot.answering.lexical import term_set, terms
from bot.answering.passages import Passage, Query

LONGEST = 89
LOOKED_AT = 4
# What a sentence is worth: its own nearness, the message's rare words in it and the
# conversation's words, the nearness of the sentence before it, and how good its passage
# is. Chosen in coarse steps on suites of labelled questions, by how much of a right
# answer was shown.
CONTEXT, RARE_WORDS, WORDS, BEFORE, PASSAGE = 0.2, 0.3, 0.1, 0.4, 1.6
# Sentences worth less than this share of the best one are left out.
WORTH_KEEPING, WORTH_FETCHING = 0.25, 0.6
# What is left of a sentence's worth where the last answer held it. An item or a row of
# a list stands for more than itself, and keeps it.
TOLD = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The words of an answer and the chunks they were taken from."""

    text: str
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A sentence in its place; ``own`` is its worth without that of its passage.

    ``covered`` is the share of the message's rare words in its passage.
    """

    rank: int
    place: int
    document: str
    covered: float
    sentence: Sentence
    own: float
    worth: float

    @property
    def words(self) -> int:
        return len(self.sentence.text.split())

    @property
    def is_prose(self) -> bool:
        return self.sentence.kind is SentenceKind.PROSE

    @property
    def introduces(self) -> bool:
        """Whether something must follow: "You need:"."""
        return self.is_prose and self.sentence.text.rstrip().endswith((":", "："))


def extract(
    passages: Sequence[Passage],
    *,
    query: Query,
    language: str,
    today: date,
    longest: int = LONGEST,
    told: str = "",
) -> Extract:
    """The sentences that answer, with what they need to be clear.

    Takes at least one passage that has a sentence; the text has at most about
    ``longest`` words. It begins with the passage of the best sentence. What was just
    ``told`` counts for less: somebody who asks on wants to know more.
    """
    first = passages[:LOOKED_AT]
    candidates = [_fresh(one, told) for one in _candidates(first, query)]
    chosen = _chosen(_about(query.text, candidates), longest)
    best = max(chosen, key=lambda candidate: candidate.worth).rank
    chosen.sort(key=lambda found: (found.rank != best, found.rank, found.place))
    parts = [
        (first[rank].chunk, [found.sentence for found in group])
        for rank, group in groupby(chosen, key=lambda found: found.rank)
    ]
    return Extract(
        text="\n\n".join(_paragraphs(parts, language=language, today=today)),
        chunks=tuple(chunk for chunk, _ in parts),
    )


def _paragraphs(
    parts: Sequence[tuple[Chunk, Sequence[Sentence]]], *, language: str, today: date
) -> Iterator[str]:
    before, above = None, ""
    for chunk, sentences in parts:
        above = laid_out(
            sentences, chunk, language=language, today=today, before=before, above=above
        )
        yield above
        before = chunk


def _candidates(passages: Sequence[Passage], query: Query) -> Iterator[_Candidate]:
    said = set(terms("\n".join((*query.earlier, query.text))))
    for rank, passage in enumerate(passages):
        before = None
        for place, sentence in enumerate(passage.chunk.sentences):
            if sentence.kind is SentenceKind.HEADING:
                continue
            message = passage.sentence_scores[place]
            own = (
                (1 - CONTEXT) * message
                + CONTEXT * passage.context_scores[place]
                + RARE_WORDS * passage.sentence_coverage[place]
                + WORDS * _share(said, term_set(sentence.text))
                + BEFORE * (message if before is None else before)
            )
            before = message
            yield _Candidate(
                rank=rank,
                place=place,
                document=passage.chunk.document,
                covered=passage.coverage,
                sentence=sentence,
                own=own,
                worth=own + PASSAGE * passage.score,
            )


def _fresh(one: _Candidate, told: str) -> _Candidate:
    if not one.is_prose or one.sentence.text not in told:
        return one
    return replace(one, own=TOLD * one.own, worth=TOLD * one.worth)


def _about(text: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """Without the items and rows about other countries than a text names."""
    asked = frozenset(destinations_in(text))
    if not asked:
        return candidates
    kept = [one for one in candidates if one.is_prose or _fits(one, asked)]
    return kept or candidates


def _fits(item: _Candidate, asked: frozenset[str]) -> bool:
    named = frozenset(destinations_in(item.sentence.text))
    return not named or bool(named & asked)


def _share(wanted: set[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _chosen(candidates: Sequence[_Candidate], longest: int) -> list[_Candidate]:
    """The worthiest that fit, each sentence once; a list whole where it fits."""
    ordered = sorted(candidates, key=lambda found: -found.worth)
    best = ordered[0]
    most = max(found.own for found in ordered)
    lists = _lists(candidates)
    chosen: dict[str, _Candidate] = {}
    room = longest
    for found in ordered:
        if found is not best and not _worthwhile(found, best=best, most=most):
            continue
        ways = _ways(found, lists.get(found, ()))
        new = [_unknown(way, chosen) for way in ways]
        fitting = next((one for one in new if _length(one) <= room), None)
        if fitting is None and found is best:
            fitting = new[-1]
        chosen |= fitting or {}
        room = longest - _length(chosen)
    return list(chosen.values())


def _lists(
    candidates: Sequence[_Candidate],
) -> dict[_Candidate, tuple[_Candidate, ...]]:
    """For each item, row and introduction the whole list that it belongs to."""
    found: dict[_Candidate, tuple[_Candidate, ...]] = {}
    before: list[_Candidate] = []
    runs = groupby(candidates, key=lambda one: (one.rank, one.is_prose))
    for (rank, is_prose), run in runs:
        parts = list(run)
        if is_prose:
            before = parts
            continue
        introduced = before and before[-1].rank == rank and before[-1].introduces
        whole = (*before[-1:], *parts) if introduced else tuple(parts)
        found |= dict.fromkeys(whole, whole)
    return found


def _ways(
    found: _Candidate, whole: tuple[_Candidate, ...]
) -> list[tuple[_Candidate, ...]]:
    """How a sentence can be shown, fullest first; an introduction never alone.

    Nor is an item ever shown without its introduction: a row says what it is about.
    """
    if not whole:
        return [(found,)]
    introduction = [one for one in whole[:1] if one.introduces]
    items = whole[len(introduction) :]
    item = max(items, key=lambda one: one.worth) if found in introduction else found
    ways = [whole, (*introduction, item)]
    apart = not introduction or found.sentence.kind is SentenceKind.ROW
    return [*ways, (found,)] if apart else ways


def _unknown(
    way: Sequence[_Candidate], chosen: Mapping[str, _Candidate]
) -> dict[str, _Candidate]:
    return {one.sentence.text: one for one in way if one.sentence.text not in chosen}


def _length(chosen: Mapping[str, _Candidate]) -> int:
    return sum(found.words for found in chosen.values())


def _worthwhile(found: _Candidate, *, best: _Candidate, most: float) -> bool:
    """Another document's sentence must answer as much of the question."""
    if found.document != best.document and found.covered < best.covered:
        return False
    if found.rank != best.rank:
        return found.own >= WORTH_FETCHING * most
    return not found.is_prose or found.own >= WORTH_KEEPING * most
