"""What can be set, told from the settings themselves: for a page and for ``.env``."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.config import Settings

WIDTH = 86
UNITS = (
    (r"_seconds$", "seconds"),
    (r"_days$", "days"),
    (r"_tokens_", "tokens"),
    (r"_price_", "money, in any currency"),
    (r"^limit_", "how many, and in what time: 20/minute, 100/hour"),
    (r"^port$", "a port"),
    (r"_not_asked_from$", "a probability, 0 to 1"),
    (r"_at$", "a time of day, hours:minutes"),
)
# What a setting may look like that has no default.
EXAMPLES = {
    "public_base_url": "https://chat.example.org",
    "secret_key": "at-least-32-characters-that-nobody-can-guess",
    "metrics_token": "at-least-16-characters",
    "allowed_origins": "https://www.example.org,https://example.org",
    "database_url": "postgresql://bot:password@127.0.0.1/bot",
    "chroma_url": "http://127.0.0.1:8001",
    "embedding_model": "/srv/models/multilingual-e5-base",
    "bot_model": "openai:gpt-5-mini",
    "bot_model_url": "http://127.0.0.1:11434",
    "bot_model_fallback": "anthropic:claude-haiku-4-5",
    "twilio_account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "twilio_auth_token": "the-token-of-the-account",
    "twilio_whatsapp_from": "whatsapp:+14155238886",
    "oidc_issuer": "https://login.example.org",
    "oidc_client_id": "enquiry-assistant",
    "oidc_client_secret": "the-secret-of-the-client",
    "oidc_domains": "example.org",
    "notify_urls": "mailto://user:password@mail.example.org",
}


def settings_table() -> str:
    """Every setting, its default and what it is, as Markdown."""
    rows = ["| Setting | Default | What it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = _default(field)
        shown = f"`{default}`" if default else "none"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def env_example() -> str:
    """Every setting as a line of a file ``.env``, commented out."""
    head = (
        "# Settings of the enquiry assistant; `enquiry-assistant doctor` checks them.",
        "# A line counts once its leading # is gone. Keep the file to yourself.",
    )
    return "\n".join((*head, *_lines())) + "\n"


def example_of(name: str) -> str:
    """What a setting may look like: its default, or else an example."""
    return EXAMPLES.get(name) or _default(Settings.model_fields[name])


def _lines() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        yield ""
        yield from (f"# {line}" for line in wrap(field.description or "", WIDTH))
        yield f"# ({unit_of(name)}; default: {_default(field) or 'none'})"
        yield f"#{name.upper()}={example_of(name)}"


def unit_of(name: str) -> str:
    """What the value of a setting is counted in, or which values there are."""
    found = next((unit for pattern, unit in UNITS if re.search(pattern, name)), "")
    return found or _kind(Settings.model_fields[name].annotation)


def _kind(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return " or ".join(map(str, get_args(annotation)))
    if get_origin(annotation) is list:
        return "a list, separated by commas"
    kinds = {bool: "true or false", Path: "a folder", SecretStr: "a secret"}
    return kinds.get(annotation, "text") if isinstance(annotation, type) else "text"


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return "" if default == [] else str(default)
