"""An optional cross-encoder that reads question and passage together."""

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from bot.errors import IndexUnavailableError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

LONGEST_TOKENS = 256


class Reranker:
    """A sentence-transformers cross-encoder, loaded on first use, never downloaded.

    Its weights are the operator's choice: none comes with the install.
    """

    def __init__(self, model: str) -> None:
        self.name = model
        self._lock = Lock()
        self._model: CrossEncoder | None = None

    def load(self) -> "CrossEncoder":
        """The model, ready to use.

        Raises:
            IndexUnavailableError: it is not on this machine, or no reranker.
        """
        with self._lock:
            if self._model is None:
                self._model = self._open()
            return self._model

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """For each text, from 0 to 1, how well it answers the question."""
        if not texts:
            return []
        found = self.load().predict(
            [(question, text) for text in texts], show_progress_bar=False
        )
        return [float(score) for score in found]

    def _open(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder  # noqa: PLC0415  takes seconds
        from torch.nn import Sigmoid  # noqa: PLC0415  as above

        try:
            model: CrossEncoder = CrossEncoder(
                self.name,
                device="cpu",
                local_files_only=True,
                max_length=LONGEST_TOKENS,
                activation_fn=Sigmoid(),
            )
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(
                f"the reranker {self.name!r} is not on this machine; give "
                "RERANKER_MODEL a folder that holds it, or leave it out"
            ) from error
        if model.num_labels != 1:
            raise IndexUnavailableError(
                f"{self.name!r} gives {model.num_labels} scores for a passage; "
                "RERANKER_MODEL needs a cross-encoder that gives one"
            )
        return model
