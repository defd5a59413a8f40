"""What made the chunks of a file: when it changes, every file is read again."""

from ingest.chunking import CHUNKER_VERSION
from ingest.files import READERS_VERSION


def recipe() -> str:
    """The versions of the readers and of the chunker, in one word."""
    return f"readers-{READERS_VERSION}.chunker-{CHUNKER_VERSION}"
