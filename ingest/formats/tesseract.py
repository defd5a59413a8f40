"""Tesseract: where it is, which languages it reads, and how it is run."""

import shutil
import subprocess
from collections.abc import Mapping

PROGRAM = "tesseract"
LONGEST_LISTING = 10.0
# One thread reads a page as fast as four on a busy machine.
ENVIRONMENT: Mapping[str, str] = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def ocr_program() -> str | None:
    """Where Tesseract is, if it is installed."""
    return shutil.which(PROGRAM)


def ocr_languages(program: str) -> list[str]:
    """What is installed, English first; the rest of its list is no language."""
    try:
        done = run([program, "--list-langs"], longest=LONGEST_LISTING)
    except (OSError, subprocess.TimeoutExpired):
        return ["eng"]  # each picture will tell of it
    listed = done.stdout.decode().splitlines()[1:]
    others = sorted(name for name in listed if name not in {"eng", "osd"})
    return ["eng", *others]


def run(
    command: list[str], content: bytes = b"", *, longest: float | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run it to its end, or for so many seconds."""
    return subprocess.run(  # noqa: S603  found on the PATH of who runs this
        command,
        input=content,
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        timeout=longest,
    )
