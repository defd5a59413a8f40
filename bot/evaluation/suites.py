"""A suite on disk: documents, and questions with what is expected of them."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import BotError

SEED = 7
ANSWERABLE = "answer"


class SuiteError(BotError):
    """A suite cannot be read; the text names file, line and reason."""


class Question(BaseModel):
    """What a contact wrote, oldest first, and what should come of the last message.

    ``sources`` are paths under the suite's documents that hold the answer; ``gold``
    are texts of which one should be in the answer. Other fields are ignored.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    turns: list[str] = Field(min_length=1)
    expected: str
    source: str | None = None
    sources: list[str] = Field(default_factory=list)
    gold: list[str] = Field(default_factory=list)

    @property
    def wanted(self) -> frozenset[str]:
        """The documents that hold the answer, where they are known."""
        return frozenset(self.sources or ([self.source] if self.source else []))

    @property
    def text(self) -> str:
        """The message that is to be answered."""
        return self.turns[-1]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The contact's messages before it."""
        return tuple(self.turns[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Questions and the documents they are asked of; None: the project's own."""

    name: str
    questions: tuple[Question, ...]
    documents: Path | None


def read_suite(folder: Path, *, limit: int | None = None) -> Suite:
    """The suite in a folder; with ``limit`` a random sample, always the same one.

    Raises:
        SuiteError: ``questions.jsonl`` is missing, or a line of it is wrong.
    """
    path = folder / "questions.jsonl"
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} cannot be read: {error}") from error
    questions = [
        _question(path, number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not questions:
        raise SuiteError(f"{path} holds no questions")
    if limit is not None and limit < len(questions):
        questions = random.Random(SEED).sample(questions, limit)  # noqa: S311  no secret
    documents = folder / "documents"
    return Suite(
        name=folder.resolve().name,
        questions=tuple(questions),
        documents=documents if documents.is_dir() else None,
    )


def _question(path: Path, number: int, line: str) -> Question:
    try:
        return Question.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SuiteError(f"{path}:{number}: {field}: {first['msg']}") from error
    except ValueError as error:
        raise SuiteError(f"{path}:{number}: not JSON: {error}") from error
