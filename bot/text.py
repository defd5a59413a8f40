"""Makes any text that arrives one that every database can store."""

import re
from typing import Annotated

from pydantic import BeforeValidator

UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return UNSTORABLE.sub("\ufffd", text)


def _clean_if_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


# JSON may hold lone surrogates, which pydantic would refuse.
CleanText = Annotated[str, BeforeValidator(_clean_if_text)]
