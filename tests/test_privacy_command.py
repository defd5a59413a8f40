"""``python -m bot privacy``: a record of processing that follows the settings."""

import pytest

from tests.support.terminal import Terminal


def test_a_server_alone_names_nobody_else(terminal: Terminal) -> None:
    whole = terminal("privacy")
    assert whole.startswith("# Record of processing: enquiries to Harbour Advisory\n")
    assert (
        "| what a webhook brought, unchanged | 365 days (`RETENTION_DAYS`) |" in whole
    )
    assert "consents | somebody erases them (`CONTACT_RETENTION_DAYS`) |" in whole
    others = whole.partition("| Who | What they see |\n|---|---|\n")[2]
    assert others.startswith("\n"), "nobody"


def test_everybody_who_sees_something_is_named_and_no_secret_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "a-secret",
        "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
        "BOT_MODEL": "openai:gpt-5-mini",
        "BOT_MODEL_FALLBACK": "ollama:qwen3",
        "NOTIFY_URLS": "slack://a-secret/b/c,mailto://me:a-secret@example.org",
        "OIDC_ISSUER": "https://login.example.org",
        "OIDC_CLIENT_ID": "us",
        "OIDC_CLIENT_SECRET": "a-secret",
        "DATABASE_URL": "postgresql://bot:a-secret@db.example.org/bot",
        "CHROMA_URL": "http://chroma.example.org:8000",
        "CONTACT_RETENTION_DAYS": "400",
    }.items():
        monkeypatch.setenv(name, value)
    whole = terminal("privacy")
    assert "consents | 400 days after their last word" in whole
    for who in (
        "| Twilio, and Meta behind it | every WhatsApp message and number |",
        "| openai:gpt-5-mini | messages and what was said before them, with e-mail",
        "| ollama:qwen3, on this machine |",
        "| notifications by mailto, slack |",
        "| login.example.org, where staff sign in |",
        "| the database at db.example.org | everything |",
        "| the index at chroma.example.org |",
    ):
        assert who in whole
    assert "a-secret" not in whole
