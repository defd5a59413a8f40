"""Finds the front matter above a text, whichever program it was written for."""

import re
import tomllib
from collections.abc import Sequence

from bot.errors import DocumentError
from ingest.front_matter import Said, foreign_title, read_front_matter

FENCE, TOML_FENCE = "---", "+++"
FIELD = re.compile(r"[\w-]+ *:(?:\s|$)")


def split_front_matter(name: str, lines: Sequence[str]) -> tuple[Said, int]:
    """What stands in the front matter, and the line at which the text begins (from 0).

    A rule as the first line of a text begins none.

    Raises:
        DocumentError: it is there and broken; a line for each problem says where.
    """
    fence = lines[0].strip() if lines else ""
    if fence not in {FENCE, TOML_FENCE}:
        return Said(about=None), 0
    ends = (n for n, line in enumerate(lines) if n and line.strip() == fence)
    end = next(ends, None)
    if fence == FENCE and not _begins_fields(lines[1:end]):
        return Said(about=None), 1 if end == 1 else 0
    if end is None:
        raise DocumentError(f"{name}:1: front matter is not closed with a line {fence}")
    text = "\n".join(lines[1:end])
    if fence == TOML_FENCE:
        return _toml(name, text), end + 1
    return read_front_matter(name, text, first=2), end + 1


def _begins_fields(lines: Sequence[str]) -> bool:
    """Whether the first line that is no comment is a field."""
    written = (line for line in lines if not line.startswith("#"))
    first = next((line for line in written if line.strip()), "")
    blank_first = bool(lines) and not lines[0].strip()
    return FIELD.match(first) is not None and not blank_first


def _toml(name: str, text: str) -> Said:
    try:
        return Said(about=None, title=foreign_title(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) or "is nested too deeply"
        raise DocumentError(f"{name}:1: front matter: {reason}") from error
