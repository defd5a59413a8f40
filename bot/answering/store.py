"""The one module that knows Chroma: generations of chunks and sentences, searched."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from bot.answering.chunks import Chunk, chunk_from_json, chunk_to_json
from bot.answering.embedding import Vectors
from bot.answering.generations import Manifest, read_manifest
from bot.answering.lexical import LexicalIndex, terms
from bot.errors import IndexUnavailableError

CHUNKS = "chunks"
SENTENCES = "sentences"
BATCH = 2000
CANARIES = 20
COSINE: Any = {"hnsw": {"space": "cosine"}}
# Sentences are read back, never searched: a poor graph is built three times as fast.
SPARSE: Any = {"hnsw": {"space": "cosine", "ef_construction": 16, "max_neighbors": 4}}


def content_key(text: str, model: str) -> str:
    """The same text under the same model has the same vector, so it is kept by this."""
    return blake2b(f"{model}\0{text}".encode(), digest_size=16).hexdigest()


class GenerationBuilder:
    """Writes one generation into an empty folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._problem = f"the index cannot be written to {folder}; is the disk full?"
        with _unavailable(self._problem):
            self._client = _open_client(folder)
            self._chunks = _create(self._client, CHUNKS, COSINE)
            self._sentences = _create(self._client, SENTENCES, SPARSE)

    def add(
        self,
        chunks: Sequence[Chunk],
        *,
        chunk_vectors: Vectors,
        sentence_vectors: Vectors,
    ) -> None:
        """Store all chunks, in order, with a vector each and one for each sentence."""
        with _unavailable(self._problem):
            _add(
                self._chunks,
                [f"{number:08d}" for number in range(len(chunks))],
                chunk_vectors,
                [chunk.searchable for chunk in chunks],
                [{"chunk": chunk_to_json(chunk)} for chunk in chunks],
            )
            ids, texts = [], []
            for number, chunk in enumerate(chunks):
                for place, sentence in enumerate(chunk.sentences):
                    ids.append(f"{number:08d}.{place:05d}")
                    texts.append(sentence.text)
            _add(self._sentences, ids, sentence_vectors, texts, None)

    def verify(self, chunk_vectors: Vectors, *, sentences: int) -> None:
        """Count what is stored and find a sample of chunks by their own vectors."""
        with _unavailable(self._problem):
            stored = (self._chunks.count(), self._sentences.count())
            if stored != (len(chunk_vectors), sentences):
                raise IndexUnavailableError(f"the new index holds {stored} entries")
            for number in _spread(len(chunk_vectors), CANARIES):
                answer = self._chunks.query(
                    query_embeddings=chunk_vectors[number : number + 1], n_results=1
                )
                distance = (answer["distances"] or [[1.0]])[0][0]
                if distance > 0.01:  # noqa: PLR2004  the chunk itself is at distance 0
                    raise IndexUnavailableError(
                        f"the new index does not find chunk {number}"
                    )

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()


class Index:
    """One generation, open for reading; chunks are known by their number."""

    def __init__(self, folder: Path) -> None:
        self.manifest: Manifest = read_manifest(folder)
        self.generation = self.manifest.generation
        problem = f"the index in {folder} cannot be opened; run python -m ingest sync"
        with _unavailable(problem), ExitStack() as opening:
            self._client = opening.enter_context(closing(_open_client(folder)))
            self._load_chunks()
            self._load_sentences()
            self.dense(self.chunk_vectors[:1], 1)
            opening.pop_all()
        self._lexical = LexicalIndex([chunk.searchable for chunk in self.chunks])

    def dense(self, vectors: Vectors, k: int) -> list[list[tuple[int, float]]]:
        """For each of ``vectors`` (q, d): chunk numbers with cosine, best first."""
        if not self.chunks:
            return [[] for _ in vectors]
        found = self._collection.query(
            query_embeddings=vectors,
            n_results=min(k, len(self.chunks)),
            include=["distances"],
        )
        return [
            [(int(n), 1.0 - d) for n, d in zip(ids, distances, strict=True)]
            for ids, distances in zip(
                found["ids"], found["distances"] or [], strict=True
            )
        ]

    def lexical(self, query: str, k: int) -> list[tuple[int, float]]:
        """Chunk numbers with BM25 scores, best first, none of them 0."""
        return self._lexical.search(query, k)

    def sentence_vectors(self, number: int) -> Vectors:
        """``(len(chunk.sentences), dimension)`` for a chunk."""
        start, end = self._offsets[number], self._offsets[number + 1]
        part: Vectors = self._sentence_matrix[start:end]
        return part

    def terms(self, text: str) -> list[str]:
        """The words of a text as the lexical search sees them."""
        return terms(text)

    def query_terms(self, query: str) -> list[str]:
        """The words of a question as the lexical search looks for them."""
        return self._lexical.query_terms(query)

    def respelled(self, text: str) -> str:
        """A question with its words spelled as the documents spell them."""
        return self._lexical.respelled(text)

    def idf(self, term: str) -> float:
        """How rare a term is in this index."""
        return self._lexical.idf(term)

    def embeddings(self) -> Mapping[str, Vectors]:
        """Every vector by the key of the text it belongs to."""
        model = self.manifest.embedding_model
        known: dict[str, Vectors] = {}
        for number, chunk in enumerate(self.chunks):
            known[content_key(chunk.searchable, model)] = self.chunk_vectors[number]
            for place, sentence in enumerate(chunk.sentences):
                vector = self._sentence_matrix[self._offsets[number] + place]
                known[content_key(sentence.text, model)] = vector
        return known

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

    def _load_chunks(self) -> None:
        self._collection = self._client.get_collection(CHUNKS, embedding_function=None)
        rows = sorted(_rows(self._collection), key=lambda row: row[0])
        self.chunk_vectors = _matrix([row[1] for row in rows], self.manifest)
        self.chunks = tuple(chunk_from_json(row[2]) for row in rows)
        if len(rows) != self.manifest.chunks:
            raise ValueError("chunks are missing")

    def _load_sentences(self) -> None:
        collection = self._client.get_collection(SENTENCES, embedding_function=None)
        rows = sorted(_rows(collection), key=lambda row: row[0])
        self._sentence_matrix = _matrix([row[1] for row in rows], self.manifest)
        counts = [len(chunk.sentences) for chunk in self.chunks]
        self._offsets = [0, *np.cumsum(counts, dtype=int).tolist()]
        if self._offsets[-1] != len(rows):
            raise ValueError("sentences are missing")


@contextmanager
def _unavailable(problem: str) -> Iterator[None]:
    try:
        yield
    # Chroma raises AttributeError when it opens for a second time what is damaged.
    except (ChromaError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexUnavailableError(f"{problem} ({error})") from error


def _open_client(folder: Path) -> Any:  # noqa: ANN401  Chroma's own type is vague
    return chromadb.PersistentClient(
        path=str(folder), settings=ChromaSettings(anonymized_telemetry=False)
    )


def _create(client: Any, name: str, configuration: Any) -> Any:  # noqa: ANN401  as above
    return client.create_collection(
        name, configuration=configuration, embedding_function=None
    )


def _add(
    collection: Any,  # noqa: ANN401  as above
    ids: Sequence[str],
    vectors: Vectors,
    texts: Sequence[str],
    metadata: Sequence[Mapping[str, str]] | None,
) -> None:
    for start in range(0, len(ids), BATCH):
        part = slice(start, start + BATCH)
        collection.add(
            ids=list(ids[part]),
            embeddings=vectors[part],
            documents=list(texts[part]),
            metadatas=list(metadata[part]) if metadata else None,
        )


def _rows(collection: Any) -> Iterator[tuple[str, Vectors, str]]:  # noqa: ANN401  as above
    for start in range(0, collection.count(), BATCH):
        page = collection.get(
            limit=BATCH, offset=start, include=["embeddings", "metadatas"]
        )
        metadata = page["metadatas"] or [None] * len(page["ids"])
        for name, vector, about in zip(
            page["ids"], page["embeddings"], metadata, strict=True
        ):
            yield name, vector, str((about or {}).get("chunk", ""))


def _matrix(rows: Sequence[Vectors], manifest: Manifest) -> Vectors:
    if not rows:
        return np.zeros((0, manifest.dimension), dtype=np.float32)
    return np.asarray(rows, dtype=np.float32)


def _spread(size: int, sample: int) -> range:
    return range(0, size, max(1, size // sample))
