"""What a message wants, told from its words by rules that an operator can read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import py3langid
import yaml

RULES = Path(__file__).with_name("intents.yaml")
LONGEST_READ = 600
# A longer message is read in parts, which overlap so that no saying falls between them.
OVERLAP = 200
# More than any channel takes; what many short messages make together may be longer.
LONGEST_MESSAGE = 50_000
FEWEST_WORDS = 3
LEAST_SURE = 0.05
# Another language must be so many times likelier than the one that is known: names and
# words that many languages share make less of a difference.
SURER = 10
SPACE = re.compile(r"\s+")
OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
# Spellings of one letter that people mix up, and marks that they leave out: invisible
# joiners, Arabic vowels and the Indic dot below.
UNIFORM = str.maketrans(
    {"’": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
    | dict.fromkeys(map(chr, [*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD]), "")
    | dict.fromkeys(map(chr, [*range(0x64B, 0x653), 0x640, 0x670]), "")
    | dict.fromkeys(map(chr, [0x93C, 0x9BC]), "")
)


class Intent(StrEnum):
    """What a message is, if it is not a question for the documents."""

    DISTRESS = "distress"
    DISHONEST = "dishonest"
    ASKS_FOR_CALL = "asks_for_call"
    ASKS_FOR_PERSON = "asks_for_person"
    OWN_CASE = "own_case"
    COMPLAINT = "complaint"
    INSULT = "insult"
    SMALL_TALK = "small_talk"
    ABOUT_BOT = "about_bot"
    THANKS = "thanks"
    GREETING = "greeting"
    VAGUE = "vague"
    EMPTY = "empty"


# What must not be missed, wherever it stands in a long story.
ANYWHERE = frozenset(
    {
        Intent.DISTRESS,
        Intent.DISHONEST,
        Intent.ASKS_FOR_CALL,
        Intent.ASKS_FOR_PERSON,
        Intent.COMPLAINT,
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a message has an intent: any pattern is found, and no exception is."""

    intent: Intent
    patterns: re.Pattern[str]
    exceptions: re.Pattern[str] | None

    def fits(self, text: str) -> bool:
        """Whether a folded message has this intent."""
        if self.exceptions and self.exceptions.search(text):
            return False
        return bool(self.patterns.search(text))


@lru_cache(maxsize=1024)
def intent_of(text: str) -> Intent | None:
    """The intent of a message, or None for a question to the documents."""
    words = _folded(text[:LONGEST_MESSAGE])
    if not any(character.isalnum() for character in words):
        return Intent.EMPTY
    first, *others = _parts(words)
    for rule in rules():
        more = others if rule.intent in ANYWHERE else ()
        if any(rule.fits(part) for part in (first, *more)):
            return rule.intent
    return None


def folded(text: str) -> str:
    """The start of a message as rules read it: in small letters, and uniform."""
    return _folded(text)[:LONGEST_READ]


def _folded(text: str) -> str:
    return SPACE.sub(" ", uniform(text).casefold()).strip()


def _parts(words: str) -> Iterator[str]:
    """A folded message in parts, none of which begins within a word."""
    yield words[:LONGEST_READ]
    start = LONGEST_READ - OVERLAP
    while start + OVERLAP < len(words):
        part = words[start : start + LONGEST_READ]
        yield part.partition(" ")[2] or part
        start += LONGEST_READ - OVERLAP


def uniform(text: str) -> str:
    """A text in which spellings that look the same are the same."""
    return unicodedata.normalize("NFKC", text).translate(UNIFORM)


def language_of(text: str, *, allowed: Sequence[str], known: str | None) -> str:
    """The language of a message among ``allowed`` ones.

    A few words in Latin letters say little about their language, and a message in none
    of these languages says nothing: both keep the ``known`` one, or the first that is
    allowed.
    """
    fallback = known if known and known in allowed else allowed[0]
    short = len(text.split()) < FEWEST_WORDS and not OTHER_SCRIPT.search(text)
    if len(allowed) == 1 or short:
        return fallback
    chances = dict(_ranked(text[:LONGEST_READ]))
    likeliest = max(allowed, key=lambda name: chances.get(name, 0.0))
    if likeliest == fallback:
        return fallback
    least = max(LEAST_SURE, SURER * chances.get(fallback, 0.0))
    return likeliest if chances.get(likeliest, 0.0) >= least else fallback


def written_in(text: str) -> str:
    """The likeliest language of a longer text, of all that there are (ISO 639-1)."""
    return _ranked(text)[0][0]


@lru_cache(maxsize=64)
def _ranked(text: str) -> Sequence[tuple[str, float]]:
    found: Sequence[tuple[str, float]] = _classifier().rank(text)
    return found


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in their order of precedence, each of one intent in one language."""
    found = yaml.safe_load(uniform(RULES.read_text("utf-8")))
    return tuple(
        Rule(
            Intent(intent),
            _either(rule["any"]),
            _either(rule["unless"]) if "unless" in rule else None,
        )
        for intent, languages in found.items()
        for rule in languages.values()
    )


@cache
def patterns_in(file: Path) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a file of rules by their names; each fits where a line does."""
    found: Mapping[str, list[str]] = yaml.safe_load(uniform(file.read_text("utf-8")))
    return {name: _either(lines) for name, lines in found.items()}


@cache
def _classifier() -> py3langid.langid.LanguageIdentifier:
    langid = py3langid.langid
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def _either(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
