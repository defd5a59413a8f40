"""``knowledge/sources.yaml``: which pages and sites to read, and how often."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import DocumentError
from bot.whole_file import write_whole

NAME = "sources.yaml"
DAYS = {"daily": 1, "weekly": 7, "monthly": 30}
# A nightly run does not begin at the same second each night.
EARLY = timedelta(hours=2)


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address starts with https://")
    return text


Address = Annotated[str, AfterValidator(_web_address)]


class Source(BaseModel):
    """What pages and sitemaps have in common; the last ones go into front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address
    every: Literal["daily", "weekly", "monthly"] = "monthly"
    kind: Literal["guidance", "programme", "faq"] = "guidance"
    country: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)

    @property
    def interval(self) -> timedelta:
        """How long what was fetched is good for."""
        return timedelta(days=DAYS[self.every]) - EARLY

    @property
    def about(self) -> dict[str, object]:
        """The front matter that the pages get from here."""
        return self.model_dump(
            include={"kind", "country", "topics"}, exclude_defaults=True
        )


class Sitemap(Source):
    """A list of pages; those below ``only``, and no more than ``most``."""

    only: str = ""
    most: int = Field(200, ge=1)


class Sources(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pages: list[Source] = Field(default_factory=list)
    sitemaps: list[Sitemap] = Field(default_factory=list)


def read_sources(folder: Path) -> Sources:
    """What the file says; nothing if there is none.

    Raises:
        DocumentError: it is broken; the text says where and why.
    """
    path = folder / NAME
    if not path.exists():
        return Sources()
    try:
        return _parsed(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise DocumentError(f"{NAME}: not UTF-8; save it as UTF-8") from error


def add_page(folder: Path, url: str) -> bool:
    """Add a page to the file, whose comments stay; False if it is there already.

    Raises:
        DocumentError: the file is broken.
    """
    content = with_page(folder, url)
    if content is None:
        return False
    write_whole(folder / NAME, content)
    return True


def with_page(folder: Path, url: str) -> bytes | None:
    """The file with one more page; None if it is there already.

    Raises:
        DocumentError: the file is broken, or has to be changed by hand.
    """
    if any(page.url == url for page in read_sources(folder).pages):
        return None
    path = folder / NAME
    text = path.read_text("utf-8") if path.exists() else ""
    return _with_page(text, url).encode()


def _with_page(text: str, url: str) -> str:
    """After the last page that is there, in the same column."""
    if text and not text.endswith("\n"):
        text += "\n"
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    quoted = yaml.safe_dump(url, default_style='"').strip()
    for key, value in tree.value if tree else ():
        if key.value != "pages":
            continue
        if value.flow_style or not value.value:
            raise DocumentError(f"{NAME}: add {url} to its pages by hand")
        last = value.value[-1].end_mark.line
        lines = text.split("\n")
        while not lines[last - 1].strip():
            last -= 1
        indent = " " * value.start_mark.column
        return "\n".join([*lines[:last], f"{indent}- url: {quoted}", *lines[last:]])
    before = f"{text.rstrip()}\n" if text.strip() else ""
    return f"{before}pages:\n  - url: {quoted}\n"


def _parsed(text: str) -> Sources:
    try:
        return Sources.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DocumentError(f"{NAME}:{line}: not valid YAML") from error
    except ValidationError as error:
        raise DocumentError("\n".join(_problems(error))) from error


def _problems(error: ValidationError) -> list[str]:
    return [
        f"{NAME}: {'.'.join(str(part) for part in problem['loc'])}: "
        f"{problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors()
    ]
