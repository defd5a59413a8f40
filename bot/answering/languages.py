"""Which language a message and the passages for it are in, and whether they meet."""

import re
from collections.abc import Mapping, Sequence

from babel import Locale

from bot.answering.passages import Passage
from bot.answering.understanding import (
    FEWEST_WORDS,
    OTHER_SCRIPT,
    language_of,
    written_in,
)
from bot.conversations.phrases import languages

LETTER = re.compile(r"[^\W\d_]")
READ = 800


def language_of_passages(passages: Sequence[Passage]) -> str | None:
    """The language of what was found; None if nothing was."""
    text = " ".join(passage.chunk.text for passage in passages[:3])[:READ]
    return written_in(text) if text.strip() else None


def name_of(language: str, *, spoken: str) -> str:
    """What a language is called in the one that is spoken, or its code."""
    names: Mapping[str, str] = Locale.parse(spoken).languages
    return names.get(language, language)


def spoken_in(text: str, *, known: str) -> frozenset[str]:
    """The languages to read a text in: English, the known one, the likeliest one."""
    likeliest = language_of(text, allowed=sorted({*languages(), known}), known=known)
    return frozenset({"en", known, likeliest})


def is_foreign(
    message: str, *, language: str, passages: Sequence[Passage], found: str
) -> bool:
    """Whether a message in ``language`` met passages in the language ``found``."""
    if unlike_scripts(message, passages):
        return True
    plain = len(message.split()) >= FEWEST_WORDS and written_in(message) == language
    return found != language and plain


def unlike_scripts(message: str, passages: Sequence[Passage]) -> bool:
    """Whether a message is in other letters than the passages that were found."""
    texts = " ".join(passage.chunk.text for passage in passages[:3])[:READ]
    return bool(texts) and _foreign(message) != _foreign(texts)


def _foreign(text: str) -> bool:
    """Whether most letters are none of the Latin ones."""
    letters = len(LETTER.findall(text))
    return letters > 0 and 2 * len(OTHER_SCRIPT.findall(text)) > letters
