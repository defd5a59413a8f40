"""What a check finds: something in the documents that somebody has to look at."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """The kinds of findings, in the order in which they are listed."""

    BROKEN = "broken"
    EXPIRED = "expired"
    DUE = "due"
    CONTRADICTING = "contradicting"
    DUPLICATED = "duplicated"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``where`` is a document, with a line where one is known."""

    trouble: Trouble
    where: str
    message: str
