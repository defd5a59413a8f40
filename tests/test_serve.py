"""``python -m bot serve`` as an operator starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import PROJECT
from tests.support.servers import free_port

PATIENCE_SECONDS = 90


@contextmanager
def started(**settings: str) -> Iterator[subprocess.Popen[str]]:
    """The server as a process of its own, with nothing but these settings."""
    # The program needs to find itself; nothing else comes from this process.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(PROJECT), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        env=environment,
        cwd=settings.get("DATA_DIR"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def refused(**settings: str) -> str:
    """What a server that does not start says."""
    with started(**settings) as process:
        _, error = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1
        return error


def ready(address: str) -> dict[str, object]:
    """What the server says of itself, once it answers and has loaded what it needs."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            found: dict[str, object] = httpx.get(f"{address}/health/ready").json()
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            if "is being loaded" not in str(found):
                return found
            time.sleep(0.1)


def test_an_unsafe_setting_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    error = refused(DATA_DIR=str(tmp_path))
    assert error.count("\n") == 1
    assert error.startswith("error: PUBLIC_BASE_URL must be the https:// address")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_says_where_answers_and_stops(
    tmp_path: Path,
    sample_knowledge: Path,
    sample_data: Path,
    ending: signal.Signals,
) -> None:
    (tmp_path / "index").symlink_to(sample_data / "index")
    address = f"http://127.0.0.1:{(port := free_port())}"
    with started(
        ENVIRONMENT="development",
        DATA_DIR=str(tmp_path),
        KNOWLEDGE_DIR=str(sample_knowledge),
        PORT=str(port),
    ) as process:
        assert ready(address) == {"status": "ok", "problems": {}, "warnings": {}}
        page = httpx.get(f"{address}/")
        assert "Ask Harbour Advisory" in page.text
        token = httpx.post(f"{address}/api/chat/conversations").json()["token"]
        with httpx.stream(
            "GET",
            f"{address}/api/chat/events",
            headers={"Authorization": f"Bearer {token}"},
        ) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: message_created"
            process.send_signal(ending)
            assert "data: " in "\n".join(lines)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert f"web chat:  {address}/" in said
    assert f"{address}/simulator (simulated)" in said
    assert "answers:   sections of your documents, as they stand; a language " in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_a_clear_error(
    tmp_path: Path, sample_knowledge: Path, sample_data: Path
) -> None:
    (tmp_path / "index").symlink_to(sample_data / "index")
    port = free_port()
    settings = {
        "ENVIRONMENT": "development",
        "DATA_DIR": str(tmp_path),
        "KNOWLEDGE_DIR": str(sample_knowledge),
        "PORT": str(port),
    }
    with started(**settings):
        ready(f"http://127.0.0.1:{port}")
        error = refused(**settings)
    assert f"error: port {port} of 127.0.0.1 is taken" in error


def test_production_with_twilio_says_what_to_paste(
    tmp_path: Path, sample_knowledge: Path, sample_data: Path
) -> None:
    (tmp_path / "index").symlink_to(sample_data / "index")
    port = free_port()
    with started(
        DATA_DIR=str(tmp_path),
        KNOWLEDGE_DIR=str(sample_knowledge),
        PORT=str(port),
        PUBLIC_BASE_URL="https://chat.example.org",
        SECRET_KEY="k" * 32,
        TWILIO_ACCOUNT_SID="AC" + "1" * 32,
        TWILIO_AUTH_TOKEN="a secret token",
        TWILIO_WHATSAPP_FROM="whatsapp:+14155238886",
        BOT_MODEL="openai:gpt-5-mini",
        OPENAI_API_KEY="a secret key",
    ) as process:
        ready(f"http://127.0.0.1:{port}")
        unsigned = httpx.post(
            f"http://127.0.0.1:{port}/webhooks/twilio/messages",
            data={"Body": "hi", "From": "whatsapp:+1", "MessageSid": "SM1"},
        )
        assert unsigned.status_code == 403
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    wanted = "https://chat.example.org/webhooks/twilio/messages#rc=3&rp=5xx,ct,rt"
    assert wanted in said
    assert "answers:   written by openai:gpt-5-mini, and checked" in said
    assert "a secret token" not in said
    assert "a secret key" not in said


def test_a_database_that_cannot_be_opened_is_a_clear_error(
    tmp_path: Path, sample_knowledge: Path
) -> None:
    error = refused(
        ENVIRONMENT="development",
        DATA_DIR=str(tmp_path),
        KNOWLEDGE_DIR=str(sample_knowledge),
        DATABASE_URL=f"postgresql://bot:hush@127.0.0.1:{free_port()}/bot",
    )
    assert error.startswith("error: the database cannot be opened (")
    assert "check DATABASE_URL" in error
    assert "hush" not in error
