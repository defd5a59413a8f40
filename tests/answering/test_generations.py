"""Generations of the index: their manifest, and the pointer to the one in use."""

import json
import threading
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.answering.generations import (
    FORMAT,
    MANIFEST,
    POINTER,
    Manifest,
    current_generation,
    new_generation,
    read_manifest,
    remove_others,
    switch_to,
    write_manifest,
)
from bot.errors import IndexUnavailableError

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ABOUT = Manifest(
    format=FORMAT,
    generation="20261124T120000-aaaaaa",
    created_at=NOON.isoformat(),
    embedding_model="all-MiniLM-L6-v2",
    dimension=384,
    chunker=1,
    fingerprint="00",
    documents=1,
    chunks=2,
    sentences=3,
)


def test_names_sort_by_time_in_any_time_zone() -> None:
    abroad = timezone(timedelta(hours=-5))
    later = (NOON + timedelta(seconds=1)).astimezone(abroad)
    assert new_generation(NOON).startswith("20261124T120000-")
    assert new_generation(NOON) < new_generation(later)


def test_a_name_is_never_given_twice() -> None:
    assert len({new_generation(NOON) for _ in range(100)}) == 100


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(tmp_path, ABOUT)
    assert read_manifest(tmp_path) == ABOUT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"generation": "x"}',
        json.dumps({**asdict(ABOUT), "colour": "blue"}),
        "\udc80",
    ],
)
def test_a_damaged_manifest_is_a_clear_error(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        read_manifest(tmp_path)


def test_a_generation_without_a_manifest_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="damaged; run python -m ingest"):
        read_manifest(tmp_path / "gone")


def test_another_format_is_refused_by_its_number(tmp_path: Path) -> None:
    write_manifest(tmp_path, replace(ABOUT, format=FORMAT + 1))
    with pytest.raises(IndexUnavailableError, match=f"format {FORMAT + 1}.*{FORMAT};"):
        read_manifest(tmp_path)


def test_without_a_pointer_there_is_no_generation(tmp_path: Path) -> None:
    assert current_generation(tmp_path) is None
    assert current_generation(tmp_path / "nowhere") is None


def test_an_empty_pointer_names_no_generation(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_text("\n", "utf-8")
    assert current_generation(tmp_path) is None


def test_the_pointer_names_what_was_switched_to_last(tmp_path: Path) -> None:
    switch_to(tmp_path, "first")
    switch_to(tmp_path, "second")
    assert current_generation(tmp_path) == "second"
    assert [path.name for path in tmp_path.iterdir()] == [POINTER]


def test_a_switch_never_shows_half_a_pointer(tmp_path: Path) -> None:
    names = ["a" * 20_000, "b" * 20_000]
    switch_to(tmp_path, names[0])
    seen: set[str | None] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(current_generation(tmp_path))

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(200):
        switch_to(tmp_path, names[turn % 2])
    done.set()
    reader.join()
    assert seen <= set(names)
    assert seen


def test_a_switch_replaces_the_pointer_and_does_not_write_into_it(
    tmp_path: Path,
) -> None:
    switch_to(tmp_path, "first")
    with (tmp_path / POINTER).open(encoding="utf-8") as before:
        switch_to(tmp_path, "second")
        assert before.read() == "first\n"


def test_a_switch_that_crashed_half_way_changes_nothing(tmp_path: Path) -> None:
    switch_to(tmp_path, "first")
    (tmp_path / f"{POINTER}.new").write_text("sec", "utf-8")
    assert current_generation(tmp_path) == "first"
    switch_to(tmp_path, "third")
    assert current_generation(tmp_path) == "third"


def test_only_generations_that_nobody_needs_are_removed(tmp_path: Path) -> None:
    for name in ("old", "before", "now"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "chroma.sqlite3").touch()
    switch_to(tmp_path, "now")
    remove_others(tmp_path, keep=["before", "now", None])
    assert {path.name for path in tmp_path.iterdir()} == {"before", "now", POINTER}
