"""Reads files in children with a time and a memory limit; run as its own process.

Requests come on standard input and answers leave on standard output, as frames. A
request is three frames, the task, a name and the content; an answer is one, as JSON.
"""

import gc
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import IO

from ingest.formats.child import TOO_MUCH, Child
from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.frames import receive, refusal, send
from ingest.formats.ocr import read_picture, words_in_picture
from ingest.formats.pdf_pictures import drawn_for_reading
from ingest.formats.pictures import beside_text
from ingest.formats.readers import read
from ingest.formats.slides import pictures_of_pptx
from ingest.formats.word import pictures_of_docx
from ingest.formats.workbook import pictures_of_xlsx

REFUSED = b'{"refused"'
PICTURES = {
    ".docx": pictures_of_docx,
    ".pptx": pictures_of_pptx,
    ".xlsx": pictures_of_xlsx,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Read a file; with the ``program``, a picture or those of a ``page``."""

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
    """Answer every request, whatever becomes of the child that reads the file.

    A child goes on with the next file only after one that it could read by itself.
    """
    gc.freeze()  # what is loaded stays shared with the children
    child: Child | None = None
    try:
        while (task := receive(requests)) is not None:
            name, content = receive(requests) or b"", receive(requests) or b""
            asker = requests.fileno()
            child = child or Child(_read, seconds=seconds, memory=memory, asker=asker)
            found = child.answer(task, name, content)
            send(answers, found)
            alone = found.startswith(REFUSED) or b"program" in task
            if alone and not child.ended:
                child.end()
            child = None if child.ended else child
    finally:
        if child and not child.ended:
            child.end()


def _read(task: bytes, name: bytes, content: bytes) -> bytes:
    return answer(Task(**json.loads(task), name=name.decode()), content)


def answer(task: Task, content: bytes) -> bytes:
    """What stands in a file, or why it cannot be read, as JSON."""
    try:
        return json.dumps(asdict(_done(task, content))).encode()
    except UnreadableError as error:
        return refusal(str(error), may_pass=error.may_pass)
    except MemoryError:
        return refusal(TOO_MUCH, may_pass=True)
    # Whatever a library raises of a damaged file must end as a line in a report.
    except Exception as error:  # noqa: BLE001
        return refusal(f"cannot be read: {type(error).__name__}: {error}")


def _done(task: Task, content: bytes) -> Contents:
    if task.program is None:
        return read(task.name, content)
    if task.page is None:
        return Contents(pages=read_picture(content, task.program))
    text = _scanned(task.name, content, task.page, task.program)
    return Contents(pages=(Page(text=text, number=task.page),))


def _scanned(name: str, content: bytes, number: int, program: str) -> str:
    find = PICTURES.get(PurePath(name).suffix.lower())
    if find is None:
        picture, whole = drawn_for_reading(content, number)
        text = words_in_picture(picture, program)
        return text if whole else beside_text(text)
    found = (words_in_picture(picture, program) for picture in find(content, number))
    return beside_text("\n\n".join(filter(None, found)))


if __name__ == "__main__":
    main(sys.argv[1:])
