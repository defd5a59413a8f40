"""Ready-made vectors that come with documents, so that a first sync takes seconds.

``knowledge/languages/vectors.npz`` has the vectors of texts by their ``content_key``,
which names text, role and encoder: whatever has changed is encoded anew.
"""

import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.answering.encoding.encoder import Vectors
from bot.answering.store.generations import Generation
from bot.errors import DocumentError
from ingest.phrasings import FOLDER

FILE = "vectors.npz"
# Kept as whole numbers: no number of a vector of length 1 is as large as 0.5 here, and
# what is larger is cut.
STEPS = 254.0


def read_packed(knowledge_dir: Path) -> Mapping[str, Vectors]:
    """Every ready-made vector by its key; none where there is no file.

    Raises:
        DocumentError: the file is damaged.
    """
    file = knowledge_dir / FOLDER / FILE
    if not file.is_file():
        return {}
    try:
        with file.open("rb") as content, np.load(content) as found:
            keys, steps = found["keys"], found["vectors"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise _damaged() from error
    if len(keys) != len(steps):
        raise _damaged()
    vectors = steps.astype(np.float32) / np.float32(STEPS)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip((bytes(key).hex() for key in keys), vectors, strict=True))


def write_packed(generation: Generation, knowledge_dir: Path) -> Path:
    """Keep every vector of a generation beside the documents."""
    known = generation.embeddings()
    keys = np.array([np.frombuffer(bytes.fromhex(key), np.uint8) for key in known])
    vectors = np.stack(list(known.values()))
    file = knowledge_dir / FOLDER / FILE
    file.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        file,
        keys=keys,
        vectors=np.clip(np.round(vectors * STEPS), -127, 127).astype(np.int8),
    )
    return file


def _damaged() -> DocumentError:
    return DocumentError(
        f"{FOLDER}/{FILE}: is damaged; remove it, and what it holds is made anew"
    )
