"""The title a document gives itself, unless a program put something there."""

import re

from ingest.formats.contents import one_line

LONGEST = 200
PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
MEANINGLESS = re.compile(
    r"\(?(?:untitled|anonymous|no title|title|document|model|presentation|template"
    r"|slide|powerpoint presentation|book|workbook|new document)\b(?: document)?\W*\d*"
    r"|.*\.(?:docx?|pptx?|xlsx?|pdf|odt|indd|html?|txt|tmp)|[\W\d_]*",
    re.IGNORECASE,
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def own_title(text: object) -> str | None:
    """A title in one line, or None where it says nothing."""
    words = CONTROLS.sub(" ", str(text or ""))
    line = PROGRAM.sub("", one_line(words, longest=LONGEST))
    return None if MEANINGLESS.fullmatch(line) else line
