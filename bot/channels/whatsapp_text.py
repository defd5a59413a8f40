"""Our Markdown as WhatsApp shows it, cut into parts that Twilio carries."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 1500
# No pattern may read the same characters again and again: staff, documents and models
# may write twenty thousand spaces. An address ends where another link begins.
LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\[)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
HEADING = re.compile(r"#{1,6}[ \t]")
BLANKS = " \t"
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
    headed = "\n".join(map(_bold_if_heading, linked.split("\n")))
    return BOLD.sub(r"*\1*", headed)


def split(text: str, *, longest: int = LONGEST) -> list[str]:
    """Parts of at most ``longest`` characters; only white space is lost between."""
    return list(_parts(whatsapp_markup(text).strip(), longest))


def _bold_if_heading(line: str) -> str:
    """A heading, with or without the signs that may close it, as a line in bold."""
    if not HEADING.match(line):
        return line
    words = line.lstrip("#").strip(BLANKS)
    open_ended = words.rstrip("#")
    if open_ended != words and open_ended.endswith(tuple(BLANKS)):
        words = open_ended.rstrip(BLANKS)
    words = BOLD.sub(r"\1", words)
    return f"*{words}*" if words else line


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
