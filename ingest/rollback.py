"""Back to the generation before this one, which a sync keeps for that."""

from dataclasses import dataclass

from bot.answering.encoding.encoder import BUNDLED_NAME
from bot.answering.store.generations import Manifest
from bot.answering.store.store import Store, open_store
from bot.config import Settings
from bot.errors import BotError, IndexUnavailableError


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


def rollback(settings: Settings, *, store: Store | None = None) -> Rollback:
    """Switch to the generation that the current one followed.

    Raises:
        NothingBeforeError: there is none, or it cannot be used.
        SyncUnderwayError: a sync is at it.
    """
    store = store or open_store(settings)
    with store.writing() as writer:
        left, before = _current_and_previous(store)
        manifest = _checked(store, before, settings.embedding_model or BUNDLED_NAME)
        writer.go_back_to(before)
    return Rollback(
        left=left,
        generation=before,
        created_at=manifest.created_at,
        documents=manifest.documents,
        chunks=manifest.chunks,
    )


def _current_and_previous(store: Store) -> tuple[str, str]:
    current = store.current()
    if current is None:
        raise NothingBeforeError("there is no index yet; run python -m ingest sync")
    previous = store.manifest(current).previous
    if previous is None or not store.holds(previous):
        raise NothingBeforeError(
            f"there is no generation before {current}; it stays in use"
        )
    return current, previous


def _checked(store: Store, generation: str, wanted: str) -> Manifest:
    """The manifest of a generation that a server can really open."""
    try:
        manifest = store.load(generation).manifest
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
