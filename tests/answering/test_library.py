"""The library of generations: readers never wait for a new one, and never lose one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.answering.embedding import BUNDLED_NAME, Embedder
from bot.answering.generations import MANIFEST, POINTER, switch_to
from bot.answering.library import IndexLibrary
from bot.answering.store import Index
from bot.errors import IndexUnavailableError
from tests.support.generations import make_chunk, write_generation

PATIENCE = 60.0


class HeldLibrary(IndexLibrary):
    """Opens a generation named ``slow`` only when it is let, and counts openings."""

    def __init__(self, index_dir: Path) -> None:
        super().__init__(index_dir, embedding_model=BUNDLED_NAME)
        self.opened: list[str] = []
        self.opening = threading.Event()
        self.released = threading.Event()

    def _opened(self, generation: str) -> Index:
        self.opened.append(generation)
        if generation.startswith("slow"):
            self.opening.set()
            assert self.released.wait(PATIENCE)
        return super()._opened(generation)


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder) -> Path:
    """Generations ``slow``, ``two`` and ``one``; the last is the current one."""
    for name in ("slow", "two", "one"):
        chunks = [make_chunk(f"This is generation {name}.")]
        write_generation(tmp_path, chunks, embedder=embedder, name=name)
    return tmp_path


@pytest.fixture
def library(folder: Path) -> Iterator[HeldLibrary]:
    library = HeldLibrary(folder)
    yield library
    library.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def generation_read(library: IndexLibrary) -> str:
    with library.reading() as index:
        return index.generation


def is_open(index: Index) -> bool:
    try:
        return bool(index.dense(index.chunk_vectors[:1], 1))
    except Exception:  # noqa: BLE001  whatever Chroma says of a closed client
        return False


def test_readers_share_one_open_index(library: HeldLibrary) -> None:
    with library.reading() as first, library.reading() as second:
        assert first is second
    with library.reading() as third:
        assert third is first
    assert library.opened == ["one"]


def test_a_new_generation_is_used_from_the_next_question_on(
    library: HeldLibrary, folder: Path
) -> None:
    assert generation_read(library) == "one"
    switch_to(folder, "two")
    assert generation_read(library) == "two"
    switch_to(folder, "one")
    assert generation_read(library) == "one"


def test_a_reader_keeps_its_generation_until_it_leaves(
    library: HeldLibrary, folder: Path
) -> None:
    with library.reading() as old:
        with library.reading():
            switch_to(folder, "two")
            assert generation_read(library) == "two"
        assert old.generation == "one"
        assert is_open(old)
    assert not is_open(old)


def test_a_generation_that_nobody_reads_is_closed_at_the_switch(
    library: HeldLibrary, folder: Path
) -> None:
    with library.reading() as old:
        pass
    assert is_open(old)
    switch_to(folder, "two")
    with library.reading() as new:
        assert not is_open(old)
        assert is_open(new)


def test_a_switch_back_while_the_first_generation_is_still_read_loses_nothing(
    library: HeldLibrary, folder: Path
) -> None:
    with library.reading() as first:
        switch_to(folder, "two")
        assert generation_read(library) == "two"
        switch_to(folder, "one")
        with library.reading() as again:
            assert again.generation == "one"
        assert is_open(first)
    assert is_open(again)
    assert generation_read(library) == "one"


def test_nobody_waits_while_a_new_generation_is_opened(
    library: HeldLibrary, folder: Path, threads: ThreadPoolExecutor
) -> None:
    assert generation_read(library) == "one"
    switch_to(folder, "slow")
    opener = threads.submit(generation_read, library)
    assert library.opening.wait(PATIENCE)
    others = [threads.submit(generation_read, library) for _ in range(4)]
    assert {other.result(PATIENCE) for other in others} == {"one"}
    assert not opener.done()
    library.released.set()
    assert opener.result(PATIENCE) == "slow"
    assert generation_read(library) == "slow"
    assert library.opened == ["one", "slow"]


def test_at_the_very_first_opening_everybody_waits_for_the_one_who_opens(
    library: HeldLibrary, folder: Path, threads: ThreadPoolExecutor
) -> None:
    switch_to(folder, "slow")
    readers = [threads.submit(generation_read, library) for _ in range(4)]
    assert library.opening.wait(PATIENCE)
    assert not any(reader.done() for reader in readers)
    library.released.set()
    assert {reader.result(PATIENCE) for reader in readers} == {"slow"}
    assert library.opened == ["slow"]


def test_many_readers_and_many_switches_end_with_one_open_index(
    library: HeldLibrary, folder: Path, threads: ThreadPoolExecutor
) -> None:
    switching = threading.Lock()

    def read(turn: int) -> tuple[str, bool]:
        with switching:
            switch_to(folder, ("one", "two")[turn % 2])
        with library.reading() as index:
            return index.generation, is_open(index)

    seen = list(threads.map(read, range(40)))
    assert all(opened for _, opened in seen)
    assert {name for name, _ in seen} == {"one", "two"}


def test_without_a_pointer_there_is_no_index(library: HeldLibrary) -> None:
    (library._index_dir / POINTER).unlink()
    with pytest.raises(IndexUnavailableError, match="no index of the documents yet"):
        generation_read(library)


@pytest.mark.parametrize("pointer", [b"gone\n", b"../..\n", b"\xff\xfe\x00\n"])
def test_a_pointer_to_nothing_is_a_clear_error(
    pointer: bytes, library: HeldLibrary
) -> None:
    (library._index_dir / POINTER).write_bytes(pointer)
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        generation_read(library)


def test_an_index_of_another_model_is_refused_with_both_names(
    folder: Path, embedder: Embedder
) -> None:
    library = IndexLibrary(folder, embedding_model="another-model")
    with pytest.raises(IndexUnavailableError, match="run python -m ingest") as refusal:
        generation_read(library)
    assert repr(BUNDLED_NAME) in str(refusal.value)
    assert "'another-model' is configured" in str(refusal.value)


def test_a_first_opening_that_failed_is_tried_again(
    library: HeldLibrary, folder: Path
) -> None:
    manifest = folder / "one" / MANIFEST
    text = manifest.read_text("utf-8")
    manifest.write_text("{", "utf-8")
    for _ in range(2):
        with pytest.raises(IndexUnavailableError, match="damaged"):
            generation_read(library)
    manifest.write_text(text, "utf-8")
    assert generation_read(library) == "one"


def test_a_new_generation_that_cannot_be_used_leaves_the_old_one_in_use(
    library: HeldLibrary, folder: Path, embedder: Embedder
) -> None:
    assert generation_read(library) == "one"
    (folder / "two" / MANIFEST).write_text("{", "utf-8")
    switch_to(folder, "two")
    assert [generation_read(library) for _ in range(3)] == ["one"] * 3
    assert library.opened == ["one", "two"]
    write_generation(folder, [make_chunk("Mended.")], embedder=embedder, name="three")
    assert generation_read(library) == "three"


def test_closing_waits_for_no_reader_and_takes_nothing_from_it(
    library: HeldLibrary,
) -> None:
    with library.reading() as index:
        library.close()
        assert is_open(index)
    assert not is_open(index)
    assert generation_read(library) == "one"
