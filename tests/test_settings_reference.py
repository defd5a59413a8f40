"""What can be set, as the program, its page and its example file tell it."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.__main__ import main
from bot.config import Settings, load_settings
from bot.new_folder import make_folder
from bot.safety import require_safe_to_serve
from bot.settings_reference import env_example, example_of, settings_table, unit_of
from tests.conftest import PROJECT

EXAMPLE = PROJECT / ".env.example"


def test_the_example_file_is_what_the_settings_say() -> None:
    assert EXAMPLE.read_text("utf-8") == env_example()


def test_every_setting_stands_in_it_once_with_its_unit_and_an_example() -> None:
    names = re.findall(r"^#([A-Z_]+)=(.+)$", env_example(), re.MULTILINE)
    assert [name for name, _ in names] == [n.upper() for n in Settings.model_fields]
    assert all(example_of(name) for name in Settings.model_fields)
    units = {name: unit_of(name) for name in Settings.model_fields}
    assert units["retention_days"] == "days"
    assert units["bot_model_stall_seconds"] == "seconds"
    assert units["whatsapp_typing"] == "true or false"
    assert units["log_level"] == "DEBUG or INFO or WARNING or ERROR"
    assert units["allowed_origins"] == "a list, separated by commas"


def test_every_line_of_it_can_be_used_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = re.sub(r"^#([A-Z_]+=)", r"\1", env_example(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(lines, "utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    settings = load_settings()
    require_safe_to_serve(settings)
    assert settings.twilio_configured
    assert settings.retention_days == 365


def test_a_new_folder_has_settings_of_its_own_and_documents(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    make_folder(one)
    make_folder(other)
    assert (one / ".env").stat().st_mode & 0o777 == 0o600
    chosen = [dotenv_values(folder / ".env") for folder in (one, other)]
    assert [values["ENVIRONMENT"] for values in chosen] == ["development"] * 2
    assert chosen[0]["SECRET_KEY"] != chosen[1]["SECRET_KEY"]
    for name in ("organisation.yaml", "templates.yaml", "faq", "languages"):
        assert (one / "knowledge" / name).exists()


def test_a_new_folder_is_made_once_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "office")]) == 0
    assert f"cd {tmp_path / 'office'}" in capsys.readouterr().out
    assert main(["new", str(tmp_path / "office")]) == 1
    assert "is not empty; name another folder" in capsys.readouterr().err


def test_the_command_prints_what_can_be_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["settings"]) == 0
    assert settings_table() in capsys.readouterr().out
    assert main(["settings", "--env"]) == 0
    assert capsys.readouterr().out == env_example()
