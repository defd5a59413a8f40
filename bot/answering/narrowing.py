"""The part of a section that a question is about: its row, its item, its paragraph.

A section is told whole, but for what does not hang together: rows of a table, items of
a list of fields, and paragraphs that no heading holds together. Of these the ones are
told that the question names, with all their labels; where it names none of them, or
all, the section stays whole.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from math import log

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.retrieval.lexical import terms

# More parts than these are no answer to a question about one of them.
MOST = 3
# So many words beside the rows are told with any of them.
BESIDE = 40
NAME_WORDS = 8
# What may be asked of any table.
OF_ANY_TABLE = frozenset(
    terms(
        "cost price fee charge pay long time day open hour start need want please know"
    )
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RANGES = (" to ", " – ", "–", " - ", "-", " until ", " through ")
# How much nearer one paragraph has to be than all others to be told by itself.
NEARER = 0.02
# Words of a question that name nothing, however rare they are in a table.
NAME_NOTHING = frozenset(
    terms(
        "a an the and or of for to in on at by from with is are be was do does did can "
        "could may must should i you we they it my your our me us what which who when "
        "where how much many any all there this that these not no tell get have has per"
    )
)


def narrowed(chunk: Chunk, question: str, *, parts: Sequence[float] = ()) -> Chunk:
    """What of a section a question is about; all of it where nothing tells.

    ``parts`` are how near each of its sentences is to the question.
    """
    if chunk.answers:
        return chunk  # it was translated as a whole
    told = [one for one in chunk.sentences if one.kind is not SentenceKind.HEADING]
    rows = [one for one in told if one.kind is SentenceKind.ROW]
    if len(rows) > 1:
        return _rows_of(chunk, told, question)
    if sum(_is_field(one) for one in told) > 1:
        return _items_of(chunk, told, question)
    if not chunk.headings and len(parts) == len(chunk.sentences):
        pairs = zip(chunk.sentences, parts, strict=True)
        near = [part for one, part in pairs if one.kind is not SentenceKind.HEADING]
        return _paragraphs_of(chunk, told, near, question)
    return chunk


def names_another(chunk: Chunk, question: str) -> bool:
    """Whether a question about a table has a word that stands nowhere in it.

    Of a table that is known by its rows nothing is told for it: it may well ask for a
    row that is not there. What is said beside a table may be what is asked for.
    """
    if not chunk.rows or chunk.whole or _says_something_besides(chunk):
        return False
    wanted = set(terms(question)) - NAME_NOTHING - OF_ANY_TABLE
    return bool(wanted - set(terms(chunk.searchable)))


def _says_something_besides(chunk: Chunk) -> bool:
    """Whether there is prose that doesn't only lead the table in."""
    return any(
        one.kind is SentenceKind.PROSE and not one.text.rstrip().endswith((":", "："))
        for one in chunk.sentences
    )


def _rows_of(chunk: Chunk, told: Sequence[Sentence], question: str) -> Chunk:
    rows = [n for n, one in enumerate(told) if one.kind is SentenceKind.ROW]
    beside = [n for n in range(len(told)) if n not in rows]
    best = [
        rows[n]
        for n in _named([_with_days(told[n].text) for n in rows], question, chunk)
    ]
    if not best:
        return chunk
    if sum(len(told[n].text.split()) for n in beside) > BESIDE:
        beside = []
    kept = sorted({*best, *beside})
    return _part(chunk, [told[n] for n in kept], _name_of(told[best[0]].text))


def _items_of(chunk: Chunk, told: Sequence[Sentence], question: str) -> Chunk:
    """Fields with what leads them in."""
    leads: list[int | None] = []
    lead: int | None = None
    for n, one in enumerate(told):
        lead = n if one.text.endswith((":", "：")) else lead
        leads.append(lead if lead != n else None)
    places = [n for n, one in enumerate(told) if _is_field(one)]
    texts = [
        f"{told[lead].text} {told[n].text}"
        if (lead := leads[n]) is not None
        else told[n].text
        for n in places
    ]
    best = [places[n] for n in _named(texts, question, chunk)]
    if not best:
        return chunk
    kept = sorted({*best, *(lead for n in best if (lead := leads[n]) is not None)})
    return _part(chunk, [told[n] for n in kept], told[best[0]].text)


def _paragraphs_of(
    chunk: Chunk, told: Sequence[Sentence], near: Sequence[float], question: str
) -> Chunk:
    """The paragraph with the nearest sentence, where no other has one as near.

    Nor may another one be the only one with a word of the question.
    """
    texts = [one for one in chunk.text.split("\n\n") if one.strip()]
    paragraphs = [_letters(one) for one in texts]
    titled = set(terms(" ".join((chunk.title, *chunk.headings))))
    worded = _named(texts, question, chunk, without=titled)
    places = [
        next(
            (n for n, words in enumerate(paragraphs) if _letters(one.text) in words), -1
        )
        for one in told
    ]
    best = {
        place: max(value for at, value in zip(places, near, strict=True) if at == place)
        for place in set(places)
    }
    first, *others = sorted(best, key=lambda place: -best[place])
    if not others or first < 0 or best[first] - best[others[0]] < NEARER:
        return chunk
    if worded and first not in worded:
        return chunk
    kept = [one for one, place in zip(told, places, strict=True) if place == first]
    return _part(chunk, kept, kept[0].text)


def _named(
    texts: Sequence[str],
    question: str,
    chunk: Chunk,
    *,
    without: Collection[str] = (),
) -> list[int]:
    """The texts with the rarest words of a question, if it tells them from others."""
    held = [set(terms(text)) for text in texts]
    number = Counter(term for own in held for term in own)
    general = set(terms(" ".join((chunk.title, *chunk.headings))))
    wanted = {
        term
        for term in terms(question)
        if 0 < number[term] < len(texts)
        and term not in NAME_NOTHING
        and term not in without
    }
    if not wanted:
        return []
    weight = {
        term: log(1 + len(texts) / number[term]) / (2 if term in general else 1)
        for term in wanted
    }
    scores = [sum(weight[term] for term in wanted & own) for own in held]
    most = max(scores)
    best = [n for n, score in enumerate(scores) if score >= most - 1e-9]
    return best if len(best) <= MOST and len(best) < len(texts) else []


def _is_field(sentence: Sentence) -> bool:
    """Whether it is an item with a name and a value."""
    name, colon, value = sentence.text.partition(": ")
    return bool(
        sentence.kind is SentenceKind.ITEM
        and colon
        and value
        and len(name.split()) <= NAME_WORDS
    )


def _part(chunk: Chunk, sentences: Sequence[Sentence], name: str) -> Chunk:
    """The sentences as a section below the one they are from."""
    return replace(
        chunk,
        whole=chunk.name,
        headings=(*chunk.headings, " ".join(name.split()[:NAME_WORDS])),
        text="\n".join(one.text for one in sentences),
        sentences=tuple(sentences),
        asks=(),
    )


def _name_of(row: str) -> str:
    """What a row is called: its first cells that are no figures."""
    cells = [cell.partition(": ")[2] or cell for cell in row.split("; ")]
    names = [cell for cell in cells if not any(map(str.isdigit, cell))]
    return ", ".join(names[:2]) or cells[0]


def _with_days(text: str) -> str:
    """A row with every day that lies between those that it names."""
    words = text.casefold()
    for first in DAYS:
        for last in DAYS:
            if any(f"{first}{mark}{last}" in words for mark in RANGES):
                start, end = DAYS.index(first), DAYS.index(last)
                between = (
                    DAYS[n % 7] for n in range(start, end + 1 + 7 * (end < start))
                )
                return " ".join((text, *between))
    return text


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
