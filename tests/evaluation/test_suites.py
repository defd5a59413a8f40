"""A suite is read whole, or refused with its line."""

import json
from pathlib import Path

import pytest

from bot.evaluation.documents import copy_documents
from bot.evaluation.suites import SuiteError, read_suite
from ingest.documents import read_documents


def suite(folder: Path, *lines: str) -> Path:
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def question(name: str, **fields: object) -> str:
    return json.dumps({"id": name, "turns": ["How?"], "expected": "answer", **fields})


def test_questions_are_read_with_what_is_expected(tmp_path: Path) -> None:
    folder = suite(
        tmp_path,
        question("a", source="x.md", gold=["Six weeks."], note="ignored"),
        "",
        question("b", turns=["one", "two"], sources=["y.md", "z.md"], source="no.md"),
        question("c", expected="no_answer"),
    )
    found = read_suite(folder)
    assert found.name == tmp_path.name
    assert found.documents is None
    first, second, third = found.questions
    assert (first.text, first.earlier) == ("How?", ())
    assert first.wanted == {"x.md"}
    assert (second.text, second.earlier) == ("two", ("one",))
    assert second.wanted == {"y.md", "z.md"}
    assert third.wanted == frozenset()


def test_documents_are_found_beside_the_questions(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    found = read_suite(suite(tmp_path, question("a")))
    assert found.documents == tmp_path / "documents"


def test_a_sample_is_always_the_same(tmp_path: Path) -> None:
    folder = suite(tmp_path, *(question(f"q{n}") for n in range(50)))
    some = [found.id for found in read_suite(folder, limit=10).questions]
    again = [found.id for found in read_suite(folder, limit=10).questions]
    assert len(set(some)) == 10
    assert some == again
    assert some != [f"q{n}" for n in range(10)]
    assert len(read_suite(folder, limit=99).questions) == 50


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "questions.jsonl:2: not JSON"),
        ('{"id": "a", "turns": ["x"]}', "questions.jsonl:2: expected: Field required"),
        (question("a", turns=[]), "questions.jsonl:2: turns: "),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(SuiteError, match=sentence):
        read_suite(suite(tmp_path, question("ok"), line))


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_suite(tmp_path)
    with pytest.raises(SuiteError, match="holds no questions"):
        read_suite(suite(tmp_path))


def test_documents_from_anywhere_become_documents_of_ours(tmp_path: Path) -> None:
    source, target = tmp_path / "from", tmp_path / "to"
    (source / "deep").mkdir(parents=True)
    texts = {
        "deep/a.md": "---\ntitle: 'A: b'\nlayout: page\n---\nSome words.\n",
        "b.md": "# A heading\n\nMore words.\n",
        "c.md": "Only words.\n",
        "d.md": "---\n: [broken\n---\n# Behind it\n\nWords.\n",
        "empty.md": "---\ntitle: Nothing\n---\n\n",
    }
    for name, text in texts.items():
        (source / name).write_text(text, "utf-8")
    (source / "latin.md").write_bytes(b"caf\xe9 words\n")
    copy_documents(source, target)
    found = {document.path: document.about.title for document in read_documents(target)}
    assert found == {
        "deep/a.md": "A: b",
        "b.md": "A heading",
        "c.md": "c",
        "d.md": "Behind it",
        "latin.md": "latin",
    }
