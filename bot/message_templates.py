"""``knowledge/templates.yaml``: messages that WhatsApp carries at any time.

They are made and approved at Twilio; here stands what staff choose from.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from bot.errors import SettingsError

BLANK = re.compile(r"\{\{(\d{1,2})\}\}")
LONGEST_VALUE = 1600
# What the file has before an operator put in their own.
EXAMPLE = "HX000000"


def _text(text: str) -> str:
    if "{{" in BLANK.sub("", text):
        raise ValueError("write blanks as {{1}}, {{2}} and so on")
    return text


class MessageTemplate(BaseModel):
    """One approved message; ``announces`` that an answer waits for the contact."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=80)
    content_sid: str = Field(pattern="^HX[0-9a-fA-F]{32}$")
    language: str = Field(pattern="^[a-z]{2}$")
    text: Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_text)]
    blanks: Mapping[str, str] = Field(default_factory=dict)
    announces: bool = False

    @model_validator(mode="after")
    def _every_blank_is_named(self) -> Self:
        missing = [number for number in self.numbers if number not in self.blanks]
        if missing:
            raise ValueError(f"blanks does not say what {{{{{missing[0]}}}}} is for")
        return self

    @property
    def numbers(self) -> Sequence[str]:
        """The blanks in the text, each once, in their order."""
        return list(dict.fromkeys(BLANK.findall(self.text)))

    def filled(self, values: Mapping[str, str]) -> str:
        """The words that the contact will read."""
        return BLANK.sub(lambda found: values[found[1]], self.text)


def load_templates(path: Path, *, examples: bool) -> Sequence[MessageTemplate]:
    """The templates of a file, none where there is no file.

    Without ``examples`` those are left out that no operator has put in.

    Raises:
        SettingsError: the file is broken; says what is wrong in it.
    """
    try:
        found = yaml.safe_load(path.read_text("utf-8")) or []
        templates = TypeAdapter(list[MessageTemplate]).validate_python(found)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {field}: {first['msg']}") from error
    names = [one.name for one in templates]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SettingsError(f"{path}: two templates are called {min(twice)}")
    return [
        one for one in templates if examples or not one.content_sid.startswith(EXAMPLE)
    ]
