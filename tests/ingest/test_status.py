"""How far the catalogues have come is counted by language."""

import json
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import DocumentError
from ingest.__main__ import main
from ingest.status import LanguageStatus, Status, status
from ingest.sync import sync
from tests.support.catalogues import put_catalogue, sum_of, write_catalogue
from tests.support.knowledge import write_knowledge

REFUNDS = "guidance/fees.md#Refunds"
GERMANY = "guidance/visa.md#Germany"
CANADA = "guidance/visa.md#Canada"
FOUND = Status(
    sections=11,
    languages=[
        LanguageStatus(language="es", asks=2, answers=1, stale=1, drafts=1, unknown=1),
        LanguageStatus(
            language="hi-Latn", asks=1, answers=0, stale=0, drafts=0, unknown=0
        ),
    ],
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Documents with two catalogues, and no index."""
    knowledge = write_knowledge(tmp_path / "knowledge")
    of = sum_of(knowledge, REFUNDS)
    write_catalogue(
        knowledge,
        "es",
        {
            REFUNDS: {"asks": ["¿Me devuelven?", "¿Y?"], "answer": "14.", "of": of},
            GERMANY: {"asks": ["¿Alemania?"], "answer": "Sí.", "of": "of old"},
            CANADA: {"asks": ["¿Canadá?"], "draft": True},
            "gone.md#Gone": {"asks": ["¿Dónde?"]},
        },
    )
    write_catalogue(knowledge, "hi-Latn", {REFUNDS: {"asks": ["paisa wapas?"]}})
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    return Settings()


def test_sections_with_asks_answers_and_old_answers_are_counted(own: Settings) -> None:
    assert status(own) == FOUND


def test_files_that_the_index_holds_are_not_read_again(
    own: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own.knowledge_dir / "fees.txt").write_text("The fee is 200 euros.")
    sync(own, encoder=encoder)
    monkeypatch.setattr("ingest.reading.Reader.read", None)
    assert status(own).sections == FOUND.sections + 1
    assert status(own).languages == FOUND.languages


@pytest.mark.usefixtures("own")
def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "11 sections",
        "language  asks  answers  stale  drafts  unknown",
        "es           2        1      1       1        1",
        "hi-Latn      1        0      0       0        0",
    ]


@pytest.mark.usefixtures("own")
def test_the_command_can_be_read_by_a_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sections"] == 11
    assert found["languages"][0] == {
        "language": "es",
        "asks": 2,
        "answers": 1,
        "stale": 1,
        "drafts": 1,
        "unknown": 1,
    }


def test_without_catalogues_there_are_only_sections(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(settings.knowledge_dir))
    assert main(["status"]) == 0
    assert capsys.readouterr().out == "11 sections\n"


def test_a_catalogue_with_a_mistake_is_named(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    put_catalogue(own.knowledge_dir, "fr", "a.md: []\n")
    with pytest.raises(DocumentError):
        status(own)
    assert main(["status"]) == 1
    assert capsys.readouterr().err.startswith("error: languages/fr.yaml:1: ")
