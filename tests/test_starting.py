"""What stops a start, is said at once, and says what to do."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import OutsideError, SettingsError
from bot.starting import (
    alone,
    listening,
    require_startable,
    silent_addresses,
    unknown_addresses,
)
from tests.conftest import PROJECT
from tests.support.servers import free_port

# What takes seconds to import, and no refusal needs.
HEAVY = "torch", "chromadb", "fastapi", "langchain_core", "onnxruntime"


def known(host: str, port: int) -> list[str]:
    del port
    if host.endswith(".invalid"):
        raise OutsideError(f"{host} is not known")
    return ["127.0.0.1"]


def given(settings: Settings, **values: object) -> Settings:
    return settings.model_copy(update=values)


def test_a_refused_setting_is_said_before_anything_large_is_loaded(
    tmp_path: Path,
) -> None:
    program = (
        "import sys; from bot.__main__ import main; code = main(['serve']);"
        f"print(code, [one for one in {HEAVY} if one in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(PROJECT)},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.stderr.startswith("error: PUBLIC_BASE_URL must be")
    assert ended.stdout == "1 []\n"


@pytest.mark.parametrize("name", ["chroma_url", "bot_model_url"])
def test_an_address_that_does_not_exist_is_named(settings: Settings, name: str) -> None:
    wrong = given(settings, **{name: "http://nosuch.invalid:8000/db"})
    assert unknown_addresses(wrong, resolve=known) == [
        f"{name.upper()}: nosuch.invalid is not known; check how it is written"
    ]
    right = given(settings, **{name: "http://chroma.example:8000/db"})
    assert unknown_addresses(right, resolve=known) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://localhost:99999", "out of range"), ("localhost:11434", "http://host:")],
)
def test_an_address_that_makes_no_sense_is_named(
    settings: Settings, address: str, words: str
) -> None:
    (problem,) = unknown_addresses(
        given(settings, bot_model_url=address), resolve=known
    )
    assert problem.startswith("BOT_MODEL_URL: ")
    assert words in problem


def test_an_address_where_nobody_answers_is_a_warning(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        chroma = f"http://127.0.0.1:{there.getsockname()[1]}"
        model = f"http://127.0.0.1:{(port := free_port())}/v1"
        found = silent_addresses(
            given(settings, chroma_url=chroma, bot_model_url=model)
        )
    (warning,) = found
    assert warning.startswith(f"nobody listens at 127.0.0.1:{port} (BOT_MODEL_URL);")
    assert silent_addresses(settings) == []


def test_a_second_server_on_one_sqlite_database_is_told_of_the_first(
    settings: Settings,
) -> None:
    with alone(settings) as only:
        assert only
        other = given(settings, port=free_port())
        with pytest.raises(SettingsError) as refused, alone(other):
            pass
    assert "another server (process " in str(refused.value)
    assert "DATA_DIR of its own" in str(refused.value)
    with alone(settings):
        pass


def test_servers_on_one_postgresql_database_share_it(settings: Settings) -> None:
    for address in ("postgresql://bot@127.0.0.1/bot", "nonsense"):
        shared = given(settings, database_url=address)
        with alone(shared) as first, alone(shared) as second:
            assert not first
            assert not second
            assert not settings.data_dir.exists()


def test_a_start_is_refused_for_a_port_that_is_taken_or_a_missing_organisation(
    settings: Settings, tmp_path: Path
) -> None:
    free = given(settings, port=free_port())
    require_startable(free)
    with listening(free), pytest.raises(SettingsError, match="is taken; set PORT"):
        require_startable(free)
    with pytest.raises(SettingsError, match=r"organisation\.yaml"):
        require_startable(given(free, knowledge_dir=tmp_path))
