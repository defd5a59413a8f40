"""Back to the generation before this one, which a sync keeps for that."""

from dataclasses import dataclass

from bot.answering.embedding import BUNDLED_NAME
from bot.answering.generations import (
    Manifest,
    current_generation,
    read_manifest,
    switch_to,
)
from bot.answering.store import Index
from bot.config import Settings
from bot.errors import BotError, IndexUnavailableError
from ingest.sync import only_one


class NothingBeforeError(BotError):
    """There is no generation to go back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """What was left, and what is used from now on."""

    left: str
    generation: str
    created_at: str
    documents: int
    chunks: int


def rollback(settings: Settings) -> Rollback:
    """Switch to the generation that the current one followed.

    Raises:
        NothingBeforeError: there is none, or it cannot be used.
        SyncUnderwayError: a sync is at it.
    """
    if not settings.index_dir.is_dir():
        raise NothingBeforeError("there is no index yet; run python -m ingest sync")
    with only_one(settings.index_dir):
        left, before = _current_and_previous(settings)
        manifest = _checked(settings, before)
        switch_to(settings.index_dir, before)
    return Rollback(
        left=left,
        generation=before,
        created_at=manifest.created_at,
        documents=manifest.documents,
        chunks=manifest.chunks,
    )


def _current_and_previous(settings: Settings) -> tuple[str, str]:
    current = current_generation(settings.index_dir)
    if current is None:
        raise NothingBeforeError("there is no index yet; run python -m ingest sync")
    previous = read_manifest(settings.index_dir / current).previous
    if previous is None or not (settings.index_dir / previous).is_dir():
        raise NothingBeforeError(
            f"there is no generation before {current}; it stays in use"
        )
    return current, previous


def _checked(settings: Settings, generation: str) -> Manifest:
    """The manifest of a generation that a server can really open."""
    folder = settings.index_dir / generation
    wanted = settings.embedding_model or BUNDLED_NAME
    try:
        manifest = read_manifest(folder)
        Index(folder).close()
    except IndexUnavailableError as error:
        raise NothingBeforeError(
            f"the generation before cannot be used, so nothing was changed: {error}"
        ) from error
    if manifest.embedding_model != wanted:
        raise NothingBeforeError(
            f"the generation before was made with {manifest.embedding_model!r}, but "
            f"{wanted!r} is configured; nothing was changed"
        )
    return manifest
