"""The small words that turn a sentence round or narrow it, in every language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.answering.understanding.folding import folded
from bot.answering.writing.facts.scripts import CHINESE, END, NOTHING, START, either

WORDS = Path(__file__).with_name("closed_words.yaml")
DIRECTIONS = {"low": 1, "high": -1, "low_behind": 1, "high_behind": -1}
NARROWS = ("only", "except", "if")
# "Cannot" without its denial.
ABLE = re.compile(r"\bcan(?:not\b|'t\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A word that says least or most, and the text that it stands before or behind.

    ``direction`` is 1 for the least or first, -1 for the most or last.
    """

    direction: int
    beside: str
    behind: bool


def denies(text: str, language: str) -> bool:
    """Whether a piece of a sentence says that something is not so."""
    plain = folded(text)
    for kind in ("never_mind", *DIRECTIONS):
        plain = _pattern(language, kind).sub(" ", plain)
    return bool(_pattern(language, "not").search(plain))


def undenied(text: str, language: str) -> str:
    """The same without the words that deny it."""
    plain = folded(text)
    if language == "en":
        plain = ABLE.sub("can", plain)
    return _pattern(language, "not").sub(" ", plain)


def has(text: str, language: str, *kinds: str) -> bool:
    """Whether there is a word of one of these kinds in a text."""
    return any(_pattern(language, kind).search(folded(text)) for kind in kinds)


def begins_with(text: str, language: str, *kinds: str) -> int:
    """How many letters of a text are a word of these kinds, a pause behind it; or 0."""
    plain = folded(text)
    for kind in kinds:
        match = _pattern(language, kind).match(plain)
        rest = plain[match.end() :].lstrip() if match else ""
        if match and rest[:1] in tuple(",:;.!،，。！：—–"):
            return match.end()
    return 0


def narrowings(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """Each word that narrows a sentence: its kind, what stands before and behind it."""
    plain = folded(text)
    for kind in NARROWS:
        for match in _pattern(language, kind).finditer(plain):
            yield kind, plain[: match.start()], plain[match.end() :]


def bounds(text: str, language: str) -> Iterator[Bound]:
    """Every word in a piece of a sentence that says least or most."""
    plain = folded(text)
    for kind, direction in DIRECTIONS.items():
        behind = kind.endswith("behind")
        for match in _pattern(language, kind).finditer(plain):
            beside = plain[: match.start()] if behind else plain[match.end() :]
            yield Bound(direction=direction, beside=beside, behind=behind)


def words_of(language: str, *kinds: str) -> frozenset[str]:
    """All the words of some kinds."""
    known = _words().get(language, {})
    return frozenset(word for kind in kinds for word in known.get(kind, ()))


def known_languages() -> Sequence[str]:
    """The languages whose small words are known."""
    return tuple(_words())


@cache
def _pattern(language: str, kind: str) -> re.Pattern[str]:
    """Any word of a kind, whole; Chinese ones, and what is written together, within."""
    words = _words().get(language, {}).get(kind, ())
    within = [word for word in words if CHINESE.search(word) or word == "n't"]
    starts = [word for word in words if word.endswith("'")]
    whole = set(words) - {*within, *starts}
    before = "|".join(_words().get(language, {}).get("prefixes", ()))
    forms = [
        f"{START}(?:{before})?(?:{either(whole)}){END}" if whole else "",
        either(within) if within else "",
        f"{START}(?:{either(starts)})" if starts else "",
    ]
    return re.compile("|".join(form for form in forms if form) or NOTHING)


@cache
def _words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found = yaml.load(WORDS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    return {
        language: {
            kind: [folded(word) for word in words] for kind, words in kinds.items()
        }
        for language, kinds in found.items()
    }
