"""How processes that read files talk: eight bytes of length, then so many bytes."""

import json
from typing import IO

from ingest.formats.contents import one_line

LENGTH = 8


def send(stream: IO[bytes], *frames: bytes) -> None:
    """Write some frames."""
    for frame in frames:
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


def refusal(reason: str, *, may_pass: bool = False) -> bytes:
    """That a file is not read, and why, as JSON."""
    return json.dumps({"refused": one_line(reason), "may_pass": may_pass}).encode()
