"""Our Markdown as WhatsApp shows it, cut into parts that Twilio carries."""

import re
from collections.abc import Iterator

LONGEST = 1500
LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
# Where a text may be cut, best first; the last resort is anywhere.
BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?。؟।])\s+"),
    re.compile(r"\s+"),
)


def whatsapp_markup(text: str) -> str:
    """Bold, links and headings in WhatsApp's own signs."""
    linked = LINK.sub(r"\1: \2", text)
    headed = HEADING.sub(r"*\1*", linked)
    return BOLD.sub(r"*\1*", headed)


def split(text: str, *, longest: int = LONGEST) -> list[str]:
    """Parts of at most ``longest`` characters; only white space is lost between."""
    return list(_parts(whatsapp_markup(text).strip(), longest))


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
    return longest
