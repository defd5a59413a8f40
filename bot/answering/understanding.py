"""What a message wants, told from its words by rules that an operator can read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import py3langid
import yaml

RULES = Path(__file__).with_name("intents.yaml")
LONGEST_READ = 600
FEWEST_WORDS = 3
SPACE = re.compile(r"\s+")


class Intent(StrEnum):
    """What a message is, if it is not a question for the documents."""

    DISTRESS = "distress"
    ASKS_FOR_CALL = "asks_for_call"
    ASKS_FOR_PERSON = "asks_for_person"
    COMPLAINT = "complaint"
    ABOUT_BOT = "about_bot"
    THANKS = "thanks"
    GREETING = "greeting"
    VAGUE = "vague"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a message has an intent: any pattern is found, and no exception is."""

    intent: Intent
    patterns: re.Pattern[str]
    exceptions: re.Pattern[str] | None

    def fits(self, text: str) -> bool:
        """Whether a case-folded message has this intent."""
        if self.exceptions and self.exceptions.search(text):
            return False
        return bool(self.patterns.search(text))


def intent_of(text: str) -> Intent | None:
    """The intent of a message, or None for a question to the documents."""
    folded = SPACE.sub(" ", text.casefold().replace("’", "'")).strip()[:LONGEST_READ]
    if not any(character.isalnum() for character in folded):
        return Intent.EMPTY
    return next((rule.intent for rule in rules() if rule.fits(folded)), None)


def language_of(text: str, *, allowed: Sequence[str], known: str | None) -> str:
    """The language of a message among ``allowed`` ones.

    Short messages say little about their language: they keep the ``known`` one.
    """
    fallback = known if known and known in allowed else allowed[0]
    if len(allowed) == 1 or len(text.split()) < FEWEST_WORDS:
        return fallback
    found: str = _classifier(tuple(allowed)).classify(text[:LONGEST_READ])[0]
    return found if found in allowed else fallback


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in their order of precedence."""
    found = yaml.safe_load(RULES.read_text("utf-8"))
    return tuple(
        Rule(Intent(name), _either(rule["any"]), _either(rule.get("unless", [])))
        if rule.get("unless")
        else Rule(Intent(name), _either(rule["any"]), None)
        for name, rule in found.items()
    )


@cache
def _classifier(allowed: tuple[str, ...]) -> py3langid.langid.LanguageIdentifier:
    langid = py3langid.langid
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    # A language that the classifier does not know is never guessed.
    known = [name for name in allowed if name in identifier.labels]
    identifier.set_languages(known or None)
    return identifier


def _either(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
