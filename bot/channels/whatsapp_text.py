"""Our Markdown as WhatsApp shows it, cut into parts that Twilio carries."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 1500
LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
# Where a text may be cut, best first; the last resort is between any two characters.
BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])"),
    re.compile(r"\s+"),
)
# Emoji are joined by these; marks of a letter are recognised by their category.
JOINERS = frozenset("\u200d\ufe0f🏻🏼🏽🏾🏿")


def whatsapp_markup(text: str) -> str:
    """Bold, links and headings in WhatsApp's own signs."""
    linked = LINK.sub(r"\1: \2", text)
    headed = HEADING.sub(_bold_line, linked)
    return BOLD.sub(r"*\1*", headed)


def split(text: str, *, longest: int = LONGEST) -> list[str]:
    """Parts of at most ``longest`` characters; only white space is lost between."""
    return list(_parts(whatsapp_markup(text).strip(), longest))


def _bold_line(heading: re.Match[str]) -> str:
    words = BOLD.sub(r"\1", heading[1])
    return f"*{words}*"


def _parts(text: str, longest: int) -> Iterator[str]:
    while len(text) > longest:
        cut = _cut(text, longest)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _cut(text: str, longest: int) -> int:
    for border in BORDERS:
        places = [match.start() for match in border.finditer(text[: longest + 1])]
        if places and places[-1] > longest // 3:
            return places[-1]
    anywhere = range(longest, longest // 3, -1)
    return next((cut for cut in anywhere if not _joined(text, cut)), longest)


def _joined(text: str, cut: int) -> bool:
    return (
        text[cut] in JOINERS
        or text[cut - 1] == "\u200d"
        or unicodedata.category(text[cut]).startswith("M")
    )
