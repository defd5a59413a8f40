"""What settings have to look like, and what is made of their texts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from limits import parse_many as parse_limits
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

CHROMA_ADDRESS = re.compile(
    r"https?://([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?(/[\w-]{3,63})?/?"
)
TWILIO = ("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_from")
OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
HELP = ("bot_model_drafts", "bot_model_translations", "bot_model_summaries")
SHORTEST_TOKEN = 16
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
}


def limit(text: str) -> str:
    """One limit such as ``20/minute``, that allows something."""
    first, *more = parse_limits(text)
    if more:
        raise ValueError("must be one limit, such as 20/minute")
    if not first.amount:
        raise ValueError("must allow something")
    return text


def comma_list(value: object) -> object:
    """A list from its text; addresses without a slash at the end."""
    if not isinstance(value, str):
        return value
    parts = [part.strip().rstrip("/") for part in value.split(",")]
    return [part for part in parts if part]


Share = Annotated[float, Field(ge=0, le=1)]
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Limit = Annotated[str, AfterValidator(limit)]
CommaList = Annotated[list[str], NoDecode, BeforeValidator(comma_list)]


def async_address(url: str) -> str:
    """A database's address with the driver that does not block."""
    scheme, _, rest = url.partition("://")
    return f"{DRIVERS.get(scheme, scheme)}://{rest}"


def incomplete(what: str, settings: object, names: Sequence[str]) -> list[str]:
    """Settings that are all needed as soon as one of them is given."""
    missing = [name.upper() for name in names if not getattr(settings, name)]
    if not missing or len(missing) == len(names):
        return []
    return [f"{what} needs all of its settings; missing: {', '.join(missing)}"]


def sender_problems(sender: str) -> list[str]:
    """Twilio's notation for a WhatsApp number."""
    if not sender or sender.startswith("whatsapp:"):
        return []
    return ["TWILIO_WHATSAPP_FROM must look like whatsapp:+14155238886"]


def chroma_problems(url: str) -> list[str]:
    """A Chroma server's address, with the database at the end if not the default."""
    if not url or CHROMA_ADDRESS.fullmatch(url):
        return []
    advice = "without a name or password: a Chroma server knows neither"
    return [f"CHROMA_URL must look like http://host:8000/database, {advice}"]


def origin_problems(origins: Sequence[str]) -> list[str]:
    """What browsers send as ``Origin``: scheme, host and port alone."""
    return [
        f"ALLOWED_ORIGINS: {origin!r} is not an origin such as https://example.org"
        for origin in origins
        if urlsplit(origin).scheme not in {"http", "https"}
        or urlsplit(origin)._replace(scheme="", netloc="").geturl()
    ]


def sign_in_problems(issuer: str, *, password: bool) -> list[str]:
    """There has to be a way in, and a provider is asked by https."""
    if not issuer and not password:
        return ["PASSWORD_SIGN_IN=false needs OIDC_ISSUER: nobody could sign in"]
    parts = urlsplit(issuer)
    local = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if issuer and parts.scheme != "https" and not local:
        return ["OIDC_ISSUER must be an https:// address"]
    return []


def help_problems(model: str, *, wanted: Iterable[str]) -> list[str]:
    """What helps staff needs a model."""
    if model:
        return []
    return [f"{name.upper()} needs BOT_MODEL: a model does it" for name in wanted]


def metrics_problems(token: str) -> list[str]:
    """What is not guessed."""
    if not token or len(token) >= SHORTEST_TOKEN:
        return []
    return [f"METRICS_TOKEN needs at least {SHORTEST_TOKEN} characters"]


def problems(settings: Any) -> Iterator[str]:  # noqa: ANN401  the settings, which import this
    """What is wrong with settings that have to fit each other."""
    yield from incomplete("Twilio", settings, TWILIO)
    yield from incomplete("Sign-in through a provider", settings, OIDC)
    yield from sign_in_problems(
        settings.oidc_issuer, password=settings.password_sign_in
    )
    yield from sender_problems(settings.twilio_whatsapp_from)
    yield from origin_problems(settings.allowed_origins)
    yield from chroma_problems(settings.chroma_url)
    yield from metrics_problems(settings.metrics_token.get_secret_value())
    yield from help_problems(
        settings.bot_model, wanted=[name for name in HELP if getattr(settings, name)]
    )
