"""What a PDF file says is answered with the page it stands on, wherever it is shown."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from ingest.sync import sync
from tests.support.foreign import pdf, prose, ruled
from tests.support.knowledge import write_knowledge

QUESTION = "Which fee has the cyber security programme?"


@pytest.fixture
def fees(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF file of three pages beside the sample documents."""
    folder = write_knowledge(tmp_path / "knowledge")
    pages = [
        prose("Our office is open from Monday to Friday. Visitors ring the bell."),
        prose("You can pay by card or by bank transfer within thirty days."),
        ruled(
            [
                ["Programme", "Fee"],
                ["Data analytics programme", "The fee is 450 EUR"],
                ["Cyber security programme", "The fee is 600 EUR"],
            ]
        ),
    ]
    (folder / "Fees 2027.pdf").write_bytes(pdf(*pages))
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=folder)
    sync(settings, encoder=encoder)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(folder))


@pytest.mark.usefixtures("fees")
def test_an_answer_in_the_terminal_names_the_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", QUESTION]) == 0
    said = capsys.readouterr().out
    assert "600 EUR" in said
    assert said.splitlines()[-1] == "  [Fees 2027; Fees 2027.pdf, p. 3]"


@pytest.mark.usefixtures("fees")
def test_an_answer_for_programs_names_the_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "--json", QUESTION]) == 0
    (cited,) = json.loads(capsys.readouterr().out)["citations"]
    assert cited == {
        "title": "Fees 2027",
        "source": "Fees 2027.pdf",
        "page": 3,
        "url": None,
        "as_of": None,
    }
