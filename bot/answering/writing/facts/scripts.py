"""Where a word begins and ends, in every script that contacts write in."""

import re
from collections.abc import Iterable

# Python counts the vowel signs of Hindi and Bengali as no part of a word.
LETTER = r"[\w\u0900-\u0963\u0971-\u09e3]"
START, END = f"(?<!{LETTER})", f"(?!{LETTER})"
SPACE, NOTHING = r"[\s-]+", "(?!)"
CHINESE = re.compile(r"[\u3007\u3400-\u9fff]")


def either(words: Iterable[str]) -> str:
    """An expression for any of these words, the longest first; spaces may differ."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    found = "|".join(re.escape(word).replace(r"\ ", SPACE) for word in ordered)
    return found or NOTHING
