"""What this program writes is for its own account: no other one here reads it."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def write_privately() -> None:
    """Whatever this process makes from now on is nobody else's to read."""
    os.umask(OTHERS)


def make_private(folder: Path) -> None:
    """Close a folder and what is in it to others, as far as it is this account's."""
    for path in open_to_others(folder):
        with suppress(OSError):  # it is somebody else's, or has gone meanwhile
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def open_to_others(folder: Path) -> Iterator[Path]:
    """What others on this machine may read or change of a folder, itself included.

    A folder that everybody shares (``/tmp``) is not made anybody's own.
    """
    with suppress(OSError):
        if folder.stat().st_mode & stat.S_ISVTX:
            return
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            if not path.is_symlink() and path.stat().st_mode & OTHERS:
                yield path
