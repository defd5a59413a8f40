"""Vectors for a check: from the index in use and what is packed, others encoded."""

from collections.abc import Mapping, Sequence

from bot.answering.encoding.encoder import Encoder, Vectors
from bot.answering.store.generations import Generation
from bot.config import Settings
from bot.errors import DocumentError
from ingest.findings import Finding, Trouble
from ingest.packed_vectors import read_packed
from ingest.progress import Progress
from ingest.text_vectors import Text, encode_missing, missing_of, stacked


class Texts:
    """Gives texts their vectors; ``findings`` say what was in the way."""

    def __init__(
        self,
        settings: Settings,
        generation: Generation | None,
        *,
        encoder: Encoder,
        progress: Progress,
    ) -> None:
        self._encoder = encoder
        self._progress = progress
        self.findings: list[Finding] = []
        self._known: dict[str, Vectors] = dict(self._packed(settings))
        if generation and generation.manifest.embedding_model == encoder.name:
            self._known |= generation.embeddings()

    def vectors(self, texts: Sequence[Text]) -> Vectors:
        """A vector of length 1 for each: ``(texts, dimension)``."""
        missing = missing_of(texts, self._known, self._encoder.name)
        if missing:
            with self._progress.bar("embedding", total=len(missing)) as advance:
                self._known |= encode_missing(missing, self._encoder, progress=advance)
        return stacked(texts, self._known, self._encoder.name)

    def _packed(self, settings: Settings) -> Mapping[str, Vectors]:
        try:
            return read_packed(settings.knowledge_dir)
        except DocumentError as error:
            where, _, message = str(error).partition(": ")
            self.findings.append(Finding(Trouble.BROKEN, where, message))
            return {}
