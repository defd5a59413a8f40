"""What a document says about itself, in lines above its text or in a file beside it."""

from collections.abc import Iterator, Sequence
from datetime import date
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

FENCE = "---"
NOTHING = ("", "~", "null")
LONGEST_TITLE = 200
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


Kind = Literal["guidance", "programme", "faq"]
Link = Annotated[str, AfterValidator(_address)]
LastDay = Annotated[date, AfterValidator(_not_before_valid_from)]
Fee = Annotated[float, Field(ge=0, allow_inf_nan=False), AfterValidator(_with_currency)]


class About(BaseModel):
    """What is known of a document; most of it only where it says so itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    kind: Kind = "guidance"
    last_verified: date | None = None
    source: Link | None = None
    sources: list[Link] = Field(default_factory=list)
    valid_from: date | None = None
    valid_until: LastDay | None = None
    recheck_by: date | None = None
    country: list[str] = Field(default_factory=list)
    # A note of the operator's own: no search reads it.
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


class FrontMatter(About):
    """What a document says about itself, where it says anything."""

    kind: Kind
    last_verified: date


def split_front_matter(
    name: str, lines: Sequence[str]
) -> tuple[FrontMatter | None, int]:
    """The front matter, and the line at which the text begins (counted from 0).

    Raises:
        DocumentError: it is there and broken; a line for each problem says where.
    """
    if not lines or lines[0].strip() != FENCE:
        return None, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == FENCE:
            return parse_front_matter(
                name, "\n".join(lines[1:number]), first=2
            ), number + 1
    raise DocumentError(f"{name}:1: front matter is not closed with a line {FENCE}")


def parse_front_matter(name: str, text: str, *, first: int = 1) -> FrontMatter:
    """Front matter from its lines; ``first`` is the number of the first of them.

    Raises:
        DocumentError: it is broken; a line for each problem says where.
    """
    fields, where = _fields(name, text, first)
    try:
        return FrontMatter.model_validate(fields)
    except ValidationError as error:
        problems = _problems(name, where, error)
        raise DocumentError("\n".join(problems)) from error


def _fields(
    name: str, text: str, first: int
) -> tuple[dict[str, object], dict[str, int]]:
    """Values by field, and the line that each field stands in."""
    try:
        # Texts only: to YAML itself, `country: no` is false and a wrong date an error.
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  safe: texts only
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + first
        raise DocumentError(f"{name}:{line}: front matter: {error.reason}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first if mark else 1
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise DocumentError(f"{name}:{line}: front matter: {reason}") from error
    if not isinstance(fields, dict):
        raise DocumentError(
            f"{name}:{first}: front matter must be lines of `field: value`"
        )
    where: dict[str, int] = {}
    for key, _ in tree.value if tree else ():
        line = key.start_mark.line + first
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
