"""Reads files of foreign formats in another process, which no file can outlive."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.worker import receive, send

SECONDS = 30.0
MEMORY = 2 * 1024**3
ROOT = str(Path(__file__).parents[1])
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ingest.formats.worker"
COMMAND = f"{START} import main; main(sys.argv[1:])"


class Reader:
    """Starts its process with the first file, and ends it with its context."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._limits = (str(seconds), str(memory))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, name: str, content: bytes) -> Contents:
        """What stands in a file; the ending of its name says how to read it.

        Raises:
            UnreadableError: nothing can be read from it, or not within the limits.
        """
        found = self._answer(name, content)
        if found is None:
            self._end()
            raise UnreadableError("cannot be read: the reading process was ended")
        fields = json.loads(found)
        if "refused" in fields:
            raise UnreadableError(fields["refused"])
        pages = tuple(Page(**page) for page in fields.pop("pages"))
        return Contents(pages=pages, **fields)

    def _answer(self, name: str, content: bytes) -> bytes | None:
        process = self._process or self._started()
        assert process.stdin  # noqa: S101  both are pipes
        assert process.stdout  # noqa: S101
        try:
            send(process.stdin, name.encode())
            send(process.stdin, content)
            return receive(process.stdout)
        except BrokenPipeError:
            return None

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-P", "-c", COMMAND, ROOT, *self._limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None
