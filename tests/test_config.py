"""Settings: what is read, and what stops the start with one clear sentence."""

from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.errors import SettingsError
from bot.safety import require_safe_to_serve

SAFE = {
    "PUBLIC_BASE_URL": "https://chat.example.org/",
    "SECRET_KEY": "k" * 32,
}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "one, two",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
}


def setting(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_production_is_what_it_is_unless_told_otherwise() -> None:
    settings = load_settings()
    assert settings.environment == "production"
    with pytest.raises(SettingsError, match="PUBLIC_BASE_URL must be the https://"):
        require_safe_to_serve(settings)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"PUBLIC_BASE_URL": "http://chat.example.org"}, "PUBLIC_BASE_URL must be"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY needs at least 32 characters"),
        (
            {"ENVIRONMENT": "development", "HOST": "0.0.0.0"},  # noqa: S104  refused
            "binds to loopback only, not to 0.0.0.0",
        ),
        (
            {"ENVIRONMENT": "development", "HOST": "chat.example.org"},
            "binds to loopback only",
        ),
    ],
)
def test_unsafe_settings_stop_the_server(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    settings = setting(monkeypatch, **{**SAFE, **values})
    with pytest.raises(SettingsError, match=sentence):
        require_safe_to_serve(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_development_serves_on_loopback(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    settings = setting(monkeypatch, ENVIRONMENT="development", HOST=host)
    require_safe_to_serve(settings)


def test_production_serves_with_an_address_and_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = setting(monkeypatch, **SAFE)
    require_safe_to_serve(settings)
    assert settings.base_url == "https://chat.example.org"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"PORT": "99999"}, "PORT: Input should be less than or equal to 65535"),
        ({"BOT_MODEL_DRAFTS": "true"}, "BOT_MODEL_DRAFTS needs BOT_MODEL"),
        ({"BOT_MODEL_TOTAL_SECONDS": "60"}, "BOT_MODEL_TOTAL_SECONDS: Input should"),
        ({"LIMIT_PER_VISITOR": "often"}, "LIMIT_PER_VISITOR: "),
        *(
            ({"LIMIT_PER_VISITOR": text}, "must be one limit, such as 20/minute")
            for text in ("3/minute;5/day", "3/minute, 5/day", "3/minute|5/day")
        ),
        ({"LIMIT_PER_VISITOR": "0/minute"}, "must allow something"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT: Input should be"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "missing: TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP"),
        (
            {**TWILIO, "TWILIO_WHATSAPP_FROM": "+14155238886"},
            "TWILIO_WHATSAPP_FROM must look like whatsapp:",
        ),
        ({"ALLOWED_ORIGINS": "example.org"}, "'example.org' is not an origin"),
        (
            {"ALLOWED_ORIGINS": "https://a.org, https://b.org/page"},
            "'https://b.org/page' is not an origin",
        ),
        ({"ALLOWED_ORIGINS": "*"}, "is not an origin"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        setting(monkeypatch, **values)


def test_an_auth_token_is_never_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        setting(monkeypatch, TWILIO_AUTH_TOKEN="very-secret")
    assert "very-secret" not in str(caught.value)


def test_tokens_may_be_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = setting(monkeypatch, **TWILIO)
    assert settings.twilio_tokens == ("one", "two")
    assert settings.twilio_configured
    assert "one" not in repr(settings)


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = setting(monkeypatch, ALLOWED_ORIGINS="https://a.org/, http://b.org:81,")
    assert settings.allowed_origins == ["https://a.org", "http://b.org:81"]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql://h/n", "postgresql+psycopg://h/n"),
        ("sqlite:////tmp/x", "sqlite+aiosqlite:////tmp/x"),
        ("postgresql+psycopg://h/n", "postgresql+psycopg://h/n"),
    ],
)
def test_a_database_address_gets_its_driver(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    assert setting(monkeypatch, DATABASE_URL=given).database_address == used


def test_without_a_database_address_it_is_sqlite_beside_the_index() -> None:
    settings = Settings(data_dir=Path("/var/lib/bot"))
    assert settings.database_address == "sqlite+aiosqlite:////var/lib/bot/bot.sqlite3"
    assert settings.index_dir == Path("/var/lib/bot/index")
