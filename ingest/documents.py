"""Files under ``knowledge/`` to documents; what is wrong in them is named by line."""

from collections.abc import Iterator
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
    model_validator,
)

from bot.errors import DocumentError

FENCE = "---"
OWN_FIELDS = {"title", "kind", "source", "last_verified", "valid_from", "valid_until"}


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address starts with https://")
    return text


Link = Annotated[str, AfterValidator(_address)]


class FrontMatter(BaseModel):
    """What a document says about itself, above its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=200)
    kind: Literal["guidance", "programme", "faq"]
    last_verified: date
    source: Link | None = None
    sources: list[Link] = Field(default_factory=list)
    valid_from: date | None = None
    valid_until: date | None = None
    recheck_by: date | None = None
    country: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    subject: list[str] = Field(default_factory=list)
    provider: str | None = None
    credential: str | None = None
    mode: Literal["online", "hybrid", "campus"] | None = None
    duration: str | None = None
    effort: str | None = None
    fee: float | None = Field(None, ge=0)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    credit: str | None = None
    level: str | None = None
    language: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> "FrontMatter":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        if self.fee is not None and self.currency is None:
            raise ValueError("fee needs a currency")
        return self

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


def document_files(folder: Path) -> list[Path]:
    """Every Markdown file below a folder, in a fixed order; hidden ones are not."""
    return sorted(
        path
        for path in folder.rglob("*.md")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read_documents(folder: Path) -> list[Document]:
    """All documents of a folder.

    Raises:
        DocumentError: some are broken; a line for each says where and why.
    """
    if not folder.is_dir():
        raise DocumentError(f"{folder} is not a folder; set KNOWLEDGE_DIR")
    documents, problems = [], []
    for path in document_files(folder):
        try:
            documents.append(read_document(path, folder))
        except DocumentError as error:
            problems.append(str(error))
    if problems:
        raise DocumentError("\n".join(problems))
    if not documents:
        raise DocumentError(f"{folder} holds no Markdown documents")
    return documents


def read_document(path: Path, folder: Path) -> Document:
    """One document, validated."""
    name = path.relative_to(folder).as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig")
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
    try:
        fields = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise DocumentError(f"{name}:{line}: front matter: {reason}") from error
    if not isinstance(fields, dict):
        raise DocumentError(f"{name}:2: front matter must be lines of `field: value`")
    try:
        return FrontMatter.model_validate(fields)
    except ValidationError as error:
        problems = _problems(name, lines, error)
        raise DocumentError("\n".join(problems)) from error


def _problems(name: str, lines: list[str], error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        field = str(problem["loc"][0]) if problem["loc"] else ""
        line = next(
            (
                n
                for n, text in enumerate(lines, start=2)
                if text.startswith(f"{field}:")
            ),
            1,
        )
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            reason = "unknown field; see README for the fields there are"
        yield f"{name}:{line}: {field or 'front matter'}: {reason}"
