"""Labelled conversations, and single messages with what they want."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.answering.understanding.examples import Want
from bot.evaluation.suites import SuiteError

REFUSE = "refuse"
EXPECTED = frozenset(
    {
        "answer", "ask", "refuse", "handoff", "callback", "thanks", "greeting",
        "goodbye", "distress", "complaint", "scam", "stop", "start", "hours",
        "identity", "smalltalk", "correction", "programme", "comparison",
    }
)  # fmt: skip
Line = TypeVar("Line", bound=BaseModel)


class Labelled(BaseModel):
    """A contact's message: what is expected, what a good reply says and does not say.

    ``sections`` are all that would be right, as ``path#heading``, best first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    expect: str
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @field_validator("expect")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in EXPECTED:
            raise ValueError(f"there is no {value!r}")
        return value

    @property
    def unanswerable(self) -> bool:
        """Whether it is a question that no section answers."""
        return self.expect == REFUSE and not self.sections


class Dialogue(BaseModel):
    """A conversation, as its contact wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: str
    turns: tuple[Labelled, ...] = Field(min_length=1)


class Request(BaseModel):
    """A message and what it wants; of two labels both are right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    label: Want | tuple[Want, ...]
    language: str

    @property
    def labels(self) -> tuple[Want, ...]:
        return self.label if isinstance(self.label, tuple) else (self.label,)


def read_dialogues(path: Path) -> list[Dialogue]:
    """Every conversation of a file, a JSON object a line.

    Raises:
        SuiteError: a line is wrong; the text names file, line and field.
    """
    return read_lines(path, Dialogue)


def read_requests(path: Path) -> list[Request]:
    """Every message of a file; errors as those of ``read_dialogues``."""
    return read_lines(path, Request)


def read_lines(path: Path, kind: type[Line]) -> list[Line]:
    """A JSON object of a kind from every line that is not empty."""
    try:
        # Other marks that end lines may stand within a text.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} cannot be read: {error}") from error
    return list(_parsed(path, lines, kind))


def _parsed(path: Path, lines: list[str], kind: type[Line]) -> Iterable[Line]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise SuiteError(f"{path}:{number}: {field}: {first['msg']}") from error
        except ValueError as error:
            raise SuiteError(f"{path}:{number}: not JSON: {error}") from error
