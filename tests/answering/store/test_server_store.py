"""Generations on a Chroma server: the right to write, and what becomes of a sleeper."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier, Event
from time import time

import pytest

from bot.answering.encoding.encoder import BUNDLED_NAME
from bot.answering.retrieval.library import RETRY_SECONDS, IndexLibrary
from bot.answering.store.generations import Manifest
from bot.answering.store.server import LEASE_SECONDS, ServerStore
from bot.answering.store.server_collections import ServerCollections, State
from bot.answering.store.server_writer import ServerWriter
from bot.errors import IndexUnavailableError, SyncUnderwayError
from tests.support.chroma_server import ChromaServer
from tests.support.generations import keep, make_chunk, make_generation
from tests.support.servers import free_port

PATIENCE = 60.0


class Wall:
    """A clock that several stores look at."""

    def __init__(self) -> None:
        self.now = time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(chroma_url: str, wall: Wall) -> ServerStore:
    return ServerStore(chroma_url, clock=wall)


@pytest.fixture
def other(chroma_url: str, wall: Wall) -> ServerStore:
    """The same, from another machine."""
    return ServerStore(chroma_url, clock=wall)


@pytest.fixture
def collections(chroma_url: str) -> ServerCollections:
    return ServerCollections(chroma_url)


def put(store: ServerStore, name: str, previous: str | None = None) -> None:
    chunks = [make_chunk(f"This is {name}.")]
    keep(store, make_generation(chunks, name=name, previous=previous))


def states(collections: ServerCollections) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in collections.all()]


def test_who_writes_elsewhere_is_named_with_the_end_of_the_reservation(
    store: ServerStore, other: ServerStore
) -> None:
    with store.writing(), pytest.raises(SyncUnderwayError) as refusal:
        other.writing().__enter__()
    said = str(refusal.value)
    assert "process" in said
    assert "wait for it to end" in said
    assert "runs out at" in said


def test_a_reservation_is_renewed_for_as_long_as_it_is_needed(
    chroma_url: str, wall: Wall, other: ServerStore, collections: ServerCollections
) -> None:
    renewed = Event()

    def clock() -> float:
        if wall.now > start:
            renewed.set()
        return wall.now

    start = wall.now
    with ServerStore(chroma_url, lease=1.0, clock=clock).writing():
        wall.now += 100.0
        assert renewed.wait(PATIENCE)
        while collections.all()[0].held_until < wall.now:
            pass
        with pytest.raises(SyncUnderwayError):
            other.writing().__enter__()


def test_what_crashed_holds_nobody_up_for_longer_than_its_reservation(
    store: ServerStore, other: ServerStore, wall: Wall, collections: ServerCollections
) -> None:
    put(store, "one")
    with ExitStack() as crashed:
        crashed.enter_context(store.writing())
        wall.now += LEASE_SECONDS - 1
        with pytest.raises(SyncUnderwayError):
            other.writing().__enter__()
        wall.now += 2
        with other.writing() as writer:
            assert states(collections) == [
                (1, State.READY),
                (2, State.BUILDING),
                (3, State.BUILDING),
            ]
            writer.tidy()
            assert states(collections) == [(1, State.READY), (3, State.BUILDING)]
    assert states(collections) == [(1, State.READY)]


def begun(store: ServerStore, stack: ExitStack, name: str) -> ServerWriter:
    """A writer that has written and not yet switched."""
    meant = make_generation([make_chunk(f"This is {name}.")], name=name)
    writer = stack.enter_context(store.writing())
    writer.write(meant, notes="[]", told=lambda _: None)
    return writer


def manifest(name: str) -> Manifest:
    return make_generation([], name=name).manifest


def test_a_sleeper_whose_collection_was_removed_switches_nothing(
    store: ServerStore, other: ServerStore, wall: Wall
) -> None:
    with ExitStack() as stack:
        sleeper = begun(store, stack, "sleeper")
        wall.now += 2 * LEASE_SECONDS
        with other.writing() as writer:
            writer.tidy()
        put(other, "new")
        for step in (
            lambda: sleeper.read_back(manifest("sleeper")),
            lambda: sleeper.switch_to(manifest("sleeper")),
        ):
            with pytest.raises(SyncUnderwayError, match="took over"):
                step()
    assert other.current() == "new"
    assert [chunk.text for chunk in other.load("new").chunks] == ["This is new."]


def test_a_sleeper_that_was_overtaken_switches_nothing(
    store: ServerStore, other: ServerStore, wall: Wall, collections: ServerCollections
) -> None:
    with ExitStack() as stack:
        sleeper = begun(store, stack, "sleeper")
        wall.now += 2 * LEASE_SECONDS
        put(other, "new")
        with pytest.raises(SyncUnderwayError, match="took over"):
            sleeper.switch_to(manifest("sleeper"))
    assert other.current() == "new"
    with other.writing() as writer:
        writer.tidy()
    assert states(collections) == [(2, State.READY)]


def test_of_many_who_begin_at_once_one_may_write(
    chroma_url: str, collections: ServerCollections
) -> None:
    begin = Barrier(6)

    def enter(_: int) -> ExitStack | None:
        store = ServerStore(chroma_url)
        assert store.current() is None
        begin.wait(PATIENCE)
        with ExitStack() as stack:
            try:
                stack.enter_context(store.writing())
            except SyncUnderwayError:
                return None
            return stack.pop_all()

    with ThreadPoolExecutor(6) as threads:
        inside = [stack for stack in threads.map(enter, range(6)) if stack]
    assert len(inside) == 1
    assert states(collections) == [(1, State.BUILDING)]
    inside[0].close()
    assert states(collections) == []


def test_collections_of_others_are_left_alone(
    store: ServerStore, collections: ServerCollections
) -> None:
    client = collections._opened()
    client.create_collection("somebody-elses", embedding_function=None)
    client.create_collection("discarded-by-a-crash", embedding_function=None)
    client.create_collection("generation-00000007", embedding_function=None)
    put(store, "one")
    with store.writing() as writer:
        writer.tidy()
    names = {collection.name for collection in client.list_collections()}
    assert names == {"somebody-elses", "generation-00000007", "generation-00000008"}
    assert store.current() == "one"


def test_a_damaged_generation_is_a_clear_error_and_nothing_is_removed_meanwhile(
    store: ServerStore, collections: ServerCollections
) -> None:
    put(store, "one")
    put(store, "two", previous="one")
    two = collections.all()[-1]
    two.collection.delete(ids=["00000000"])
    with pytest.raises(IndexUnavailableError, match="1 chunks are meant to be there"):
        store.load("two")
    two.collection.modify(metadata={**two.metadata, "manifest": "{"})
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        store.load("two")
    with store.writing() as writer:
        writer.tidy()
    assert store.holds("one")


def test_going_back_to_what_is_not_there_is_an_error(store: ServerStore) -> None:
    put(store, "one")
    with store.writing() as writer, pytest.raises(IndexUnavailableError):
        writer.go_back_to("never")
    assert store.current() == "one"


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.current(),
        lambda store: store.holds("one"),
        lambda store: store.load("one"),
        lambda store: store.notes("one"),
        lambda store: store.writing().__enter__(),
    ],
    ids=["current", "holds", "load", "notes", "writing"],
)
def test_a_server_that_does_not_answer_is_a_clear_error(
    ask: Callable[[ServerStore], object],
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(IndexUnavailableError, match=f"at {url} cannot be used; is it"):
        ask(ServerStore(url))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server that a test may stop."""
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.stop()


def test_answers_go_on_while_the_server_is_away(own_server: ChromaServer) -> None:
    now = 0.0
    store = ServerStore(own_server.url)
    put(store, "one")
    library = IndexLibrary(store, embedding_model=BUNDLED_NAME, clock=lambda: now)
    assert library.index().generation == "one"
    own_server.stop()
    now += store.look_every
    assert library.index().generation == "one"
    assert library.problem is not None
    assert "is it running?" in library.problem
    own_server.start()
    put(store, "two", previous="one")
    assert library.index().generation == "one"
    now += RETRY_SECONDS
    assert library.index().generation == "two"
    assert library.problem is None


def test_a_server_that_is_killed_and_started_again_has_lost_nothing(
    own_server: ChromaServer,
) -> None:
    store = ServerStore(own_server.url)
    put(store, "one")
    before = store.load("one")
    own_server.stop()
    own_server.start()
    assert store.current() == "one"
    assert store.load("one").chunks == before.chunks


def test_a_sync_whose_server_dies_leaves_the_generation_in_use(
    own_server: ChromaServer, wall: Wall
) -> None:
    store = ServerStore(own_server.url, clock=wall)
    put(store, "one")
    stack = ExitStack()
    writer = begun(store, stack, "two")
    own_server.stop()
    with pytest.raises(IndexUnavailableError, match="is it running"):
        writer.switch_to(manifest("two"))
    with pytest.raises(IndexUnavailableError, match="is it running"):
        stack.close()
    own_server.start()
    assert store.current() == "one"
    wall.now += 2 * LEASE_SECONDS
    put(store, "three")
    assert store.current() == "three"
