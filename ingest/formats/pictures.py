"""Pictures inside Word files and presentations, and the words that they hold."""

import re
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

# A logo or an icon is smaller than anything that somebody could read from a screen.
FEWEST_DOTS = 200_000
SMALL = "holds only pictures that are too small to be read"
# Private characters, which no document uses, stand around a picture's number.
MARK = re.compile("\ue000(\\d+)\ue001")
WORD = re.compile(r"\w+")
FEWEST_WORDS, SENSIBLE = 3, 0.6
SHORTEST_WORD = 3


def marked(number: int) -> str:
    """What stands in a text where a picture does."""
    return f"\ue000{number}\ue001"


def with_words(text: str, words: Mapping[int, str]) -> str:
    """A text with the words of its pictures, by their numbers, in their places."""

    def in_place(found: re.Match[str]) -> str:
        said = words.get(int(found[1]), "")
        return f"\n\n{said}\n\n" if said else ""

    return re.sub(r"\n{3,}", "\n\n", MARK.sub(in_place, text)).strip()


def could_hold_words(content: bytes) -> bool:
    """Whether something is a picture of dots, and a large one."""
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    return width * height >= FEWEST_DOTS


def sensible(text: str) -> str:
    """What was read, or nothing where it looks like the noise of a photograph."""
    words = WORD.findall(text)
    clear = [word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()]
    enough = len(words) >= FEWEST_WORDS and len(clear) >= SENSIBLE * len(words)
    return text if enough else ""
