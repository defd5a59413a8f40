"""Texts made uniform, so that spellings that look the same are the same."""

import re
import unicodedata

SPACE = re.compile(r"\s+")
# Spellings of one letter that people mix up, and marks that they leave out: invisible
# joiners, Arabic vowels and the Indic dot below.
UNIFORM = str.maketrans(
    {"’": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
    | dict.fromkeys(map(chr, [*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD]), "")
    | dict.fromkeys(map(chr, [*range(0x64B, 0x653), 0x640, 0x670]), "")
    | dict.fromkeys(map(chr, [0x93C, 0x9BC]), "")
)
# No channel takes more in one message. One character may become eighteen, so that a
# text is cut before it is made uniform, and again afterwards.
LONGEST_MESSAGE = 4000


def shortened(text: str) -> str:
    """A message as it is read: NFKC, at most ``LONGEST_MESSAGE`` characters."""
    cut = unicodedata.normalize("NFKC", text[:LONGEST_MESSAGE])
    return SPACE.sub(" ", cut[:LONGEST_MESSAGE]).strip()


def uniform(text: str) -> str:
    """A text in which spellings that look the same are the same."""
    return unicodedata.normalize("NFKC", text).translate(UNIFORM)


def folded(text: str) -> str:
    """The same in small letters, with single spaces."""
    return SPACE.sub(" ", uniform(text).casefold()).strip()
