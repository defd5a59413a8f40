"""Writes a file so that there is the whole of it, or what was there before."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """The whole content, or what was there before; with the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
