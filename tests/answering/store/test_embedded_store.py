"""Generations in folders: the pointer is atomic, and damage is noticed."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.store.folders import DETAILS, MANIFEST, POINTER, EmbeddedStore
from bot.errors import IndexUnavailableError
from tests.support.generations import (
    keep,
    make_chunk,
    make_generation,
    write_generation,
)

MANY = 2100


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path)


def switch(store: EmbeddedStore, name: str) -> None:
    with store.writing() as writer:
        writer.go_back_to(name)


def test_an_empty_pointer_names_no_generation(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    (tmp_path / POINTER).write_text("\n", "utf-8")
    assert store.current() is None


def test_a_pointer_that_cannot_be_read_is_named(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    (tmp_path / POINTER).mkdir()
    with pytest.raises(IndexUnavailableError) as caught:
        store.current()
    assert f"{tmp_path / POINTER} cannot be read (Is a directory)" in str(caught.value)


def test_the_pointer_is_one_file_that_names_what_was_switched_to_last(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    switch(store, "first")
    switch(store, "second")
    assert store.current() == "second"
    assert {path.name for path in tmp_path.iterdir()} == {POINTER, "lock"}


def test_a_switch_never_shows_half_a_pointer(store: EmbeddedStore) -> None:
    names = ["a" * 20_000, "b" * 20_000]
    switch(store, names[0])
    seen: set[str | None] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(store.current())

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(200):
        switch(store, names[turn % 2])
    done.set()
    reader.join()
    assert seen <= set(names)
    assert seen


def test_a_switch_replaces_the_pointer_and_does_not_write_into_it(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    switch(store, "first")
    with (tmp_path / POINTER).open(encoding="utf-8") as before:
        switch(store, "second")
        assert before.read() == "first\n"


def test_a_switch_that_crashed_half_way_changes_nothing(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    switch(store, "first")
    (tmp_path / f"{POINTER}.new").write_text("sec", "utf-8")
    assert store.current() == "first"
    switch(store, "third")
    assert store.current() == "third"


def test_a_generation_is_never_written_into_an_existing_folder(
    store: EmbeddedStore, tmp_path: Path, encoder: Encoder
) -> None:
    (tmp_path / "one").mkdir()
    with pytest.raises(FileExistsError):
        write_generation(store, [], encoder=encoder)


def cut_short(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def without_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def without_vectors(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def with_empty_vectors(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        path.write_bytes(b"")


def of_other_chunks(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text("utf-8").replace(f"{MANY}", "5"), "utf-8")


def without_details(folder: Path) -> None:
    (folder / DETAILS).unlink()


def with_half_of_the_details(folder: Path) -> None:
    path = folder / DETAILS
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_no_details(folder: Path) -> None:
    (folder / DETAILS).write_bytes(b"")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation large enough for Chroma to have written its vectors to files."""
    index_dir = tmp_path_factory.mktemp("many")
    chunks = [make_chunk(f"Text {number}", number=number) for number in range(MANY)]
    keep(EmbeddedStore(index_dir), make_generation(chunks))
    return index_dir


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        overwritten,
        without_database,
        without_vectors,
        with_empty_vectors,
        of_other_chunks,
        without_details,
        with_half_of_the_details,
        with_no_details,
    ],
)
def test_a_damaged_index_is_a_clear_error_whenever_it_is_opened(
    damage: Callable[[Path], None], many: Path, tmp_path: Path
) -> None:
    shutil.copytree(many, tmp_path / "damaged")
    store = EmbeddedStore(tmp_path / "damaged")
    damage(tmp_path / "damaged" / "one")
    for _ in range(2):
        with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
            store.load("one")


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_manifest_is_a_clear_error(
    text: bytes, many: Path, tmp_path: Path
) -> None:
    shutil.copytree(many, tmp_path / "damaged")
    (tmp_path / "damaged" / "one" / MANIFEST).write_bytes(text)
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        EmbeddedStore(tmp_path / "damaged").manifest("one")


def test_nothing_is_removed_while_the_current_generation_is_damaged(
    many: Path, tmp_path: Path
) -> None:
    shutil.copytree(many, tmp_path / "damaged")
    (tmp_path / "damaged" / "before").mkdir()
    (tmp_path / "damaged" / "one" / MANIFEST).unlink()
    with EmbeddedStore(tmp_path / "damaged").writing() as writer:
        writer.tidy()
    assert (tmp_path / "damaged" / "before").is_dir()
