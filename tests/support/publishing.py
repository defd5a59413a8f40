"""A folder of documents of a test's own, with an index, and who publishes into it."""

import shutil
from pathlib import Path

from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from ingest.publishing.publisher import KnowledgePublisher
from tests.support.clock import Clock
from tests.support.knowledge import write_knowledge


def own_settings(folder: Path, sample_data: Path) -> Settings:
    """Settings with documents and an index of them that a test may change."""
    shutil.copytree(sample_data, folder / "data", dirs_exist_ok=True)
    return Settings(
        environment="development",
        data_dir=folder / "data",
        knowledge_dir=write_knowledge(folder / "knowledge"),
    )


def publisher_of(
    settings: Settings, encoder: Encoder, clock: Clock
) -> KnowledgePublisher:
    """Whoever publishes into the folder of these settings."""
    return KnowledgePublisher(settings, encoder=encoder, clock=clock)


def told_by_index(settings: Settings, path: str) -> str:
    """All words that the index has of a document."""
    store = open_store(settings)
    name = store.current()
    assert name is not None
    own = [chunk for chunk in store.load(name).chunks if chunk.document == path]
    return "\n".join(chunk.text for chunk in own)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what is in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
