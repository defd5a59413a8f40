"""Texts to vectors, by sentence-transformers or by the exported bundled model."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.answering.bundled_model import BUNDLED_NAME, bundled_folder
from bot.answering.exported_model import ExportedModel, exported_model
from bot.errors import IndexUnavailableError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

BATCH = 32
STEP = 512


class Embedder:
    """A sentence-transformers model, loaded on first use, never from the network.

    ``threads`` are one while serving, where several would starve each other; then the
    bundled model is used as it was exported, if it was. Many texts take several, and
    torch.
    """

    def __init__(self, model: str = "", *, threads: int = 1) -> None:
        self.name = model or BUNDLED_NAME
        self._bundled = not model
        self._threads = threads
        self._lock = Lock()
        self._model: SentenceTransformer | ExportedModel | None = None

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        size = self._loaded().get_embedding_dimension()
        if size is None:
            raise IndexUnavailableError(f"{self.name} does not say its dimension")
        return size

    def embed(
        self,
        texts: Sequence[str],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        """One vector of length 1 for each text: ``(len(texts), dimension)``.

        ``progress`` is told how many more texts are done.
        """
        model = self._loaded()
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length go together, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for start in range(0, len(order), STEP):
            numbers = order[start : start + STEP]
            vectors[numbers] = _encoded(model, [texts[number] for number in numbers])
            if progress:
                progress(len(numbers))
        return vectors

    def _loaded(self) -> "SentenceTransformer | ExportedModel":
        with self._lock:
            if self._model is None:
                exported = self._bundled and self._threads == 1
                found = exported_model(threads=1) if exported else None
                self._model = found or self.open()
            return self._model

    def open(self) -> "SentenceTransformer":
        """The model of sentence-transformers, opened anew.

        Raises:
            IndexUnavailableError: it is not on this machine, or not the right one.
        """
        import torch  # noqa: PLC0415  takes seconds; `--help` must not
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  as torch
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415  as torch

        torch.set_num_threads(self._threads)
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
        folder = str(bundled_folder()) if self._bundled else self.name
        try:
            return SentenceTransformer(folder, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(
                f"the embedding model {self.name!r} is not on this machine; give "
                "EMBEDDING_MODEL a folder that holds it, or leave it out"
            ) from error


def _encoded(model: "SentenceTransformer | ExportedModel", texts: list[str]) -> Vectors:
    if isinstance(model, ExportedModel):
        parts = range(0, len(texts), BATCH)
        return np.concatenate([model.encode(texts[n : n + BATCH]) for n in parts])
    vectors: Vectors = model.encode(
        texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
    )
    return vectors
