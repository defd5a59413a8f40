"""``knowledge/organisation.yaml``: whose assistant this is."""

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.errors import SettingsError

# A language, as in ISO 639-1.
CODE = re.compile("[a-z]{2}")
Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]


def _opening(text: str) -> str:
    start, _, end = text.partition("-")
    if time.fromisoformat(start) >= time.fromisoformat(end):
        raise ValueError(f"{text!r} ends before it starts; write 09:00-17:30")
    return text


def _language(code: str) -> str:
    if not CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a language code such as en, es or ar")
    return code


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(
            f"{name!r} is not a time zone such as Europe/London"
        ) from error
    return name


def _first_of(languages: object) -> str:
    """The first language, or one in its place where that is what is wrong."""
    first = languages[0] if isinstance(languages, list) and languages else None
    return first if isinstance(first, str) and CODE.fullmatch(first) else "en"


Language = Annotated[str, AfterValidator(_language)]
Texts = dict[Language, Annotated[str, Field(min_length=1)]]


class Organisation(BaseModel):
    """What belongs to the operator; every contact may read all of it.

    ``description``, ``emergency_help`` and ``service_price`` have a text for some of
    the languages; one alone counts for the first language.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    description: Texts
    phone: str | None = None
    whatsapp: str | None = None
    email: str | None = None
    website: str | None = None
    privacy: str | None = None
    address: str | None = None
    service_price: Texts = Field(default_factory=dict)
    time_zone: Annotated[str, AfterValidator(_zone)]
    opening_hours: dict[Weekday, list[Annotated[str, AfterValidator(_opening)]]]
    holidays: list[date] = Field(default_factory=list)
    usual_reply_minutes: int | None = Field(None, ge=1)
    remind_after_minutes: int = Field(15, ge=1)
    offer_bot_after_hours: float = Field(4.0, gt=0)
    answer_while_waiting: bool = True
    emergency_help: Texts = Field(default_factory=dict)
    handoff_keywords: list[Annotated[str, Field(min_length=1)]] = Field(
        default_factory=list
    )
    languages: list[Language] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _one_text_is_of_the_first_language(cls, fields: object) -> object:
        if not isinstance(fields, Mapping):
            return fields
        first = _first_of(fields.get("languages"))
        alone = {
            name: {first: fields[name]}
            for name in ("description", "emergency_help", "service_price")
            if isinstance(fields.get(name), str)
        }
        return {**fields, **alone}

    def ways_besides(self, channel: str) -> list[str]:
        """How else it is reached, for somebody who writes on a channel."""
        ways = {
            "phone": self.phone,
            "whatsapp": self.whatsapp and f"WhatsApp {self.whatsapp}",
            "email": self.email,
            "website": self.website,
        }
        return [way for name, way in ways.items() if way and name != channel]

    def keep_hours_of(self, other: "Organisation") -> None:
        """From now on its hours hold; everybody in this process has this one object."""
        self.opening_hours.clear()
        self.opening_hours.update(other.opening_hours)
        self.holidays[:] = other.holidays

    def description_in(self, language: str) -> str:
        """What it can help with, in a language; empty where it has no words for it."""
        return self.description.get(language, "")

    def service_price_in(self, language: str) -> str:
        """What its advice costs, in a language that it has words for."""
        texts = self.service_price
        return texts.get(language) or next(iter(texts.values()), "")

    def emergency_help_in(self, language: str) -> str:
        """Where help is found at once, rather in another language than not at all."""
        texts = self.emergency_help
        return texts.get(language) or next(iter(texts.values()), "")


def load_organisation(path: Path) -> Organisation:
    """Read and validate the file; ``SettingsError`` says what is wrong in it."""
    try:
        return Organisation.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise SettingsError(
            f"{path} is not there. It says who answers, in which languages and at "
            "which hours: copy this project's knowledge/organisation.yaml there and "
            "change it"
        ) from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8; save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {field}: {first['msg']}") from error
