"""Whether an English sentence keeps the "not", "only" and "unless" of its source.

It is laid beside what it shares its words with: where these are nearly all the same, a
denial on one side alone turns the rule round, and a case that is nowhere named is lost.
"""

import re
from collections.abc import Iterator, Sequence

from bot.answering.writing.checks.closed_words import NARROWS, has, narrowings
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.checks.pieces import ENGLISH, Piece, content, pieces_of

# How alike two pieces are by their words (F1) that say the same or the opposite, and by
# how much the opposite must be liker than anything that says the same.
ALIKE, LIKER = 0.72, 0.1
# Of a sentence's words the share that the one which it rests on has; of the words of a
# rule the share that tells it; of the words of its case the share that names it.
RESTS, RULE, NAMED = 0.7, 0.5, 0.34
MARKS = re.compile(r"[,;:.](?!\d)")


def denies_what_is_said(said: Passage, sources: Sequence[Passage]) -> bool:
    """Whether a sentence says the opposite of what its sources say."""
    if said.language != ENGLISH:
        return False
    ground = [piece for one in _sentences(sources) for piece in pieces_of(one)]
    return any(_contradicts(piece, ground) for piece in pieces_of(said.unanswered()))


def leaves_a_case_out(said: Passage, known: str, sources: Sequence[Passage]) -> bool:
    """Whether a rule is told without the case that it holds for.

    Not where the sentence narrows it in any way, or the case is named elsewhere: in
    the reply or by the contact, ``known`` together.
    """
    words = content(said.text)
    if said.language != ENGLISH or not words or has(said.text, ENGLISH, *NARROWS):
        return False
    rests = {
        one.text: len(words & content(one.text)) / len(words)
        for one in _sentences(sources)
    }
    best = max(rests.values(), default=0.0)
    nearest = [text for text, share in rests.items() if share == best]
    return best >= RESTS and all(
        any(_is_lost(words, content(known), *case) for case in _cases(text))
        for text in nearest
    )


def _sentences(sources: Sequence[Passage]) -> Iterator[Passage]:
    for source in sources:
        if source.language == ENGLISH:
            yield from source.sentences()


def _contradicts(piece: Piece, ground: Sequence[Piece]) -> bool:
    alike = [(_alike(piece, one), one) for one in ground if one.case is piece.case]
    opposite = [
        share
        for share, one in alike
        if None not in {piece.denied, one.denied}
        and one.denied is not piece.denied
        and not _bounds_the_same(piece, one)
    ]
    same = [
        max(share, len(piece.words & one.words) / len(piece.words))
        for share, one in alike
        if one.denied in {piece.denied, None}
    ]
    most = max(opposite, default=0.0)
    return most >= ALIKE and most > max(same, default=0.0) + LIKER


def _bounds_the_same(piece: Piece, ground: Piece) -> bool:
    """Whether both tell the least or most of a figure, which is looked at elsewhere.

    "Not more than 20" may also be told as "20".
    """
    told = piece.bounded | piece.words if ground.denied else piece.bounded
    return bool(told & ground.bounded)


def _alike(one: Piece, other: Piece) -> float:
    both = len(one.words & other.words)
    return 2 * both / (len(one.words) + len(other.words))


def _cases(sentence: str) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Each rule in a sentence, and the case to which it is narrowed."""
    for _kind, before, behind in narrowings(sentence, ENGLISH):
        case, *rest = MARKS.split(behind, maxsplit=1)
        rule = content(MARKS.split(before.rstrip(" ,;:"))[-1]) or content(
            " ".join(rest)
        )
        if rule and content(case):
            yield rule, content(case)


def _is_lost(
    words: frozenset[str],
    known: frozenset[str],
    rule: frozenset[str],
    case: frozenset[str],
) -> bool:
    return (
        len(rule & words) / len(rule) >= RULE and len(case & known) / len(case) <= NAMED
    )
