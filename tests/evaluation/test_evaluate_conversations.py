"""``python -m bot evaluate`` on conversations: figures, a page, a sheet."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.support.openai_server import OpenAIServer, replies
from tests.support.servers import served

DIALOGUE = {
    "id": "one",
    "language": "en",
    "turns": [
        {
            "text": "How much does a boat cost an hour?",
            "expect": "answer",
            "must": ["£12"],
            "sections": ["hire.md#How much does a boat cost?"],
        },
        {"text": "thank you so much <b>", "expect": "thanks"},
    ],
}
DOCUMENT = "# Hire\n\n## How much does a boat cost?\n\nA boat costs £12 an hour.\n"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "boats"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents/hire.md").write_text(DOCUMENT, "utf-8")
    (folder / "dialogues.jsonl").write_text(json.dumps(DIALOGUE), "utf-8")
    request = {"text": "call me tomorrow please", "label": "call", "language": "en"}
    (folder / "requests.jsonl").write_text(json.dumps(request), "utf-8")
    return folder


def test_conversations_are_measured_and_every_reply_can_be_read(
    suite: Path,
    sample_knowledge: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(sample_knowledge))
    page, sheet, found = (tmp_path / name for name in ("a.html", "a.csv", "a.json"))

    options = ["--html", str(page), "--sheet", str(sheet), "--json", str(found)]
    code = main(["evaluate", str(suite), *options])

    assert code == 0
    assert json.loads(found.read_text("utf-8"))["questions"]["messages"] == 1
    shown = page.read_text("utf-8")
    assert "How much does a boat cost an hour?" in shown
    assert "&lt;b&gt;" in shown
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["place"] for row in rows] == ["1", "2"]
    assert rows[0]["must"] == "£12"
    assert rows[0]["grade"] == ""
    assert "call" in capsys.readouterr().out


def test_a_page_needs_conversations(
    suite: Path,
    sample_knowledge: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(sample_knowledge))
    (suite / "dialogues.jsonl").unlink()

    assert main(["evaluate", str(suite), "--html", str(tmp_path / "a.html")]) == 1
    assert "dialogues.jsonl" in capsys.readouterr().err


async def test_both_ways_are_graded_without_knowing_which_is_which(
    suite: Path,
    sample_knowledge: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = OpenAIServer(replies("answer", ("An hour costs £12.", [1])))
    sheet = tmp_path / "sheet.csv"
    async with served(model.app) as address:
        monkeypatch.setenv("KNOWLEDGE_DIR", str(sample_knowledge))
        monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
        monkeypatch.setenv("BOT_MODEL_URL", f"{address}/v1")
        monkeypatch.setenv("BOT_MODEL_NOT_ASKED_FROM", "1")
        command = ["evaluate", str(suite), "--side-by-side", str(sheet)]
        command += ["--model", "openai:test-model"]
        assert await asyncio.to_thread(main, command) == 0

    key = json.loads((tmp_path / "sheet.key.json").read_text("utf-8"))
    sides = {name: side for side, name in key["one"].items()}
    assert set(sides) == {"with a model", "without"}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["side"], row["place"]) for row in rows] == [
        ("A", "1"), ("A", "2"), ("B", "1"), ("B", "2"),
    ]  # fmt: skip
    said = {row["side"]: row["reply"] for row in rows if row["place"] == "1"}
    assert said[sides["with a model"]] == "An hour costs £12."
    assert "A boat costs £12 an hour." in said[sides["without"]]
    assert "by fixed 1, model 1" in capsys.readouterr().out


def test_both_ways_need_a_model(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", str(suite), "--side-by-side", str(tmp_path / "sheet.csv")]
    assert main(command) == 1
    assert "BOT_MODEL" in capsys.readouterr().err
