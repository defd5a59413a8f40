"""Reads files of foreign formats in another process, which no file can outlive."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from types import TracebackType
from typing import Self

from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.frames import receive, send
from ingest.scans import with_scans

SECONDS = 30.0
MEMORY = 2 * 1024**3
PATIENCE = 5.0
MOST_SCANNED = 200
PICTURES = {".avif", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".svg", ".tif",
            ".tiff", ".webp"}  # fmt: skip
UNREAD = "text in pictures is not read (Tesseract is not installed)"
ENDED = "cannot be read: the reading process was ended"
ROOT = str(Path(__file__).parents[1])
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ingest.formats.worker"
COMMAND = f"{START} import main; main(sys.argv[1:])"


class Reader:
    """Starts its process with the first file, and ends it with its context.

    ``ocr`` is where Tesseract is; without it, text in pictures is not read. Each page
    that is a picture has the time of a file.
    """

    def __init__(
        self, *, seconds: float = SECONDS, memory: int = MEMORY, ocr: str | None = None
    ) -> None:
        self._limits = (str(seconds), str(memory))
        self._ocr = ocr
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
        if PurePath(name).suffix.lower() in PICTURES:
            return self._picture(name, content)
        found = self._asked({}, name, content)
        return self._with_scans(name, content, found) if found.scanned else found

    def _picture(self, name: str, content: bytes) -> Contents:
        if self._ocr is None:
            raise UnreadableError(f"is a picture; {UNREAD}")
        found = self._asked({"program": self._ocr}, name, content)
        return replace(found, note=None if found.is_empty else "is read from a picture")

    def _with_scans(self, name: str, content: bytes, found: Contents) -> Contents:
        """The contents with what could be read of their pictures."""
        scanned = found.scanned[:MOST_SCANNED] if self._ocr else ()
        words: dict[int, str] = {}
        failed = list(found.scanned[len(scanned) :])
        may_pass = False
        for number in scanned:
            task = {"program": self._ocr, "page": number}
            try:
                (page,) = self._asked(task, name, content).pages
                words[number] = page.text
            except UnreadableError as error:
                failed.append(number)
                may_pass = may_pass or error.may_pass
        unread = None if self._ocr else UNREAD
        read = with_scans(found, words=words, failed=failed, unread=unread)
        return replace(read, may_pass=may_pass)

    def _asked(self, task: Mapping[str, object], name: str, content: bytes) -> Contents:
        found = self._answer(json.dumps(task).encode(), name, content)
        if found is None:
            self._end()
            raise UnreadableError(ENDED, may_pass=True)
        fields = json.loads(found)
        if "refused" in fields:
            raise UnreadableError(fields["refused"], may_pass=fields["may_pass"])
        fields["scanned"] = tuple(fields["scanned"])
        pages = tuple(Page(**page) for page in fields.pop("pages"))
        return Contents(pages=pages, **fields)

    def _answer(self, task: bytes, name: str, content: bytes) -> bytes | None:
        process = self._process or self._started()
        assert process.stdin  # noqa: S101  both are pipes
        assert process.stdout  # noqa: S101
        try:
            send(process.stdin, task, name.encode(), content)
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
            try:
                # It sees that nobody asks any more, and ends its child.
                self._process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()
            self._process = None
