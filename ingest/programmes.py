"""Lists of programmes (CSV): every row that is right becomes a document."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from ingest.documents import Document
from ingest.files import SourceFile
from ingest.front_matter import Fee, FrontMatter, LastDay, Link
from ingest.programme_text import body_of

SEPARATORS = ",;\t"
LONGEST_NAME = 60


def _parts(text: object) -> object:
    if not isinstance(text, str):
        return text
    return [part.strip() for part in text.split(";") if part.strip()]


Several = Annotated[list[str], BeforeValidator(_parts, json_schema_input_type=str)]


class Programme(BaseModel):
    """A row of a list of programmes; the columns have the names of the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(max_length=200, description="name of the programme")
    provider: str = Field(max_length=200, description="who offers it")
    awarding_body: str | None = Field(
        None, description="who awards the credential, if that is not the provider"
    )
    country: Several = Field(
        default_factory=list, description="countries, separated by semicolons"
    )
    subject: Several = Field(
        min_length=1, description="subjects, separated by semicolons"
    )
    credential: str = Field(
        description="kind of credential, such as professional certificate"
    )
    mode: Literal["online", "hybrid", "campus"] = Field(description="how it is taught")
    duration: str = Field(description="such as 6 weeks")
    effort: str | None = Field(None, description="such as 4 hours a week")
    currency: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="of the fee, such as EUR"
    )
    fee: Fee | None = Field(None, description="a number; 0 for free")
    fee_as_of: date | None = Field(
        None, description="the day on which the fee was so; required with a fee"
    )
    credit: str | None = Field(None, description="such as 5 ECTS")
    level: str | None = Field(None, description="such as beginner")
    entry_requirements: str | None = Field(None, description="what one needs to join")
    language: str | None = Field(None, description="language of teaching")
    link: Link = Field(description="the page of the programme")
    last_verified: date = Field(description="the day on which somebody checked the row")
    recheck_by: date | None = Field(None, description="the day to check it again")
    valid_from: date | None = Field(None, description="not used before this day")
    valid_until: LastDay | None = Field(None, description="not used after this day")

    @model_validator(mode="after")
    def _fee_is_dated(self) -> Self:
        if self.fee is not None and self.fee_as_of is None:
            raise ValueError("fee_as_of: needs the day on which the fee was so")
        return self

    @property
    def key(self) -> str:
        """The same for rows that describe the same programme."""
        return f"{_slug(self.title)}-by-{_slug(self.provider)}"


def read_programmes(
    files: Sequence[SourceFile],
) -> tuple[list[Document], list[str]]:
    """The documents of all lists, and a line for each row that was left out."""
    documents: list[Document] = []
    problems: list[str] = []
    for file in files:
        if file.is_programme_list:
            _read(file, documents, problems)
    return documents, problems


def schema() -> Mapping[str, object]:
    """What a row may hold, as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Programme.model_json_schema(),
    }


def _read(file: SourceFile, documents: list[Document], problems: list[str]) -> None:
    if file.problem:
        problems.append(f"{file.path}: {file.problem}")
        return
    try:
        names, rows = _table(file.content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problems.append(f"{file.path}: not UTF-8; save it as “CSV UTF-8”")
        return
    except csv.Error as error:
        problems.append(f"{file.path}: cannot be read as a list: {error}")
        return
    missing = list(_missing_columns(names))
    problems += [f"{file.path}:1: {line}" for line in (*missing, *_unknown(names))]
    if missing:
        return
    seen: dict[str, int] = {}
    for number, row in rows:
        found = _programme(f"{file.path}:{number}", names, row)
        if isinstance(found, list):
            problems += found
        elif (first := seen.setdefault(found.key, number)) != number:
            problems.append(
                f"{file.path}:{number}: title: is the same programme as row {first}"
            )
        else:
            documents.append(_document(file.path, found))


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Names, and rows as a spreadsheet counts them: the first is that of the names."""
    clean = text.replace("\0", "\ufffd")
    first = clean.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    read = csv.reader(io.StringIO(clean, newline=""), delimiter=separator, strict=True)
    rows = [[" ".join(value.split()) for value in row] for row in read]
    names = [_slug(name).replace("-", "_") for name in (rows or [[]])[0]]
    return names, [(n, row) for n, row in enumerate(rows[1:], start=2) if any(row)]


def _missing_columns(names: Sequence[str]) -> Iterator[str]:
    for name, field in Programme.model_fields.items():
        if field.is_required() and name not in names:
            yield f"{name}: there is no such column"


def _unknown(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name and name not in Programme.model_fields:
            yield f"{name}: unknown column, not used; see docs/programme.schema.json"


def _programme(
    where: str, names: Sequence[str], row: Sequence[str]
) -> Programme | list[str]:
    if any(row[len(names) :]):
        return [f"{where}: has more values than there are columns; quote the commas"]
    given = {
        name: value
        for name, value in zip(names, row, strict=False)
        if value and name in Programme.model_fields
    }
    try:
        return Programme.model_validate(given)
    except ValidationError as error:
        return [_problem(where, dict(problem)) for problem in error.errors()]


def _problem(where: str, problem: Mapping[str, object]) -> str:
    reason = str(problem["msg"]).removeprefix("Value error, ")
    place = problem["loc"]
    field = f"{place[0]}: " if isinstance(place, tuple) and place else ""
    if problem["type"] == "missing":
        reason = "is missing"
    return f"{where}: {field}{reason}"


def _document(path: str, programme: Programme) -> Document:
    fields = programme.model_dump(exclude={"link"}, exclude_none=True)
    about = FrontMatter.model_validate(
        {**fields, "kind": "programme", "source": programme.link}
    )
    return Document(
        path=f"{path}/{_name(programme.key)}", about=about, body=body_of(about)
    )


def _name(key: str) -> str:
    """A key that is not too long; what is cut off still tells it from others."""
    if len(key) <= LONGEST_NAME:
        return key
    digest = blake2b(key.encode(), digest_size=4).hexdigest()
    return f"{key[:LONGEST_NAME].strip('-')}-{digest}"


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", text.casefold()))
