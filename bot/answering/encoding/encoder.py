"""Texts to vectors in two roles: what is asked, and what may answer it."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from bot.answering.encoding.bundled import NAME, BundledEncoder
from bot.errors import IndexUnavailableError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]

BUNDLED_NAME = NAME
BATCH, STEP = 32, 256


class _Model(Protocol):
    """One of the two ways to encode, both roles."""

    def queries(self, texts: Sequence[str]) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


class Encoder(Embeddings):
    """The bundled encoder, or a model of sentence-transformers; never from the network.

    ``model`` is what ``EMBEDDING_MODEL`` names: a folder, or a model that is on this
    machine. ``threads`` are one while serving, where several would starve each other.
    It is loaded on first use, and may be used from several threads.
    """

    def __init__(self, model: str = "", *, threads: int = 1) -> None:
        self.name = model or BUNDLED_NAME
        self._bundled = not model
        self._threads = threads
        self._lock = Lock()
        self._model: _Model | None = None

    def queries(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> Vectors:
        """A vector of length 1 for each text that asks: ``(len(texts), dimension)``.

        ``progress`` is told how many more texts are done.

        Raises:
            IndexUnavailableError: the model is not to be had.
        """
        return _in_steps(self._loaded().queries, texts, progress)

    def passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> Vectors:
        """As ``queries``, for texts that may answer."""
        return _in_steps(self._loaded().passages, texts, progress)

    def embed_query(self, text: str) -> list[float]:
        """As LangChain asks for it."""
        row: list[float] = self.queries([text])[0].tolist()
        return row

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As LangChain asks for it."""
        rows: list[list[float]] = self.passages(texts).tolist()
        return rows

    def _loaded(self) -> _Model:
        with self._lock:
            if self._model is None:
                self._model = (
                    _Bundled(self._threads)
                    if self._bundled
                    else _Named(self.name, self._threads)
                )
            return self._model


class _Bundled:
    """The bundled encoder; the words before a text are part of the model."""

    def __init__(self, threads: int) -> None:
        self._encoder = _bundled(threads)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(
            [f"query: {text.strip()}" for text in texts], asks=True
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(
            [f"passage: {text.strip()}" for text in texts], asks=False
        )


@cache
def _bundled(threads: int) -> BundledEncoder:
    """Loaded once a process: it takes seconds and some 400 MB, and never changes."""
    return BundledEncoder(threads=threads)


class _Named:
    """A model of sentence-transformers, with the words that it asks for itself."""

    def __init__(self, name: str, threads: int) -> None:
        self._model = open_named(name, threads=threads)

    def queries(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode_query(
            list(texts), batch_size=BATCH, normalize_embeddings=True
        )
        return vectors

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True
        )
        return vectors


def open_named(name: str, *, threads: int) -> "SentenceTransformer":
    """A model of sentence-transformers on this machine.

    Raises:
        IndexUnavailableError: it is not there.
    """
    absent = IndexUnavailableError(
        f"the embedding model {name!r} is not on this machine; give "
        "EMBEDDING_MODEL a folder that holds it, or leave it out"
    )
    if Path(name).is_absolute() and not Path(name).is_dir():
        raise absent
    import torch  # noqa: PLC0415  takes seconds; `--help` must not
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  as torch
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415  as torch

    torch.set_num_threads(threads)
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise absent from error


def _in_steps(
    encode: Callable[[Sequence[str]], Vectors],
    texts: Sequence[str],
    progress: Progress | None,
) -> Vectors:
    """Long lists in steps; texts of like length go together."""
    if not texts:
        return np.zeros((0, 0), np.float32)
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    rows: dict[int, npt.NDArray[np.float32]] = {}
    for start in range(0, len(order), STEP):
        places = order[start : start + STEP]
        found = encode([texts[place] for place in places])
        rows |= dict(zip(places, found, strict=True))
        if progress:
            progress(len(places))
    return np.stack([rows[place] for place in range(len(texts))])
