"""The library of generations: readers never wait for a new one, and never lose one."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.library import RETRY_SECONDS, IndexLibrary
from bot.answering.store.folders import MANIFEST, POINTER, EmbeddedStore
from bot.errors import IndexUnavailableError
from tests.support.generations import make_chunk, write_generation

PATIENCE = 60.0


class WatchedStore(EmbeddedStore):
    """May be out of reach, and counts how often it is asked."""

    def __init__(self, index_dir: Path) -> None:
        super().__init__(index_dir)
        self.asked = 0
        self.unreachable = False

    def current(self) -> str | None:
        self.asked += 1
        if self.unreachable:
            raise IndexUnavailableError("the store cannot be reached")
        return super().current()


class HeldLibrary(IndexLibrary):
    """Opens a generation named ``slow`` only when it is let, and counts openings."""

    def __init__(self, index_dir: Path) -> None:
        self.now = 0.0
        self.store = WatchedStore(index_dir)
        super().__init__(
            self.store, embedding_model=BUNDLED_NAME, clock=lambda: self.now
        )
        self.opened: list[str] = []
        self.opening = threading.Event()
        self.released = threading.Event()

    def _opened(self, name: str) -> Index:
        self.opened.append(name)
        if name.startswith("slow"):
            self.opening.set()
            assert self.released.wait(PATIENCE)
        return super()._opened(name)


@pytest.fixture
def folder(tmp_path: Path, encoder: Encoder) -> Path:
    """Generations ``slow``, ``two`` and ``one``; the last is the current one."""
    for name in ("slow", "two", "one"):
        chunks = [make_chunk(f"This is generation {name}.")]
        write_generation(EmbeddedStore(tmp_path), chunks, encoder=encoder, name=name)
    return tmp_path


@pytest.fixture
def library(folder: Path) -> HeldLibrary:
    return HeldLibrary(folder)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def generation_read(library: IndexLibrary) -> str:
    return library.index().generation


def switch_to(folder: Path, name: str) -> None:
    with EmbeddedStore(folder).writing() as writer:
        writer.go_back_to(name)


def test_readers_share_one_open_index(library: HeldLibrary) -> None:
    first = library.index()
    assert library.index() is library.index() is first
    assert library.opened == ["one"]


def test_a_new_generation_is_used_from_the_next_question_on(
    library: HeldLibrary, folder: Path
) -> None:
    assert generation_read(library) == "one"
    switch_to(folder, "two")
    assert generation_read(library) == "two"
    switch_to(folder, "one")
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


def test_many_readers_and_many_switches_never_meet_an_error(
    library: HeldLibrary, folder: Path, threads: ThreadPoolExecutor
) -> None:
    switching = threading.Lock()

    def read(turn: int) -> str:
        with switching:
            switch_to(folder, ("one", "two")[turn % 2])
        return generation_read(library)

    assert set(threads.map(read, range(40))) == {"one", "two"}


def test_without_a_pointer_there_is_no_index(
    library: HeldLibrary, folder: Path
) -> None:
    (folder / POINTER).unlink()
    with pytest.raises(IndexUnavailableError, match="no index of the documents yet"):
        generation_read(library)


@pytest.mark.parametrize("pointer", [b"gone\n", b"../..\n", b"\xff\xfe\x00\n"])
def test_a_pointer_to_nothing_is_a_clear_error(
    pointer: bytes, library: HeldLibrary, folder: Path
) -> None:
    (folder / POINTER).write_bytes(pointer)
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        generation_read(library)


def test_an_index_of_another_model_is_refused_with_both_names(
    folder: Path, encoder: Encoder
) -> None:
    library = IndexLibrary(EmbeddedStore(folder), embedding_model="another-model")
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
    library: HeldLibrary, folder: Path, encoder: Encoder
) -> None:
    assert generation_read(library) == "one"
    (folder / "two" / MANIFEST).write_text("{", "utf-8")
    switch_to(folder, "two")
    assert [generation_read(library) for _ in range(3)] == ["one"] * 3
    assert library.opened == ["one", "two"]
    assert library.problem is not None
    assert "damaged" in library.problem
    chunks = [make_chunk("Mended.")]
    write_generation(EmbeddedStore(folder), chunks, encoder=encoder, name="three")
    assert generation_read(library) == "three"
    assert library.problem is None


def test_a_generation_that_could_not_be_opened_is_tried_again_after_a_while(
    library: HeldLibrary, folder: Path
) -> None:
    assert generation_read(library) == "one"
    manifest = folder / "two" / MANIFEST
    text = manifest.read_text("utf-8")
    manifest.write_text("{", "utf-8")
    switch_to(folder, "two")
    assert generation_read(library) == "one"
    manifest.write_text(text, "utf-8")
    assert generation_read(library) == "one"
    library.now += RETRY_SECONDS
    assert generation_read(library) == "two"
    assert library.problem is None


def test_going_back_from_a_generation_that_could_not_be_opened_settles_it(
    library: HeldLibrary, folder: Path
) -> None:
    assert generation_read(library) == "one"
    (folder / "two" / MANIFEST).write_text("{", "utf-8")
    switch_to(folder, "two")
    assert generation_read(library) == "one"
    switch_to(folder, "one")
    assert generation_read(library) == "one"
    assert library.problem is None


def test_while_the_store_is_out_of_reach_the_index_at_hand_is_used(
    library: HeldLibrary, folder: Path
) -> None:
    assert generation_read(library) == "one"
    library.store.unreachable = True
    before = library.store.asked
    assert [generation_read(library) for _ in range(3)] == ["one"] * 3
    assert library.store.asked == before + 1
    assert library.problem == "the store cannot be reached"
    switch_to(folder, "two")
    library.store.unreachable = False
    library.now += RETRY_SECONDS
    assert generation_read(library) == "two"
    assert library.problem is None


def test_a_store_out_of_reach_from_the_start_is_an_error_and_is_asked_again(
    library: HeldLibrary,
) -> None:
    library.store.unreachable = True
    with pytest.raises(IndexUnavailableError, match="cannot be reached"):
        generation_read(library)
    library.store.unreachable = False
    assert generation_read(library) == "one"


def test_a_store_is_looked_at_as_often_as_it_wants(
    library: HeldLibrary, folder: Path
) -> None:
    library.store.look_every = 5.0
    assert generation_read(library) == "one"
    switch_to(folder, "two")
    library.now += 4.9
    assert generation_read(library) == "one"
    assert library.store.asked == 1
    library.now += 0.1
    assert generation_read(library) == "two"


def test_whoever_made_a_new_generation_has_it_in_use_at_once(
    library: HeldLibrary, folder: Path, threads: ThreadPoolExecutor
) -> None:
    library.store.look_every = 5.0
    assert generation_read(library) == "one"
    switch_to(folder, "two")
    library.renew()
    assert generation_read(library) == "two"
    switch_to(folder, "slow")
    library.now += 5.0
    opener = threads.submit(generation_read, library)
    assert library.opening.wait(PATIENCE)
    renewed = threads.submit(library.renew)
    assert not renewed.done()
    library.released.set()
    renewed.result(PATIENCE)
    assert opener.result(PATIENCE) == generation_read(library) == "slow"
    assert library.opened == ["one", "two", "slow"]


async def test_who_follows_the_store_opens_what_is_new_for_everybody(
    library: HeldLibrary, folder: Path
) -> None:
    paused = asyncio.Semaphore(0)
    resumed = asyncio.Semaphore(0)

    async def pause(_: float) -> None:
        paused.release()
        await resumed.acquire()

    following = asyncio.create_task(library.follow(pause))
    await paused.acquire()
    assert library.opened == ["one"]
    switch_to(folder, "two")
    assert generation_read(library) == "one"
    resumed.release()
    await paused.acquire()
    assert generation_read(library) == "two"
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    switch_to(folder, "one")
    assert generation_read(library) == "one"


async def test_who_follows_a_store_without_an_index_waits_for_one(
    library: HeldLibrary, folder: Path
) -> None:
    (folder / POINTER).unlink()
    looks = asyncio.Semaphore(0)

    async def pause(_: float) -> None:
        looks.release()
        await asyncio.sleep(0)

    following = asyncio.create_task(library.follow(pause))
    await looks.acquire()
    with pytest.raises(IndexUnavailableError, match="no index of the documents"):
        generation_read(library)
    switch_to(folder, "two")
    assert generation_read(library) == "two"
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
