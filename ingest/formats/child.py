"""A child that reads some files, one after another, each within its limits.

Whatever becomes of it costs one file: who asks it watches the clock, ends it with what
it has started, and starts another.
"""

import os
import resource
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import IO, NoReturn

from ingest.formats.frames import LENGTH, receive, refusal, send

BLOCK = 1 << 16
LARGEST_ANSWER = 256 * 1024**2
# It reads so many files, and goes when one took this share of the memory it may have.
FILES = 50
LARGE = 0.25
AGAIN, LAST = b"again", b"last"
TOO_MUCH = "needs too much memory to be read"

Read = Callable[[bytes, bytes, bytes], bytes]


class Child:
    """Starts with the first file; ``read`` makes an answer of three frames.

    ``asker`` is what whoever asks holds the other end of: once that is closed, nobody
    waits for an answer.
    """

    def __init__(self, read: Read, *, seconds: float, memory: int, asker: int) -> None:
        self._seconds = seconds
        self._asker = asker
        asked, self._asking = os.pipe()
        self._answered, answering = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._asking)
            os.close(self._answered)
            _work(read, asked, answering, seconds=seconds, memory=memory)
        os.close(asked)
        os.close(answering)
        self.ended = False

    def answer(self, task: bytes, name: bytes, content: bytes) -> bytes:
        """What it makes of a file, or why it makes nothing; it may have ended then."""
        deadline = monotonic() + self._seconds
        with suppress(BrokenPipeError), open(self._asking, "wb", closefd=False) as pipe:
            send(pipe, task, name, content)
        try:
            found, state = self._frame(deadline), self._frame(deadline)
        except TimeoutError:
            self.end()
            reason = f"takes longer than {self._seconds:g} seconds to be read"
            return refusal(reason, may_pass=True)
        except ConnectionAbortedError:
            self.end()
            return refusal("is not asked for any more")
        except MemoryError:
            self.end()
            return refusal(TOO_MUCH, may_pass=True)
        except EOFError:
            return refusal(self._why(), may_pass=True)
        if state == LAST:
            self.end()
        return found

    def end(self) -> None:
        """End it and what it has started."""
        self._kill()
        self._leave()

    def _why(self) -> str:
        """What it died of, where it closed its end by itself."""
        status = self._leave()
        if os.WIFSIGNALED(status):
            return f"crashes its reader (signal {os.WTERMSIG(status)})"
        return TOO_MUCH

    def _kill(self) -> None:
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError):
                kill(self._pid, signal.SIGKILL)

    def _leave(self) -> int:
        """Wait for its end, then end what it has started; how it ended."""
        os.close(self._asking)
        os.close(self._answered)
        _, status = os.waitpid(self._pid, 0)
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        self.ended = True
        return status

    def _frame(self, deadline: float) -> bytes:
        size = int.from_bytes(self._bytes(LENGTH, deadline), "big")
        if size > LARGEST_ANSWER:
            raise MemoryError
        return self._bytes(size, deadline)

    def _bytes(self, size: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            left = deadline - monotonic()
            wanted = [self._answered, self._asker]
            ready = select.select(wanted, [], [], left)[0] if left > 0 else []
            if not ready:
                raise TimeoutError
            # Nothing is asked before the answer, so that it can only have been closed.
            if self._answered not in ready:
                raise ConnectionAbortedError
            block = os.read(self._answered, min(BLOCK, size - len(found)))
            if not block:
                raise EOFError
            found += block
        return bytes(found)


def _work(
    read: Read, asked: int, answering: int, *, seconds: float, memory: int
) -> NoReturn:
    try:
        os.setpgid(0, 0)
        # What is asked and answered here is not for it.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nowhere, stream)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        with open(asked, "rb") as requests, open(answering, "wb") as answers:
            _serve(read, requests, answers, seconds=seconds, memory=memory)
    finally:
        os._exit(0)


def _serve(
    read: Read,
    requests: IO[bytes],
    answers: IO[bytes],
    *,
    seconds: float,
    memory: int,
) -> None:
    for number in range(1, FILES + 1):
        task, name, content = (receive(requests) for _ in range(3))
        if task is None or name is None or content is None:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + seconds) + 5
        # Should nobody be left to end it.
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        found = read(task, name, content)
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        last = number == FILES or largest > LARGE * memory
        send(answers, found, LAST if last else AGAIN)
