"""Runs ``ingest sync`` in a process of its own, and looks at what it left behind."""

import os
import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from bot.answering.embedding import BUNDLED_NAME
from bot.answering.generations import Manifest
from bot.answering.library import IndexLibrary
from bot.answering.store import open_store
from bot.config import Settings
from ingest.sync import sync

STEPS = ("read", "embed", "build", "verify", "switch", "clean")
HOLD = "hold"


def indexed_documents(settings: Settings) -> set[str]:
    """The documents in the current index, each checked to be found by its vector."""
    name = settings.embedding_model or BUNDLED_NAME
    index = IndexLibrary(open_store(settings), embedding_model=name).index()
    found = index.dense(index.chunk_vectors, 1)
    assert all(round(ranking[0][1], 3) == 1.0 for ranking in found)
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
    """The names of the folders of generations, whole or not."""
    return {path.name for path in settings.index_dir.iterdir() if path.is_dir()}


def sync_and_die(settings: Settings, step: str, *, delay: float = 0.0) -> int:
    """Sync in another process, which is killed at a step; gives its exit status."""
    with start_sync(settings, step, str(delay)) as process:
        process.communicate()
    return process.returncode


def start_sync(settings: Settings, step: str, action: str) -> Popen[str]:
    """A process that syncs; at ``step`` it is killed after a delay, or waits."""
    command = [sys.executable, "-m", __name__, step, action]
    variables = {
        "PATH": "",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DATA_DIR": str(settings.data_dir),
        "KNOWLEDGE_DIR": str(settings.knowledge_dir),
    }
    return Popen(command, env=variables, stdin=PIPE, stdout=PIPE, text=True)


def main(step: str, action: str) -> None:
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

    sync(Settings(), step=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
