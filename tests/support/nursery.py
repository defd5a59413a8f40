"""Processes that are forked from one that has imported everything, and then killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from subprocess import DEVNULL, PIPE, Popen

from tests.conftest import PROJECT


class Nursery:
    """Starts processes of a module that calls ``fork_on_demand``."""

    def __init__(self, module: str) -> None:
        self._process = Popen(
            [sys.executable, "-m", module],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=PROJECT,
            text=True,
        )

    def start(self, *arguments: str) -> int:
        """Another process; its id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(arguments), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    @contextmanager
    def worker(self, *arguments: str) -> Iterator[None]:
        """A process that is killed, whatever it is doing, when the context ends."""
        pid = self.start(*arguments)
        try:
            yield
        finally:
            kill(pid)

    def close(self) -> None:
        """Start no more."""
        self._process.communicate()


def kill(pid: int) -> None:
    """End a process at once, if it has not ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether a process has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def fork_on_demand(main: Callable[..., Awaitable[None] | None]) -> None:
    """For each line of arguments (a JSON list) fork, and answer with the process id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                work = main(*json.loads(line))
                if asyncio.iscoroutine(work):
                    asyncio.run(work)
            finally:
                os._exit(1)
        print(pid, flush=True)  # noqa: T201
