"""A generation: one complete build of the index, with what it was built from."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np

from bot.answering.chunks import Chunk, Role
from bot.answering.encoding.encoder import Vectors
from bot.errors import IndexUnavailableError

FORMAT = 3
CANARIES = 20
NEARLY = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was built from; ``fingerprint`` covers every document.

    ``recipe`` names the versions of what made chunks of files; ``previous`` is the
    generation that it followed, which is kept for a rollback.
    """

    format: int
    generation: str
    created_at: str
    embedding_model: str
    dimension: int
    recipe: str
    fingerprint: str
    documents: int
    chunks: int
    details: int
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """Chunks in their order, with a vector each and one for each of their details.

    ``chunk_vectors`` is ``(chunks, dimension)``, ``detail_vectors``
    ``(details, dimension)``, the details of all chunks after one another.
    """

    manifest: Manifest
    chunks: tuple[Chunk, ...]
    chunk_vectors: Vectors
    detail_vectors: Vectors

    @property
    def is_whole(self) -> bool:
        """Whether it holds as much as its manifest says."""
        size = self.manifest.dimension
        return (
            len(self.chunks) == self.manifest.chunks
            and sum(len(chunk.details) for chunk in self.chunks)
            == self.manifest.details
            and self.chunk_vectors.shape == (self.manifest.chunks, size)
            and self.detail_vectors.shape == (self.manifest.details, size)
        )

    def embeddings(self) -> Mapping[str, Vectors]:
        """Every vector by the key of the text it belongs to."""
        model = self.manifest.embedding_model
        known: dict[str, Vectors] = {}
        details = iter(self.detail_vectors)
        for chunk, vector in zip(self.chunks, self.chunk_vectors, strict=True):
            known[content_key(chunk.searchable, model, Role.PASSAGE)] = vector
            for text, role in chunk.details:
                known[content_key(text, model, role)] = next(details)
        return known


def content_key(text: str, model: str, role: Role) -> str:
    """The same text in the same role under the same model has the same vector."""
    return blake2b(f"{model}\0{role}\0{text}".encode(), digest_size=16).hexdigest()


def new_generation(now: datetime) -> str:
    """A name that sorts by time and is never given twice."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def manifest_to_json(manifest: Manifest) -> str:
    """A manifest as it is stored."""
    return json.dumps(asdict(manifest), indent=2)


def manifest_from_json(text: str, *, where: str) -> Manifest:
    """The manifest that ``manifest_to_json`` wrote.

    Raises:
        IndexUnavailableError: it is damaged, or of another version of this program.
    """
    try:
        fields = json.loads(text)
        version = fields["format"]
        manifest = Manifest(**fields) if version == FORMAT else None
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(where) from error
    if manifest is None:
        raise IndexUnavailableError(
            f"the index in {where} has format {version}, this program reads "
            f"{FORMAT}; run python -m ingest sync"
        )
    return manifest


def damaged(where: str) -> IndexUnavailableError:
    """The error for an index that cannot be read."""
    return IndexUnavailableError(
        f"the index in {where} is damaged; run python -m ingest sync"
    )


def verify(stored: Generation, meant: Generation) -> None:
    """Hold what was read back against what was written, and search it for a sample.

    Raises:
        IndexUnavailableError: something is missing, differs or is not found.
    """
    if not stored.is_whole:
        sizes = (len(stored.chunks), len(stored.detail_vectors))
        raise IndexUnavailableError(f"the new index holds {sizes} entries")
    for found, written in (
        (stored.chunk_vectors, meant.chunk_vectors),
        (stored.detail_vectors, meant.detail_vectors),
    ):
        # Written so that a number that is none counts as another one.
        if not np.abs(found - written).max(initial=0.0) <= NEARLY:
            raise IndexUnavailableError("the new index holds other vectors")
    if stored.chunks != meant.chunks:
        raise IndexUnavailableError("the new index holds other texts")
    for number in _spread(len(meant.chunks), CANARIES):
        scores = stored.chunk_vectors @ meant.chunk_vectors[number]
        if scores[number] < scores.max() - NEARLY:
            raise IndexUnavailableError(f"the new index does not find chunk {number}")


def _spread(size: int, sample: int) -> Sequence[int]:
    return range(0, size, max(1, size // sample))
