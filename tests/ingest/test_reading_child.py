"""A child reads several files; whatever a file does to it costs that file alone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.formats.child import AGAIN, FILES, LARGEST_ANSWER, Child
from ingest.formats.contents import UnreadableError
from ingest.formats.frames import refusal, send
from ingest.reading import SECONDS, Reader
from tests.conftest import PROJECT
from tests.support.patience import until

PLENTY = 1 << 40


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A program in place of Tesseract that does not end; it writes that it reads."""
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n[ $1 = stdin ] || exit 0\n"
        f": > {tmp_path / 'began'}\nexec sleep 1000\n"
    )
    program.chmod(0o755)
    return program


def obey(task: bytes, name: bytes, content: bytes) -> bytes:
    """Do to the process what a file of this name would do."""
    match name:
        case b"hangs":
            while True:
                pass
        case b"crashes":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"leaves":
            os._exit(0)
        case b"floods":
            return b"x" * (LARGEST_ANSWER + 1)
    return b" ".join((task, name, content, str(os.getpid()).encode()))


@contextmanager
def child(*, seconds: float = 20.0, memory: int = PLENTY) -> Iterator[Child]:
    asker, asking = os.pipe()
    found = Child(obey, seconds=seconds, memory=memory, asker=asker)
    try:
        yield found
    finally:
        if not found.ended:
            found.end()
        for end in (asker, asking):
            os.close(end)


def test_one_child_reads_many_files_and_then_goes() -> None:
    with child() as reader:
        answers = [reader.answer(b"t", b"n", b"c") for _ in range(FILES)]
        assert len(set(answers)) == 1
        assert answers[0].startswith(b"t n c ")
        assert reader.ended
        assert AGAIN not in answers


def test_a_file_that_hangs_ends_its_child() -> None:
    with child(seconds=0.2) as reader:
        told = reader.answer(b"", b"hangs", b"")
        assert told == refusal(
            "takes longer than 0.2 seconds to be read", may_pass=True
        )
        assert reader.ended


def test_a_file_that_crashes_its_child_is_told_with_the_signal() -> None:
    with child() as reader:
        told = reader.answer(b"", b"crashes", b"")
        assert told == refusal(
            f"crashes its reader (signal {signal.SIGKILL.value})", may_pass=True
        )
        assert reader.ended


def test_a_child_that_leaves_or_answers_without_end_had_too_little_memory() -> None:
    for name in (b"leaves", b"floods"):
        with child() as reader:
            told = reader.answer(b"", name, b"x" * 1_000_000)
            assert told == refusal("needs too much memory to be read", may_pass=True)
            assert reader.ended


def test_the_next_file_is_read_by_a_new_child_after_one_that_was_refused() -> None:
    with Reader() as reader:
        reader.read("a.txt", b"Words.")
        (first,) = _children(reader)
        reader.read("b.txt", b"Words.")
        assert _children(reader) == [first]
        with pytest.raises(UnreadableError):
            reader.read("c.pdf", b"nothing like it")
        reader.read("d.txt", b"Words.")
        (second,) = _children(reader)
        assert second != first


async def test_no_child_is_left_when_the_reading_process_is_killed() -> None:
    with Reader() as reader:
        reader.read("a.txt", b"Words.")
        (left,) = _children(reader)
        assert reader._process is not None
        reader._process.kill()

        async def gone() -> bool:
            return left not in _running()

        await until(gone)


async def test_nothing_is_left_of_a_sync_that_is_killed_while_a_file_hangs(
    tmp_path: Path, slow: Path
) -> None:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    (knowledge / "a.png").write_bytes(b"a picture")
    process = _syncing(knowledge, slow)

    async def hangs() -> bool:
        return (tmp_path / "began").exists()

    await until(hangs)
    left = _descendants(process.pid)
    process.kill()
    process.wait()
    assert len(left) == 3  # the reading process, its child, and what that started

    async def gone() -> bool:
        return not left & _running()

    await until(gone, seconds=SECONDS / 2)


async def test_a_reader_that_is_left_while_a_file_hangs_leaves_nothing(
    slow: Path,
) -> None:
    with Reader(ocr=str(slow)) as reader:
        reader.read("a.txt", b"Words.")
        process = reader._process
        assert process is not None
        assert process.stdin
        task = json.dumps({"program": str(slow)}).encode()
        send(process.stdin, task, b"a.png", b"a picture")

        async def hangs() -> bool:
            return len(_descendants(process.pid)) == 2

        await until(hangs)
        left = _descendants(process.pid)
    assert not left & _running()


def _syncing(knowledge: Path, slow: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", "sync"],
        stderr=subprocess.DEVNULL,
        env={
            "PATH": f"{slow.parent}:/usr/bin:/bin",
            "DATA_DIR": str(knowledge.parent / "data"),
            "KNOWLEDGE_DIR": str(knowledge),
            "PYTHONPATH": str(PROJECT),
        },
    )


def _descendants(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = {int(one) for one in children.read_text().split()}
    return found.union(*(_descendants(child) for child in found))


def _running() -> set[int]:
    found = (path / "stat" for path in Path("/proc").iterdir() if path.name.isdigit())
    return {
        int(stat.parent.name)
        for stat in found
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    }


def _children(reader: Reader) -> list[int]:
    assert reader._process is not None
    pid = reader._process.pid
    return [
        int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ]
