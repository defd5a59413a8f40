"""What a document says about itself, in lines above its text or in a file beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

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
from yaml.reader import ReaderError

from bot.errors import DocumentError

NOTHING = ("", "~", "null")
LONGEST_TITLE = 200
# So deep lists may stand in one another; what is deeper is no front matter.
DEEPEST = 20
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# A value with a colon in it, which YAML takes for another field.
WITH_COLON = re.compile(r"^(\w[\w-]*): +([^\s\"'\[{|>&*!#].*: .*)$", re.MULTILINE)
OWN_FIELDS = {"title", "kind", "source", "last_verified", "valid_from", "valid_until"}


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address starts with https://")
    return text


def _day(value: object) -> object:
    """A day as it is written in lands where dots stand between its figures."""
    found = DAY_FIRST.fullmatch(value) if isinstance(value, str) else None
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else value


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
Day = Annotated[date, BeforeValidator(_day)]
LastDay = Annotated[Day, AfterValidator(_not_before_valid_from)]
Fee = Annotated[float, Field(ge=0, allow_inf_nan=False), AfterValidator(_with_currency)]


class About(BaseModel):
    """What is known of a document; most of it only where it says so itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    kind: Kind = "guidance"
    last_verified: Day | None = None
    source: Link | None = None
    sources: list[Link] = Field(default_factory=list)
    valid_from: Day | None = None
    valid_until: LastDay | None = None
    recheck_by: Day | None = None
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
    fee_as_of: Day | None = None
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
    last_verified: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was read of front matter; ``unknown`` has a line for each foreign field."""

    about: About | None
    title: str | None = None
    unknown: tuple[str, ...] = ()


def parse_front_matter(name: str, text: str, *, first: int = 1) -> FrontMatter:
    """Front matter that has to be ours; ``first`` is the number of its first line.

    Raises:
        DocumentError: it is broken; a line for each problem says where.
    """
    fields, where = _fields(name, text, first)
    return _ours(name, fields, where)


def read_front_matter(name: str, text: str, *, first: int) -> Said:
    """Front matter of ours, or of another program's, of which only a title is taken.

    It is ours where it says what kind of document it is, or when it was verified.

    Raises:
        DocumentError: it is broken; a line for each problem says where.
    """
    fields, where = _fields(name, text, first)
    if not fields.keys() & FrontMatter.model_fields.keys() & {"kind", "last_verified"}:
        return Said(about=None, title=foreign_title(fields))
    unknown = sorted(
        fields.keys() - FrontMatter.model_fields.keys(), key=lambda field: where[field]
    )
    known = {field: fields[field] for field in fields.keys() - set(unknown)}
    return Said(
        about=_ours(name, known, where),
        unknown=tuple(
            f"line {where[field]}: {field}: unknown field, not used; see README"
            for field in unknown
        ),
    )


def foreign_title(fields: Mapping[str, object]) -> str | None:
    """The title among the fields of another program's front matter."""
    title = fields.get("title")
    words = " ".join(title.split()) if isinstance(title, str) else ""
    return words[:LONGEST_TITLE] or None


def _ours(
    name: str, fields: Mapping[str, object], where: Mapping[str, int]
) -> FrontMatter:
    try:
        return FrontMatter.model_validate(fields)
    except ValidationError as error:
        problems = _problems(name, where, error)
        raise DocumentError("\n".join(problems)) from error


def _fields(
    name: str, text: str, first: int
) -> tuple[dict[str, object], dict[str, int]]:
    """Values by field, and the line that each field stands in."""
    _refuse_depth(name, text, first)
    try:
        tree, fields = _loaded(text)
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


def _refuse_depth(name: str, text: str, first: int) -> None:
    depth = 0
    for number, line in enumerate(text.split("\n"), start=first):
        for sign in line:
            depth += (sign in "[{") - (sign in "]}")
            if depth > DEEPEST:
                break
        if depth > DEEPEST:
            raise DocumentError(f"{name}:{number}: front matter: is nested too deeply")


def _loaded(text: str) -> tuple[yaml.Node | None, object]:
    """The tree and the values; texts with a colon in them need no quotation marks.

    Texts only: to YAML itself, `country: no` is false and a wrong date an error.
    """
    quoted = WITH_COLON.sub(lambda found: f"{found[1]}: {_quoted(found[2])}", text)
    for attempt in (text, quoted):
        try:
            tree = yaml.compose(attempt, Loader=yaml.BaseLoader)
            return tree, yaml.load(attempt, Loader=yaml.BaseLoader)  # noqa: S506  safe: texts only
        except yaml.YAMLError:
            if attempt == quoted:
                raise
    raise AssertionError


def _quoted(value: str) -> str:
    return "'" + value.strip().replace("'", "''") + "'"


def _problems(
    name: str, where: Mapping[str, int], error: ValidationError
) -> Iterator[str]:
    for problem in error.errors():
        field = str(problem["loc"][0])
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            reason = "unknown field; see README for the fields there are"
        yield f"{name}:{where.get(field, 1)}: {field}: {reason}"
