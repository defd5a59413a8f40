"""Hindi and Urdu in Latin letters, known by their words.

Each word that sets such messages apart counts by how much likelier it is in them than
in others (the logarithm of the ratio), learned by ``fit_romanised`` from labelled
messages and written beside this module; a message is what its words add up to.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from math import log
from pathlib import Path

from bot.answering.understanding.folding import folded
from bot.answering.understanding.languages import LATIN, is_latin

FILE = Path(__file__).with_name("romanised.json")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
# What a message has to add up to; less of it makes another language doubtful.
ENOUGH, DOUBTFUL = 3.0, 1.0
# A word counts that is in so many messages, and so much likelier or less likely. What
# speaks against counts for little: names and English words are in all of them.
FEWEST, TELLING = 4, 1.5
FEWEST_AGAINST, TELLING_AGAINST, LEAST = 8, -1.0, -1.5

Words = Mapping[str, float]


def romanised_in(text: str, *, enough: float = ENOUGH) -> str | None:
    """Which of these languages a text is in (``hi-Latn``); None if in none of them."""
    if not is_latin(text):
        return None
    words, tables = _words(text), _tables()
    if sum(tables["any"].get(word, 0.0) for word in words) < enough:
        return None
    named = [name for name in tables if name.endswith(LATIN)]
    return max(named, key=lambda name: sum(tables[name].get(one, 0) for one in words))


def fit_romanised(messages: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """The tables of words, from texts with their languages.

    ``any`` tells these languages from all others, one by its name from its sisters.
    """
    rows = [(_words(text), language) for text, language in messages if is_latin(text)]
    own = [(words, name) for words, name in rows if name.endswith(LATIN)]
    others = [words for words, name in rows if not name.endswith(LATIN)]
    names = sorted({name for _, name in own})
    tables = {"any": _table([words for words, _ in own], others)}
    for name in names:
        here = [words for words, one in own if one == name]
        tables[name] = _table(here, [words for words, one in own if one != name])
    return tables


def save_romanised(tables: Mapping[str, Words], file: Path = FILE) -> None:
    """Write the tables, a word a line."""
    file.write_text(json.dumps(tables, ensure_ascii=False, indent=0), "utf-8")


def _table(here: list[frozenset[str]], there: list[frozenset[str]]) -> dict[str, float]:
    """How much each telling word speaks for one kind of texts and against another."""
    own = Counter(word for words in here for word in words)
    other = Counter(word for words in there for word in words)
    table = {}
    for word in sorted(own.keys() | other.keys()):
        ratio = _share(own[word], len(here)) - _share(other[word], len(there))
        if own[word] >= FEWEST and ratio > TELLING:
            table[word] = round(ratio, 2)
        elif other[word] >= FEWEST_AGAINST and ratio < TELLING_AGAINST:
            table[word] = round(max(ratio, LEAST), 2)
    return table


def _share(count: int, of: int) -> float:
    return log((count + 0.5) / (of + 1))


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(folded(text)))


@cache
def _tables() -> Mapping[str, Words]:
    tables: Mapping[str, Words] = json.loads(FILE.read_text("utf-8"))
    return tables
