"""Starts the project's own programs for a measurement, without anybody's settings."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx
import uvicorn
from fastapi import FastAPI

from bot.config import Settings
from bot.logs import configure_logs

PROJECT = Path(__file__).parents[1]
LOOK_EVERY_SECONDS = 0.01
PATIENCE_SECONDS = 120.0


def forget_settings() -> None:
    """Neither the environment nor a ``.env`` file changes what is measured."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)  # noqa: TID251  settings are what goes
    Settings.model_config["env_file"] = None


def development(
    folder: Path, *, knowledge: Path, port: int = 8000, **limits: str
) -> Settings:
    """Settings of a development server whose data live in ``folder``."""
    whole = {"data_dir": folder, "knowledge_dir": knowledge, "port": port, **limits}
    return Settings.model_validate({"environment": "development", **whole})


def timed(module: str, *words: str, settings: Settings) -> float:
    """Seconds that ``python -m module words`` takes, start and end included."""
    start = perf_counter()
    subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", module, *words],
        check=True,
        cwd=settings.data_dir,
        env=_variables(settings),
        stdout=subprocess.DEVNULL,
    )
    return perf_counter() - start


@contextmanager
def begun(
    module: str, *words: str, settings: Settings
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m module words``, which goes on meanwhile; it is ended at the end."""
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", module, *words],
        cwd=settings.data_dir,
        env=_variables(settings),
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(
    command: Sequence[str], settings: Settings, *, path: str
) -> Iterator[float]:
    """Run a server; the value is the seconds until ``path`` was there.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    start = perf_counter()
    with (settings.data_dir / "server.log").open("ab") as lines:
        process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, *command],
            cwd=settings.data_dir,
            env=_variables(settings),
            stdout=lines,
            stderr=lines,
        )
    try:
        with httpx.Client(base_url=settings.base_url) as client:
            while not _is_there(client, path):
                seconds = perf_counter() - start
                if _has_ended(process) or seconds > PATIENCE_SECONDS:
                    log = (settings.data_dir / "server.log").read_text("utf-8")
                    raise RuntimeError(f"the server does not start:\n{log}")
        yield perf_counter() - start
    finally:
        process.terminate()
        process.wait()


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve a measurement's own application, in this process, until stopped."""
    configure_logs(settings.log_level, json=True)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
    )


def _variables(settings: Settings) -> Mapping[str, str]:
    return {
        **os.environ,  # noqa: TID251  what a program needs beside its settings
        **{
            name.upper(): str(getattr(settings, name))
            for name in settings.model_fields_set
        },
        "PYTHONPATH": str(PROJECT),
    }


def _is_there(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path).is_success
    except httpx.TransportError:
        return False


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(LOOK_EVERY_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
