"""Files under ``knowledge/`` to documents; what is wrong in them is named by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)
from yaml.reader import ReaderError

from bot.errors import DocumentError
from ingest.files import SourceFile, source_files

FENCE = "---"
NOTHING = ("", "~", "null")
OWN_FIELDS = {"title", "kind", "source", "last_verified", "valid_from", "valid_until"}


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address starts with https://")
    return text


def _not_before_valid_from(day: date, info: ValidationInfo) -> date:
    start = info.data.get("valid_from")
    if start and day < start:
        raise ValueError("is before valid_from")
    return day


def _with_currency(fee: float, info: ValidationInfo) -> float:
    # A currency that is itself wrong is not among the data, and is named already.
    if info.data.get("currency", "") is None:
        raise ValueError("needs a currency")
    return fee


Link = Annotated[str, AfterValidator(_address)]
LastDay = Annotated[date, AfterValidator(_not_before_valid_from)]
Fee = Annotated[float, Field(ge=0, allow_inf_nan=False), AfterValidator(_with_currency)]


class FrontMatter(BaseModel):
    """What a document says about itself, above its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=200)
    kind: Literal["guidance", "programme", "faq"]
    last_verified: date
    source: Link | None = None
    sources: list[Link] = Field(default_factory=list)
    valid_from: date | None = None
    valid_until: LastDay | None = None
    recheck_by: date | None = None
    country: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    subject: list[str] = Field(default_factory=list)
    provider: str | None = None
    awarding_body: str | None = None
    credential: str | None = None
    mode: Literal["online", "hybrid", "campus"] | None = None
    duration: str | None = None
    effort: str | None = None
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    fee: Fee | None = None
    fee_as_of: date | None = None
    credit: str | None = None
    level: str | None = None
    entry_requirements: str | None = None
    language: str | None = None

    @property
    def facets(self) -> dict[str, object]:
        """Everything that describes the content, ready for JSON."""
        return self.model_dump(mode="json", exclude=OWN_FIELDS, exclude_defaults=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document; ``path`` is relative to ``knowledge/``, ``body`` is Markdown."""

    path: str
    about: FrontMatter
    body: str


def read_documents(folder: Path) -> list[Document]:
    """All documents of a folder; raises ``DocumentError`` as ``parse_documents``."""
    return parse_documents(source_files(folder))


def parse_documents(files: Sequence[SourceFile]) -> list[Document]:
    """The documents that were found.

    Raises:
        DocumentError: some are broken; a line for each says where and why.
    """
    documents, problems = [], []
    for file in files:
        try:
            documents.append(parse_document(file))
        except DocumentError as error:
            problems.append(str(error))
    if problems:
        raise DocumentError("\n".join(problems))
    return documents


def parse_document(file: SourceFile) -> Document:
    """One document, validated."""
    name = file.path
    if file.problem:
        raise DocumentError(f"{name}: {file.problem}")
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{name}:{line}: not UTF-8; save it as UTF-8") from error
    lines = text.replace("\0", "\ufffd").splitlines()
    end = _front_matter_end(name, lines)
    about = _front_matter(name, lines[1:end])
    body = "\n".join(lines[end + 1 :]).strip()
    if not body:
        raise DocumentError(
            f"{name}:{end + 1}: there is no text below the front matter"
        )
    return Document(path=name, about=about, body=body)


def _front_matter_end(name: str, lines: list[str]) -> int:
    if not lines or lines[0].strip() != FENCE:
        raise DocumentError(
            f"{name}:1: front matter is missing; start the file with a line {FENCE}"
        )
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == FENCE:
            return number
    raise DocumentError(f"{name}:1: front matter is not closed with a line {FENCE}")


def _front_matter(name: str, lines: list[str]) -> FrontMatter:
    fields, where = _fields(name, "\n".join(lines))
    try:
        return FrontMatter.model_validate(fields)
    except ValidationError as error:
        problems = _problems(name, where, error)
        raise DocumentError("\n".join(problems)) from error


def _fields(name: str, text: str) -> tuple[dict[str, object], dict[str, int]]:
    """Values by field, and the line that each field stands in."""
    try:
        # Texts only: to YAML itself, `country: no` is false and a wrong date an error.
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  safe: texts only
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 2
        raise DocumentError(f"{name}:{line}: front matter: {error.reason}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise DocumentError(f"{name}:{line}: front matter: {reason}") from error
    if not isinstance(fields, dict):
        raise DocumentError(f"{name}:2: front matter must be lines of `field: value`")
    where: dict[str, int] = {}
    for key, _ in tree.value if tree else ():
        line = key.start_mark.line + 2
        if key.value in where:
            raise DocumentError(f"{name}:{line}: {key.value}: stands here twice")
        where[key.value] = line
    given = {field: value for field, value in fields.items() if value not in NOTHING}
    return given, where


def _problems(
    name: str, where: dict[str, int], error: ValidationError
) -> Iterator[str]:
    for problem in error.errors():
        field = str(problem["loc"][0])
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            reason = "unknown field; see README for the fields there are"
        yield f"{name}:{where.get(field, 1)}: {field}: {reason}"
