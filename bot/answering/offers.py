"""The offer of a person that the bot makes when it has no answer, and a yes to it."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from bot.conversations.phrases import languages, phrase
from bot.conversations.ports import Author, Turn

WORDS = Path(__file__).with_name("offers.yaml")
LONGEST_READ = 100


def person_offered_in(earlier: Sequence[Turn], language: str) -> str | None:
    """The language in which the bot has just offered a person, if it has."""
    if not earlier or not is_refusal(earlier[-1]):
        return None
    said = earlier[-1].text
    spoken = (one for one in (language, *languages()) if _refuses_in(said, one))
    return next(spoken, None)


def is_refusal(turn: Turn) -> bool:
    """Whether the bot said that it has no answer."""
    return turn.author is Author.BOT and any(
        _refuses_in(turn.text, language) for language in languages()
    )


def _refuses_in(text: str, language: str) -> bool:
    # The first reply of a conversation stands behind a greeting.
    return text.endswith(phrase("no_answer", language))


def accepts(text: str) -> bool:
    """Whether a message is a yes and nothing else."""
    folded = text.casefold().replace("’", "'")
    return len(folded) <= LONGEST_READ and bool(_acceptance().fullmatch(folded))


@cache
def _acceptance() -> re.Pattern[str]:
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    clear, perhaps, polite = (
        "(?:" + "|".join(words[name]) + ")" for name in ("clear", "perhaps", "polite")
    )
    more = rf"(?:\W+(?:{clear}|{perhaps}|{polite}))*"
    return re.compile(rf"\W*(?:{perhaps}\W+)*(?:{perhaps}|{clear}{more})\W*")
