"""What SQLite writes to a disk, and what it makes sure of, in order.

A layer around SQLite's own access to files, which tells what goes through it. Between
a write and the next sync of a file nobody knows what of it a loss of power leaves.
"""

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field

import pytest

SQLITE_OK = 0
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
DATA, LOG = "", "-wal"


class Vfs(Structure):
    """``sqlite3_vfs``, version 3."""


Vfs._fields_ = [
    ("version", c_int),
    ("file_size", c_int),
    ("longest_path", c_int),
    ("next", POINTER(Vfs)),
    ("name", c_char_p),
    ("data", c_void_p),
    ("open", OPEN),
    *((f"rest{number}", c_void_p) for number in range(16)),
]


class Methods(Structure):
    """``sqlite3_io_methods``, version 3."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", WRITE),
        ("truncate", TRUNCATE),
        ("sync", SYNC),
        *((f"rest{number}", c_void_p) for number in range(13)),
    )


class File(Structure):
    """``sqlite3_file``."""

    _fields_ = (("methods", POINTER(Methods)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something was written (``data`` at ``offset``), cut, synced, or acknowledged."""

    kind: str
    file: str = DATA
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Disk:
    """Everything that happened, in order."""

    steps: list[Step] = field(default_factory=list)

    def acknowledged(self, name: str) -> None:
        """Somebody was told that this is stored."""
        self.steps.append(Step(kind="acknowledged", data=name.encode()))


@contextmanager
def traced(path: str) -> Iterator[Disk]:
    """Trace what is written to a database that is opened within the context."""
    library = ctypes.CDLL(_sqlite3.__file__)
    if not hasattr(library, "sqlite3_vfs_find"):
        pytest.skip("this Python hides its SQLite")
    library.sqlite3_vfs_find.restype = POINTER(Vfs)
    own = library.sqlite3_vfs_find(None)
    disk = Disk()
    layer = _Layer(own.contents, disk, path)
    library.sqlite3_vfs_register(ctypes.byref(layer.vfs), 1)
    try:
        yield disk
    finally:
        library.sqlite3_vfs_register(own, 1)
        library.sqlite3_vfs_unregister(ctypes.byref(layer.vfs))


class _Layer:
    """SQLite's own access to files, with open files' writing told."""

    def __init__(self, own: Vfs, disk: Disk, path: str) -> None:
        self._own, self._disk, self._path = own, disk, path
        self._kept: list[object] = []
        self._names: dict[int, str] = {}
        self.vfs = Vfs()
        ctypes.memmove(ctypes.byref(self.vfs), ctypes.byref(own), ctypes.sizeof(Vfs))
        self.vfs.name = b"traced"
        self.vfs.open = self._keep(OPEN(self._open))
        self._methods: dict[int, Methods] = {}

    def _keep(self, callback: Callable[..., object]) -> Callable[..., object]:
        self._kept.append(callback)
        return callback

    def _open(self, vfs: int, name: int, file: int, flags: int, out: object) -> int:
        result: int = self._own.open(vfs, name, file, flags, out)
        path = ctypes.string_at(name).decode() if name else ""
        suffix = path.removeprefix(self._path)
        if result == SQLITE_OK and path != suffix and suffix in {DATA, LOG}:
            opened = ctypes.cast(file, POINTER(File))
            own = opened.contents.methods
            # A database and its log have tables of their own.
            kind = ctypes.addressof(own.contents)
            if kind not in self._methods:
                self._methods[kind] = self._told(own.contents)
            self._names[file] = suffix
            opened.contents.methods = ctypes.pointer(self._methods[kind])
        return result

    def _told(self, own: Methods) -> Methods:
        told = Methods()
        ctypes.memmove(ctypes.byref(told), ctypes.byref(own), ctypes.sizeof(Methods))
        steps, names = self._disk.steps, self._names

        def write(file: int, data: int, length: int, offset: int) -> int:
            written = ctypes.string_at(data, length)
            steps.append(
                Step(kind="write", file=names[file], offset=offset, data=written)
            )
            result: int = own.write(file, data, length, offset)
            return result

        def truncate(file: int, size: int) -> int:
            steps.append(Step(kind="truncate", file=names[file], offset=size))
            result: int = own.truncate(file, size)
            return result

        def sync(file: int, flags: int) -> int:
            result: int = own.sync(file, flags)
            steps.append(Step(kind="sync", file=names[file]))
            return result

        told.write = self._keep(WRITE(write))
        told.truncate = self._keep(TRUNCATE(truncate))
        told.sync = self._keep(SYNC(sync))
        self._kept.append(own)
        return told
