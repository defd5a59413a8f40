"""One truth for each figure: an entry of ``knowledge/figures.yaml``, by its id."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from bot.errors import DocumentError
from ingest.catalogue_entries import composed, pairs, where_of
from ingest.figure_writing import date_written, first_day, sum_written
from ingest.front_matter import Link

NAME = "figures.yaml"
# Behind the id of a figure: its date.
AS_OF = ".as_of"
ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _value(given: object) -> Decimal | date:
    text = str(given)
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else Decimal(text)
    except (ValueError, InvalidOperation):
        found = Decimal("NaN")
    if isinstance(found, Decimal) and not found.is_finite():
        raise ValueError("must be a number as 1529 or 115.50, or a day")
    return found


def _dated(text: str) -> str:
    first_day(text)
    return text


def _not_before_valid_from(day: date, info: ValidationInfo) -> date:
    start = info.data.get("valid_from")
    if start and day < start:
        raise ValueError("is before valid_from")
    return day


class Figure(BaseModel):
    """A figure with its unit: the code of a currency, or what is counted.

    ``as_of`` is its own date, as exact as its source is: a year, a month or a day;
    ``where`` is the line where it stands.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    where: str = Field(repr=False)
    value: Annotated[Decimal | date, BeforeValidator(_value)]
    unit: str = Field(min_length=1)
    as_of: Annotated[str, AfterValidator(_dated)]
    source: Link = Field(repr=False)
    valid_from: date | None = None
    valid_until: Annotated[date, AfterValidator(_not_before_valid_from)] | None = None
    recheck_by: date | None = Field(None, repr=False)

    @property
    def dated(self) -> date:
        """Its date; the first day where that is a month or a year."""
        return first_day(self.as_of)

    def has_ended(self, today: date) -> bool:
        """Whether it holds no more."""
        return self.valid_until is not None and self.valid_until < today

    def written(self, language: str) -> str:
        """As it stands in a sentence: a sum, a number without its unit, or a day."""
        if isinstance(self.value, date):
            return date_written(self.value.isoformat(), language)
        return sum_written(self.value, self.unit, language)

    def date_written(self, language: str) -> str:
        """Its own date as it stands in a sentence."""
        return date_written(self.as_of, language)


Figures = Mapping[str, Figure]


def read_figures(knowledge_dir: Path) -> Figures:
    """Every figure by its id; none where there is no file.

    Raises:
        DocumentError: it is not as it should be; a line for each problem says where
            and why.
    """
    path = knowledge_dir / NAME
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise DocumentError(f"{NAME}: {error.strerror}") from error
    root = composed(NAME, content)
    found: dict[str, Figure] = {}
    problems: list[str] = []
    for key, node in pairs(NAME, root) if root else ():
        try:
            found[_id(key, found)] = _figure(where_of(NAME, key), node)
        except DocumentError as error:
            problems.append(str(error))
    if problems:
        raise DocumentError("\n".join(problems))
    return found


def _id(key: yaml.Node, before: Figures) -> str:
    name, where = str(key.value), where_of(NAME, key)
    if not ID.fullmatch(name) or name.endswith(AS_OF):
        raise DocumentError(
            f"{where}: {name!r} is no id; write it as uk.student_visa.fee"
        )
    if name in before:
        raise DocumentError(f"{where}: {name} stands here twice")
    return name


def _figure(where: str, node: yaml.Node) -> Figure:
    fields: dict[str, object] = {"where": where}
    lines = {}
    for key, value in pairs(NAME, node):
        fields[str(key.value)] = value.value
        lines[str(key.value)] = where_of(NAME, key)
    try:
        return Figure.model_validate(fields)
    except ValidationError as error:
        raise DocumentError("\n".join(_problems(where, lines, error))) from error


def _problems(
    where: str, lines: Mapping[str, str], error: ValidationError
) -> Iterator[str]:
    for problem in error.errors():
        field = str(problem["loc"][0])
        reason = problem["msg"].removeprefix("Value error, ")
        yield f"{lines.get(field, where)}: {field}: {reason}"
