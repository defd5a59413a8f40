"""Runs ``ingest sync`` in a process of its own, and looks at what it left behind."""

import os
import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from time import time

from bot.answering.encoding.encoder import BUNDLED_NAME
from bot.answering.enquiry import Query
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.store.generations import Manifest
from bot.answering.store.server import ServerStore
from bot.answering.store.server_collections import ServerCollections
from bot.answering.store.store import Store, open_store
from bot.config import Settings
from ingest.sync import sync

STEPS = ("read", "embed", "build", "verify", "switch", "clean")
HOLD = "hold"
# Longer than what a sync reserves on a server.
LATER = 3600.0


def indexed_documents(settings: Settings) -> set[str]:
    """The documents in the current index, each checked to be found by its vector."""
    name = settings.embedding_model or BUNDLED_NAME
    index = IndexLibrary(open_store(settings), embedding_model=name).index()
    vectors = open_store(settings).load(index.generation).chunk_vectors
    for number, vector in enumerate(vectors):
        near = index.scores(Query(text="", vector=vector)).alone.text
        assert round(float(near[number]), 3) == round(float(near.max()), 3) == 1.0
    return {chunk.document for chunk in index.chunks}


def generation_of(settings: Settings) -> str:
    """The name of the generation in use."""
    name = open_store(settings).current()
    assert name is not None
    return name


def manifest_of(settings: Settings) -> Manifest:
    """What the generation in use was built from."""
    return open_store(settings).manifest(generation_of(settings))


def generations(settings: Settings) -> set[str]:
    """The names of all generations that are kept, whole or not."""
    if settings.chroma_url:
        found = ServerCollections(settings.chroma_url).all()
        return {one.generation or "unfinished" for one in found}
    return {path.name for path in settings.index_dir.iterdir() if path.is_dir()}


def store_of(settings: Settings, *, ahead: float = 0.0) -> Store:
    """The store of settings, to which it is ``ahead`` seconds later than it is."""
    if settings.chroma_url:
        return ServerStore(settings.chroma_url, clock=lambda: time() + ahead)
    return open_store(settings)


def kept_on_a_server(settings: Settings, chroma_url: str) -> Settings:
    """The same with a Chroma server, which has got the generation in use."""
    here = open_store(settings)
    name = here.current()
    changed = settings.model_copy(update={"chroma_url": chroma_url})
    if name is not None:
        with store_of(changed).writing() as writer:
            generation = here.load(name)
            notes = here.notes(name) or ""
            writer.write(generation, notes=notes, told=lambda _: None)
            writer.switch_to(generation.manifest)
    return changed


def sync_and_die(
    settings: Settings, step: str, *, delay: float = 0.0, ahead: float = 0.0
) -> int:
    """Sync in another process, which is killed at a step; gives its exit status."""
    with start_sync(settings, step, str(delay), ahead=ahead) as process:
        process.communicate()
    return process.returncode


def start_sync(
    settings: Settings, step: str, action: str, *, ahead: float = 0.0
) -> Popen[str]:
    """A process that syncs; at ``step`` it is killed after a delay, or waits."""
    command = [sys.executable, "-m", __name__, step, action, str(ahead)]
    variables = {
        "PATH": os.pathsep.join(os.get_exec_path()),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DATA_DIR": str(settings.data_dir),
        "KNOWLEDGE_DIR": str(settings.knowledge_dir),
        "CHROMA_URL": settings.chroma_url,
    }
    return Popen(command, env=variables, stdin=PIPE, stdout=PIPE, text=True)


def main(step: str, action: str, ahead: str) -> None:
    """Sync until ``step``; then wait for a line, or be killed in a while or now."""

    def stop(begun: str) -> None:
        if begun != step:
            return
        if action == HOLD:
            print("holding", flush=True)  # noqa: T201  the parent waits for it
            sys.stdin.readline()
        elif float(action) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            # Nobody handles this signal: it ends the process as abruptly.
            signal.setitimer(signal.ITIMER_REAL, float(action))

    settings = Settings()
    sync(settings, store=store_of(settings, ahead=float(ahead)), step=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
