"""Pictures inside other files, and the words that they hold."""

import re
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

# A logo or an icon is smaller than anything that somebody could read from a screen.
FEWEST_DOTS = 50_000
# Words of a screenshot are read better when it is so much larger; a scan's are not.
SMALLER, ENLARGE = 1_200_000, 3
SMALL = "holds only pictures that are too small to be read"
# Private characters, which no document uses, stand around a picture's number.
MARK = re.compile("\ue000(\\d+)\ue001")
HEADING = re.compile("^#+ ", re.MULTILINE)
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


def enlarged(content: bytes) -> bytes:
    """A small picture larger and in shades of grey; any other one as it is."""
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
            if width * height >= SMALLER or getattr(picture, "n_frames", 1) > 1:
                return content
            # What is transparent is white on paper.
            opaque = Image.new("RGBA", picture.size, "white")
            opaque.alpha_composite(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return content
    file = BytesIO()
    size = (width * ENLARGE, height * ENLARGE)
    opaque.convert("L").resize(size, Image.Resampling.BICUBIC).save(file, "PPM")
    return file.getvalue()


def beside_text(text: str) -> str:
    """Markdown as it stands among other words: its headings head nothing but itself."""
    return HEADING.sub("", sensible(text))


def sensible(text: str) -> str:
    """What was read, or nothing where it looks like the noise of a photograph."""
    words = WORD.findall(text)
    clear = [word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()]
    enough = len(words) >= FEWEST_WORDS and len(clear) >= SENSIBLE * len(words)
    return text if enough else ""
