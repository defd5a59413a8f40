"""Reads files in children with a time and a memory limit; run as its own process.

Requests come on standard input and answers leave on standard output, as frames: eight
bytes of length, then so many bytes. A request is three frames, the task, a name and the
content; an answer is one, a JSON object.
"""

import json
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from time import monotonic
from typing import IO, NoReturn

from ingest.formats.contents import Contents, Page, UnreadableError, one_line
from ingest.formats.ocr import read_picture, read_scanned_page
from ingest.formats.readers import read

LENGTH = 8
BLOCK = 1 << 16
LARGEST_ANSWER = 256 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Read a file; with the ``program``, a picture or a ``page`` that is one."""

    name: str
    program: str | None = None
    page: int | None = None


def main(arguments: list[str]) -> None:
    """Serve requests until there are no more; needs seconds and bytes of memory."""
    seconds, memory = float(arguments[0]), int(arguments[1])
    serve(sys.stdin.buffer, sys.stdout.buffer, seconds=seconds, memory=memory)


def serve(
    requests: IO[bytes], answers: IO[bytes], *, seconds: float, memory: int
) -> None:
    """Answer every request, whatever becomes of the child that reads the file."""
    while (told := receive(requests)) is not None:
        name, content = receive(requests) or b"", receive(requests) or b""
        task = Task(**json.loads(told), name=name.decode())
        send(answers, _supervised(task, content, seconds, memory))


def send(stream: IO[bytes], frame: bytes) -> None:
    """Write one frame."""
    stream.write(len(frame).to_bytes(LENGTH, "big"))
    stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None at the end."""
    start = stream.read(LENGTH)
    if len(start) < LENGTH:
        return None
    size = int.from_bytes(start, "big")
    frame = stream.read(size)
    return frame if len(frame) == size else None


def answer(task: Task, content: bytes) -> bytes:
    """What stands in a file, or why it cannot be read, as JSON."""
    try:
        return json.dumps(asdict(_done(task, content))).encode()
    except UnreadableError as error:
        return refusal(str(error))
    except MemoryError:
        return refusal("needs too much memory to be read")
    # Whatever a library raises of a damaged file must end as a line in a report.
    except Exception as error:  # noqa: BLE001
        return refusal(f"cannot be read: {type(error).__name__}: {error}")


def refusal(reason: str) -> bytes:
    """A refusal as JSON."""
    return json.dumps({"refused": one_line(reason)}).encode()


def _done(task: Task, content: bytes) -> Contents:
    if task.program is None:
        return read(task.name, content)
    if task.page is None:
        return Contents(pages=read_picture(content, task.program))
    text = read_scanned_page(content, task.page, task.program)
    return Contents(pages=(Page(text=text, number=task.page),))


def _supervised(task: Task, content: bytes, seconds: float, memory: int) -> bytes:
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiving)
        _work(task, content, sending, seconds=seconds, memory=memory)
    os.close(sending)
    try:
        found = _collected(receiving, monotonic() + seconds)
    finally:
        os.close(receiving)
        # It, and what it has started.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if found is None:
        return refusal(f"takes longer than {seconds:g} seconds to be read")
    if not os.WIFEXITED(status) and not _whole(found):
        return refusal(f"crashes its reader (signal {os.WTERMSIG(status)})")
    return found if _whole(found) else refusal("needs too much memory to be read")


def _work(
    task: Task, content: bytes, sending: int, *, seconds: float, memory: int
) -> NoReturn:
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        most = int(seconds) + 5  # should nobody be left to end it
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        with open(sending, "wb") as stream:
            stream.write(answer(task, content))
    finally:
        os._exit(0)


def _collected(receiving: int, deadline: float) -> bytes | None:
    """Everything a child wrote; None when the time was up before it closed its end."""
    found = bytearray()
    while (left := deadline - monotonic()) > 0:
        ready, _, _ = select.select([receiving], [], [], left)
        if not ready:
            break
        block = os.read(receiving, BLOCK)
        if not block or len(found) > LARGEST_ANSWER:
            return bytes(found)
        found += block
    return None


def _whole(found: bytes) -> bool:
    try:
        json.loads(found)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
