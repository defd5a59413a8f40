"""Makes any text that arrives one that databases can store and terminals can show."""

import re
from typing import Annotated

from pydantic import BeforeValidator

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# What a terminal would do instead of showing it: move, colour, ring, retitle itself,
# answer as if somebody typed, or write from right to left. Tabs and line ends stay.
COMMANDS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return UNSTORABLE.sub("\ufffd", text)


def shown(text: str) -> str:
    """The text as a terminal may print it, commands to the terminal written out.

    JSON stays JSON.
    """
    return COMMANDS.sub(_written_out, text)


def _written_out(command: re.Match[str]) -> str:
    return f"\\u{ord(command.group()):04x}"


def _clean_if_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


# JSON may hold lone surrogates, which pydantic would refuse.
CleanText = Annotated[str, BeforeValidator(_clean_if_text)]
