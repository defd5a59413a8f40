"""Settings, read once from the environment and passed to whoever needs them."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator

from bot import setting_rules as rules
from bot.errors import SettingsError
from bot.server_settings import ServerSettings
from bot.setting_rules import CommaList, Limit, Price, Share

DEVELOPMENT_KEY = "for development on this machine only"


class Settings(ServerSettings):
    """Every setting; each is an environment variable of the same name in capitals."""

    bot_model: str = Field(
        "",
        description="language model as `provider:name`; empty: answers are sections "
        "of the documents",
    )
    bot_model_url: str = Field(
        "", description="base address of the model's API, where it is not the usual"
    )
    bot_model_first_token_seconds: float = Field(
        8.0, gt=0, description="longest wait for a model's first words"
    )
    bot_model_stall_seconds: float = Field(
        4.0, gt=0, description="longest pause while a model writes"
    )
    bot_model_total_seconds: float = Field(
        25.0, gt=0, le=25, description="longest time for a model's answer, at most 25"
    )
    bot_model_fallback: str = Field("", description="a model asked where it fails")
    bot_model_pause_seconds: float = Field(
        60.0, gt=0, description="how long a model that fails again and again rests"
    )
    bot_model_not_asked_from: Share = Field(
        0.98,
        description="from which probability on a section in the contact's language is "
        "told without asking the model; 1: it is always asked",
    )
    bot_model_sees_personal_data: bool = Field(
        default=False,
        description="whether a model sees contacts' e-mail addresses and long numbers",
    )
    bot_model_small: bool = Field(
        default=False,
        description="whether models are small ones (4 to 14 billion parameters), which "
        "get four sections, a short prompt and no JSON to write",
    )
    bot_model_drafts: bool = Field(
        default=False,
        description="whether the model drafts replies for staff, with sources",
    )
    bot_model_translations: bool = Field(
        default=False,
        description="whether staff can have a message and their reply translated",
    )
    bot_model_summaries: bool = Field(
        default=False,
        description="whether staff see a few lines of the model's at a handoff",
    )
    bot_model_most_tokens_address_day: int = Field(
        200_000,
        ge=0,
        description="tokens, read and written, that models may take in a day for one "
        "address: a web visitor or a number; then answers come without; 0: no limit",
    )
    bot_model_most_tokens_network_day: int = Field(
        2_000_000,
        ge=0,
        description="the same for all web visitors of one IPv4 address or IPv6 /64",
    )
    bot_model_most_tokens_day: int = Field(
        0, ge=0, description="the same for everybody together, in a day"
    )
    bot_model_most_tokens_month: int = Field(
        0, ge=0, description="the same in a calendar month"
    )
    bot_model_price_in: Price = Field(
        0.0,
        description="price of a million tokens a model reads, for reckoning what "
        "answers cost",
    )
    bot_model_price_out: Price = Field(
        0.0,
        description="price of a million tokens a model writes, for reckoning what "
        "answers cost",
    )
    twilio_account_sid: str = Field("", description="Twilio account (`AC…`)")
    twilio_auth_token: SecretStr = Field(
        SecretStr(""),
        description="its primary auth token; several, separated by commas, while "
        "rotating (the first one sends)",
    )
    twilio_whatsapp_from: str = Field(
        "", description="our WhatsApp sender, `whatsapp:+…`"
    )
    whatsapp_typing: bool = Field(
        default=True,
        description="whether a contact sees typing, and their message as read, while "
        "an answer takes its time",
    )
    oidc_issuer: str = Field(
        "",
        description="the OpenID Connect provider through which staff may sign in, "
        "`https://…`; needs the extra `oidc`",
    )
    oidc_client_id: str = Field("", description="what the provider calls this server")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="the secret that the provider gave it"
    )
    oidc_domains: CommaList = Field(
        default_factory=list,
        description="domains of e-mail addresses whose owners get an account at their "
        "first sign-in, separated by commas; none: only accounts that exist",
    )
    oidc_role: Literal["staff", "admin"] = Field(
        "staff", description="role of accounts made that way"
    )
    second_step: Literal["nobody", "admins", "everybody"] = Field(
        "nobody",
        description="who needs a code of an authenticator after the password",
    )
    password_sign_in: bool = Field(
        default=True, description="`false`: staff sign in through the provider only"
    )
    limit_per_visitor: Limit = Field(
        "20/minute", description="messages a web visitor may send"
    )
    limit_per_address: Limit = Field(
        "30/minute", description="WhatsApp messages of one sender that are answered"
    )
    limit_per_network: Limit = Field(
        "240/minute", description="web chat requests of one IPv4 address or IPv6 /64"
    )
    limit_per_token: Limit = Field(
        "120/minute", description="requests to `/api/v1` with one token"
    )
    limit_per_member: Limit = Field(
        "20/minute", description="drafts and translations for one staff member"
    )
    retention_days: int = Field(
        365, ge=1, description="days after which raw webhook data is erased"
    )
    contact_retention_days: int = Field(
        0,
        ge=0,
        description="days without a word after which a contact is erased whole, unless "
        "staff hold a conversation; 0: never",
    )
    nightly_at: str = Field(
        "03:30",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$",
        description="time of day, where the organisation is, at which the server "
        "fetches pages that are due, checks the documents and syncs, and puts together "
        "what contacts asked in vain; empty: never",
    )
    answers_need_second_reader: bool = Field(
        default=False,
        description="true: an answer written under Gaps needs a second reader",
    )
    fetch_delay_seconds: float = Field(
        1.0, ge=0, description="shortest pause between two requests to a web site"
    )
    fetch_from_loopback: bool = Field(
        default=False, description="for tests: pages may be fetched from this machine"
    )
    notify_urls: SecretStr = Field(
        SecretStr(""),
        description="where staff are told that a person is needed: addresses as "
        "apprise writes them (`mailto://…`, `slack://…`), separated by commas; needs "
        "the extra `notify`",
    )
    webhooks_to_loopback: bool = Field(
        default=False,
        description="for tests: webhooks may be sent to this machine, also by http",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="least severe log line that is written"
    )

    @property
    def development(self) -> bool:
        """Whether this runs on somebody's own machine."""
        return self.environment == "development"

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        here = self.public_base_url or f"http://{self.host}:{self.port}"
        return here.rstrip("/")

    @property
    def index_dir(self) -> Path:
        """Where the generations of the index live."""
        return self.data_dir / "index"

    @property
    def organisation_file(self) -> Path:
        """The operator's own data."""
        return self.knowledge_dir / "organisation.yaml"

    @property
    def templates_file(self) -> Path:
        """The operator's approved messages for WhatsApp."""
        return self.knowledge_dir / "templates.yaml"

    @property
    def database_address(self) -> str:
        """``database_url`` with an async driver, or SQLite in ``data_dir``."""
        local = f"sqlite+aiosqlite:///{self.data_dir / 'bot.sqlite3'}"
        return rules.async_address(self.database_url) if self.database_url else local

    @cached_property
    def twilio_tokens(self) -> tuple[str, ...]:
        """Auth tokens that sign webhooks; the first one also sends."""
        tokens = self.twilio_auth_token.get_secret_value().split(",")
        return tuple(part.strip() for part in tokens if part.strip())

    @property
    def twilio_configured(self) -> bool:
        """Whether a real Twilio account is to be used."""
        return bool(self.twilio_account_sid)

    @property
    def visitor_key(self) -> str:
        """The key that signs visitors' tokens."""
        return self.secret_key.get_secret_value() or DEVELOPMENT_KEY

    @model_validator(mode="after")
    def _check(self) -> Self:
        for problem in rules.problems(self):
            raise ValueError(problem)
        return self


def load_settings() -> Settings:
    """Settings of this process; ``SettingsError`` names the first thing wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {message}" if name else message) from error
