"""What stops a start or is worth a warning, found before anything large is loaded."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot import sqlite
from bot.config import Settings
from bot.errors import OutsideError, SettingsError
from bot.organisation import load_organisation
from bot.outside import Resolve, resolve
from bot.safety import require_safe_to_serve

CONNECT_SECONDS = 1.0
DEFAULT_PORTS = {"http": 80, "https": 443}
MEANWHILE = {
    "chroma_url": "until it does, messages are taken and wait",
    "bot_model_url": "until it does, answers come without a model",
}


def require_startable(settings: Settings) -> None:
    """Refuse a start that is bound to fail.

    Raises:
        SettingsError: the first thing that is wrong, and what to do about it.
    """
    require_safe_to_serve(settings)
    load_organisation(settings.organisation_file)
    for problem in unknown_addresses(settings):
        raise SettingsError(problem)
    listening(settings).close()
    with alone(settings):
        pass


def unknown_addresses(settings: Settings, *, resolve: Resolve = resolve) -> list[str]:
    """Settings that name a machine or a port that cannot exist."""
    problems = []
    for name in MEANWHILE:
        try:
            if place := _place(settings, name):
                resolve(*place)
        except (OutsideError, ValueError) as error:
            problems.append(f"{name.upper()}: {error}; check how it is written")
    return problems


def silent_addresses(settings: Settings) -> list[str]:
    """Settings whose machine exists, and where nobody answers now."""
    silent = []
    for name, meanwhile in MEANWHILE.items():
        place = _place(settings, name)
        try:
            if place:
                socket.create_connection(place, timeout=CONNECT_SECONDS).close()
        except OSError:
            where = "{}:{}".format(*place) if place else ""
            silent.append(f"nobody listens at {where} ({name.upper()}); {meanwhile}")
    return silent


def listening(settings: Settings) -> socket.socket:
    """The port of the server, taken.

    Raises:
        SettingsError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken; set PORT" if taken else f"cannot be used: {error.strerror}"
        raise SettingsError(
            f"port {settings.port} of {settings.host} {reason}"
        ) from error


@contextmanager
def alone(settings: Settings) -> Iterator[bool]:
    """An SQLite database for this server only, as long as the context lasts.

    False for a database server: nobody knows who else is there.

    Raises:
        SettingsError: another server has it, or it was moved to another place.
    """
    database = _sqlite_file(settings)
    if not database:
        yield False
        return
    if words := sqlite.moved(Path(database)):
        raise SettingsError(words)
    lock = Path(f"{database}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch(mode=0o600)
    with lock.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise SettingsError(
                f"another server (process {file.read().strip()}) uses {database}, "
                "which only one can; stop that one, give this one a DATA_DIR of its "
                "own, or have both use PostgreSQL (DATABASE_URL)"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True


def _sqlite_file(settings: Settings) -> str | None:
    """The file of an SQLite database; an address that is none is refused elsewhere."""
    with suppress(ArgumentError):
        url = make_url(settings.database_address)
        return url.database if url.drivername.startswith("sqlite") else None
    return None


def _place(settings: Settings, name: str) -> tuple[str, int] | None:
    """Host and port of an address, if it is set."""
    parts = urlsplit(str(getattr(settings, name)))
    if not parts.geturl():
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("it must look like http://host:port")
    return parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme]
