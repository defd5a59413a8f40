"""Reads files in children with a time and a memory limit; run as its own process.

Requests come on standard input and answers leave on standard output, as frames: eight
bytes of length, then so many bytes. A request is two frames, name and content; an
answer is one, a JSON object.
"""

import json
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from time import monotonic
from typing import IO, NoReturn

from ingest.formats.contents import UnreadableError, one_line
from ingest.formats.readers import read

LENGTH = 8
BLOCK = 1 << 16
LARGEST_ANSWER = 256 * 1024**2


def main(arguments: list[str]) -> None:
    """Serve requests until there are no more; needs seconds and bytes of memory."""
    seconds, memory = float(arguments[0]), int(arguments[1])
    serve(sys.stdin.buffer, sys.stdout.buffer, seconds=seconds, memory=memory)


def serve(
    requests: IO[bytes], answers: IO[bytes], *, seconds: float, memory: int
) -> None:
    """Answer every request, whatever becomes of the child that reads the file."""
    while (name := receive(requests)) is not None:
        content = receive(requests) or b""
        send(answers, _supervised(name.decode(), content, seconds, memory))


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


def answer(name: str, content: bytes) -> bytes:
    """What stands in a file, or why it cannot be read, as JSON."""
    try:
        return json.dumps(asdict(read(name, content))).encode()
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


def _supervised(name: str, content: bytes, seconds: float, memory: int) -> bytes:
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiving)
        _work(name, content, sending, seconds=seconds, memory=memory)
    os.close(sending)
    try:
        found = _collected(receiving, monotonic() + seconds)
    finally:
        os.close(receiving)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if found is None:
        return refusal(f"takes longer than {seconds:g} seconds to be read")
    if not os.WIFEXITED(status) and not _whole(found):
        return refusal(f"crashes its reader (signal {os.WTERMSIG(status)})")
    return found if _whole(found) else refusal("needs too much memory to be read")


def _work(
    name: str, content: bytes, sending: int, *, seconds: float, memory: int
) -> NoReturn:
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        most = int(seconds) + 5  # should nobody be left to end it
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        with open(sending, "wb") as stream:
            stream.write(answer(name, content))
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
