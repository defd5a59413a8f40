"""``knowledge/organisation.yaml``: whose assistant this is."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError

Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]


def _opening(text: str) -> str:
    start, _, end = text.partition("-")
    if time.fromisoformat(start) >= time.fromisoformat(end):
        raise ValueError(f"{text!r} ends before it starts; write 09:00-17:30")
    return text


def _language(code: str) -> str:
    if not (code.isascii() and code.isalpha() and code.islower() and len(code) == 2):  # noqa: PLR2004  ISO 639-1
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


class Organisation(BaseModel):
    """What belongs to the operator; every contact may read all of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    phone: str | None = None
    whatsapp: str | None = None
    email: str | None = None
    website: str | None = None
    time_zone: Annotated[str, AfterValidator(_zone)]
    opening_hours: dict[Weekday, list[Annotated[str, AfterValidator(_opening)]]]
    usual_reply_minutes: int | None = Field(None, ge=1)
    remind_after_minutes: int = Field(15, ge=1)
    offer_bot_after_hours: float = Field(4.0, gt=0)
    emergency_help: str | None = None
    handoff_keywords: list[Annotated[str, Field(min_length=1)]] = Field(
        default_factory=list
    )
    languages: list[Annotated[str, AfterValidator(_language)]] = Field(min_length=1)


def load_organisation(path: Path) -> Organisation:
    """Read and validate the file; ``SettingsError`` says what is wrong in it."""
    try:
        return Organisation.model_validate(yaml.safe_load(path.read_text("utf-8")))
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
