"""The few messages whose whole text the core understands by itself."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).with_name("understood.yaml")
LONGEST_READ = 80
# What is not a letter, a digit or one of the marks that belong to letters.
NO_WORD = re.compile(r"[^\w\u0900-\u0963\u0980-\u09ff]+")
# Invisible joiners, and Arabic vowels, which people leave out.
LEFT_OUT = dict.fromkeys([*range(0x200B, 0x2010), 0xFEFF, *range(0x64B, 0x653), 0x640])


def says(what: str, text: str) -> bool:
    """Whether a message says this and nothing else, in whatever language."""
    return len(text) <= LONGEST_READ and _plain(text) in _sayings()[what]


def language_of_saying(what: str, text: str) -> str | None:
    """The first language in which a message says this, and nothing else."""
    plain = _plain(text)
    said = (
        language
        for language, lines in _file()[what].items()
        if plain in (_plain(line) for line in lines)
    )
    return next(said, None)


@cache
def _sayings() -> Mapping[str, frozenset[str]]:
    return {
        what: frozenset(_plain(line) for lines in languages.values() for line in lines)
        for what, languages in _file().items()
    }


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(
        WORDS.read_text("utf-8")
    )
    return found


def _plain(text: str) -> str:
    """Small letters without punctuation or doubled spaces."""
    uniform = unicodedata.normalize("NFKC", text).translate(LEFT_OUT).casefold()
    words = NO_WORD.sub(" ", uniform.replace("\u2019", "").replace("'", "")).split()
    return " ".join(words)
