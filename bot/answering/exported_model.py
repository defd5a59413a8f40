"""The bundled model as an ONNX graph: it embeds a question faster, without torch.

``python -m ingest export-model`` makes it, as ``make install`` does. The graph holds
the model, the mean over the tokens and the scaling to length 1, so that its vectors are
those of sentence-transformers but for rounding. Without it everything works, slower.
"""

import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.answering.bundled_model import (
    BUNDLED_NAME,
    BUNDLED_SHA256,
    LONGEST_TEXT,
    bundled_tokenizer,
    sha256,
)
from bot.errors import BotError
from bot.logs import get_logger

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

# Beside the installed packages: made from them, and gone with them.
FOLDER = Path(sys.prefix) / "share" / "enquiry-assistant"
# Rises when the graph is made in another way.
FORMAT = 1
DIGITS = 16
# The shortest of the texts that are computed together has at least this share of the
# tokens of the longest.
NEARLY_AS_LONG = 0.7
PROBES = ("visa", "", "How long does it take, and what does it cost in all? " * 9)
TOLERANCE = 1e-4

log = get_logger()


class ExportError(BotError):
    """The model could not be exported; the text says why."""


class ExportedModel:
    """The graph in one file, with its tokenizer; ``threads`` are for one text."""

    def __init__(self, file: Path, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(bundled_tokenizer()))
        self._tokenizer.enable_truncation(LONGEST_TEXT)
        # Its file says that shorter texts are to be padded to 128 tokens.
        self._tokenizer.no_padding()

    def get_embedding_dimension(self) -> int:
        """How many numbers a vector has, as sentence-transformers calls it."""
        size: int = self._session.get_outputs()[0].shape[-1]
        return size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text.

        A short text that is padded to the length of a long one costs as much; texts go
        together where they are nearly as long.
        """
        read = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(read), self.get_embedding_dimension()), np.float32)
        order = sorted(range(len(read)), key=lambda place: -len(read[place]))
        while order:
            longest = len(read[order[0]])
            group = [p for p in order if len(read[p]) >= NEARLY_AS_LONG * longest]
            vectors[group] = self._encode([read[place] for place in group])
            del order[: len(group)]
        return vectors

    def _encode(self, read: Sequence[Sequence[int]]) -> Vectors:
        """Vectors for texts as tokens, which are padded to the longest of them."""
        tokens = np.zeros((len(read), max(map(len, read))), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, ids in enumerate(read):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        vectors: Vectors = self._session.run(None, {"tokens": tokens, "mask": mask})[0]
        return vectors


def exported_model(folder: Path = FOLDER, *, threads: int) -> ExportedModel | None:
    """The exported model, if it was made from the bundled one and is whole."""
    for file in folder.glob(f"{_stem()}-*.onnx"):
        if sha256(file)[:DIGITS] == file.stem[-DIGITS:]:
            return ExportedModel(file, threads=threads)
        log.warning("exported_model_damaged", file=str(file))
    return None


def export_model(model: "SentenceTransformer", folder: Path = FOLDER) -> Path:
    """Write the graph of the bundled model, after comparing what both make of texts.

    Raises:
        ExportError: the vectors differ.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch) / "model.onnx"
        _write_graph(model, made)
        texts = list(PROBES)
        wanted = model.encode(texts, normalize_embeddings=True)
        found = ExportedModel(made, threads=1).encode(texts)
        if not np.allclose(found, wanted, atol=TOLERANCE):
            raise ExportError("the exported model makes other vectors than its source")
        file = folder / f"{_stem()}-{sha256(made)[:DIGITS]}.onnx"
        for old in folder.glob("*.onnx"):
            if old != file:
                old.unlink(missing_ok=True)
        return made.replace(file)


def _stem() -> str:
    return f"{BUNDLED_NAME}-{BUNDLED_SHA256[:DIGITS]}-{FORMAT}"


def _write_graph(model: "SentenceTransformer", file: Path) -> None:
    import torch  # noqa: PLC0415  takes seconds, and only exporting needs it

    tokens = torch.ones((2, 7), dtype=torch.int64)
    # One text is shorter: where all have the same length the graph would lose the mask.
    mask = tokens.clone()
    mask[0, 5:] = 0
    texts, length = torch.export.Dim("texts"), torch.export.Dim("length")
    shapes = {"tokens": {0: texts, 1: length}, "mask": {0: texts, 1: length}}
    # It tells of the names of dimensions, and of packages that it could also export.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            _whole(model).eval(),
            (tokens, mask),
            dynamo=True,
            dynamic_shapes=shapes,
            input_names=["tokens", "mask"],
            output_names=["vectors"],
            verbose=False,
        )
    if program is None:
        raise ExportError("torch wrote no graph")
    program.save(str(file))


def _whole(model: "SentenceTransformer") -> "torch.nn.Module":
    """From tokens to vectors, as one module."""
    import torch  # noqa: PLC0415  as above

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model: torch.nn.Module = cast("torch.nn.Module", model[0].auto_model)

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.model(input_ids=tokens, attention_mask=mask)[0]
            weights = mask[..., None].to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(mean, dim=1)

    return Whole()
