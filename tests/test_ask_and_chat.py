"""``python -m bot ask`` and ``chat``: answers in a terminal, and nothing stored."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main

PROJECT = Path(__file__).parents[1]
QUESTION = "How long does a micro-credential take?"
SECTION = (
    "How long a micro-credential takes\n"
    "A micro-credential usually takes between six and twelve weeks of part-time study."
)
SOURCE = (
    "  [How long a micro-credential takes; guidance/duration.md, as of 2026-06-01] "
    "https://example.org/duration"
)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def data(
    monkeypatch: pytest.MonkeyPatch, sample_data: Path, sample_knowledge: Path
) -> Path:
    """The sample documents, by the environment."""
    monkeypatch.setenv("DATA_DIR", str(sample_data))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(sample_knowledge))
    return sample_data


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs Python in a process of its own, in a folder without settings."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))

    def start(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """What ``ask --json`` prints."""
    assert main(["ask", "--json", *arguments]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_ask_prints_the_answer_with_its_source_and_date(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", QUESTION]) == 0
    assert capsys.readouterr().out.splitlines() == [*SECTION.splitlines(), SOURCE]


def test_a_source_without_an_address_is_still_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "Do I get a certificate?"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "  [Certificates; faq/certificate.md, as of 2026-09-01]"


def test_an_answer_without_sources_is_only_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "hello"]) == 0
    assert capsys.readouterr().out == "Hello! What would you like to know?\n"


def test_ask_prints_one_json_object_for_programs(run: Run) -> None:
    ended = run("-m", "bot", "ask", "--json", QUESTION)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    milliseconds = answer.pop("milliseconds")
    confidence = answer.pop("confidence")
    assert answer == {
        "answer": SECTION,
        "outcome": "answer",
        "choices": [],
        "citations": [
            {
                "title": "How long a micro-credential takes",
                "source": "guidance/duration.md",
                "page": None,
                "url": "https://example.org/duration",
                "as_of": "2026-06-01",
            }
        ],
    }
    assert 0.4 < confidence <= 1
    assert milliseconds > 0
    assert ended.stderr == ""


def test_words_of_any_script_are_printed_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "--json", "¿Puedo hablar con una persona, por favor?"]) == 0
    printed = capsys.readouterr().out
    assert "le responderá aquí" in printed
    assert json.loads(printed)["outcome"] == "handoff"


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (QUESTION, "answer"),
        ("visa", "clarify"),
        ("What is the capital of Mongolia?", "no_answer"),
        ("I want to talk to a person", "handoff"),
    ],
)
def test_json_names_every_outcome(
    question: str, outcome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(capsys, question)["outcome"] == outcome


def test_earlier_messages_are_answered_first_so_that_their_choices_can_be_picked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    offered = ask(capsys, "visa")["choices"]
    assert isinstance(offered, list)
    assert offered[1].endswith("Germany")
    alone = ask(capsys, "2")
    picked = ask(capsys, "2", "--turn", "visa")
    assert "11,904 euros" not in str(alone["answer"])
    assert "11,904 euros" in str(picked["answer"])


def test_ask_stores_nothing(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    def files() -> set[Path]:
        return {path for path in data.rglob("*") if path.is_file()}

    before = files()
    ask(capsys, "I want to talk to a person")
    ask(capsys, QUESTION)
    assert files() == before
    assert [path.name for path in data.iterdir()] == ["index"]


def test_without_an_index_ask_says_what_to_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "new"))
    assert main(["ask", QUESTION]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "error: there is no index of the documents yet; run python -m ingest sync\n"
    )
    assert not (tmp_path / "new").exists()


def test_an_index_of_another_model_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "no-such-model")
    assert main(["ask", QUESTION]) == 1
    assert "'no-such-model' is not on this machine" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOT_MODEL", "gpt-5"), ("PORT", "many"), ("KNOWLEDGE_DIR", "/nowhere")],
)
def test_a_wrong_setting_is_one_line_that_says_which(
    name: str,
    value: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["ask", QUESTION]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert (name in line) or (value in line)


def test_chat_remembers_both_sides_until_an_empty_line(run: Run) -> None:
    lines = [
        "what is the capital of Mongolia?",
        "yes",
        "Do I need a study permit for Canada?",
        "and in Germany?",
        "",
        QUESTION,
    ]
    ended = run("-m", "bot", "chat", typed="\n".join(lines))
    assert ended.returncode == 0, ended.stderr
    _, refusal, handoff, _, follow_up, *rest = ended.stdout.split("> ")
    assert "I'm sorry, I don't have that in our documents." in refusal
    assert handoff.startswith("I've passed your message on to a member of our team")
    assert "11,904 euros" in follow_up
    assert rest == [""]
    assert ended.stderr == "Write a question; an empty line ends the chat.\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["doctor", "-h"], ["ask"]]
)
def test_help_and_mistakes_do_not_wait_for_the_model(
    arguments: list[str], run: Run
) -> None:
    program = (
        "import sys; from bot.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "slow = {'torch', 'chromadb', 'langchain_core', 'sqlalchemy'}\n"
        "print(sorted(slow & sys.modules.keys()))"
    )
    ended = run("-c", program, *arguments)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"
    assert "usage: " in ended.stdout + ended.stderr


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["answer"])
    assert ended.value.code == 2
    assert "invalid choice: 'answer'" in capsys.readouterr().err
