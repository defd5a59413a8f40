"""Names of programmes, providers and others, which must stand in the sources.

In English every name of several words is looked at, and what is quoted; in other
letters every name in Latin ones; elsewhere, where nouns have capitals or names are
translated, those that the documents of programmes know.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bot.answering.retrieval.lexical import terms
from bot.answering.understanding.folding import folded
from bot.answering.understanding.languages import is_latin
from bot.answering.writing.checks.closed_words import words_of
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.checks.pieces import ENGLISH
from bot.answering.writing.facts.figures import without_links

WORD = r"[A-Z](?:[A-Za-zÀ-ÿ0-9&'.-]*[A-Za-zÀ-ÿ0-9])?"
LINK = r"(?:of|and|for|the|in|at|de|&)"
NAME = re.compile(rf"(?<![\w&'-]){WORD}(?:\s+(?:{LINK}\s+){{0,2}}{WORD})+")
AMONG_OTHERS = re.compile(rf"(?<![A-Za-z&'-]){WORD}(?:\s+{WORD})*")
WORDS = re.compile(r"\w+")
QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]{3,60})[”\"»“]")
# Among other letters a word is a name if it has so many, and no "F-1" or "GPA".
LONG = 4
BORDERS = ".:;!?"


def names_what_is_not_held(
    said: Passage, sources: Sequence[str], *, contact: str, known: Collection[str]
) -> bool:
    """Whether a sentence has a name that neither its sources nor the contact have.

    ``known`` are the names of programmes and providers that the documents tell of.
    """
    held = frozenset(terms("\n".join((*sources, contact))))
    held |= words_of(ENGLISH, "small")
    text = without_links(said.text)
    whole = (*_quoted(text, said.language), *_known_names(text, known))
    return any(not held.issuperset(terms(name)) for name in whole) or any(
        _is_other(terms(name), held) for name in _names(text, said.language)
    )


def _is_other(name: Sequence[str], held: Collection[str]) -> bool:
    """Whether of a name less than half is held: "Coventry University" for "uni"."""
    return sum(word in held for word in name) * 2 < len(name)


def _names(text: str, language: str) -> Iterator[str]:
    if not is_latin(text):
        found = (match[0] for match in AMONG_OTHERS.finditer(text))
        yield from (one for one in found if sum(map(str.isalpha, one)) >= LONG)
    elif language == ENGLISH:
        for match in NAME.finditer(text):
            before = text[: match.start()].rstrip()
            begins = not before or before[-1] in BORDERS
            name = match[0].partition(" ")[2] if begins else match[0]
            if " " in name:  # what is left behind "The" or "Whether" is one word
                yield name


def _quoted(text: str, language: str) -> Iterator[str]:
    if is_latin(text) and language == ENGLISH:
        quoted = (match[1] for match in QUOTED.finditer(text))
        yield from (one for one in quoted if " " in one and one[:1].isupper())


def _known_names(text: str, known: Collection[str]) -> Iterator[str]:
    plain = _words(text)
    return (name for name in known if _words(name) in plain)


def _words(text: str) -> str:
    """The words of a text alone, with a space on either side."""
    return f" {' '.join(WORDS.findall(folded(text)))} "
