"""The bundled encoder, run by ONNX Runtime; it is prepared once an install."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.answering.encoding.adapter import FILE as ADAPTER
from bot.answering.encoding.adapter import adapter_sum, read_adapter
from bot.answering.encoding.graph import build_graph
from bot.answering.encoding.tokens import build_tokenizer
from bot.answering.encoding.weights import (
    SHA256,
    Weights,
    bundled_file,
    read_weights,
    sha256,
)
from bot.logs import get_logger

Vectors = npt.NDArray[np.float32]

BASE = "multilingual-e5-small-q4"
NAME = f"{BASE}-{adapter_sum()}"
DIMENSION = 384
LONGEST_TEXT = 512
# Beside the installed packages: made from them, and gone with them.
FOLDER = Path(sys.prefix) / "share" / "enquiry-assistant"
# Rises when the files are made in another way.
FORMAT = 2
DIGITS = 16
TOKENIZER, GRAPH = "tokenizer.json", "encoder.onnx"
# The shortest of the texts that are computed together has at least this share of the
# tokens of the longest, and so many tokens are computed together at most.
NEARLY_AS_LONG, TOGETHER = 0.7, 4096

log = get_logger()


class BundledEncoder:
    """From texts, which say their role already, to vectors of length 1.

    Those that ask are read with the adapter.
    """

    def __init__(
        self, *, threads: int, folder: Path = FOLDER, adapter: Path = ADAPTER
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        graph, tokenizer = _prepared(folder, adapter)
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(LONGEST_TEXT)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str], *, asks: bool) -> Vectors:
        """A vector of length 1 for each text, in rows.

        A short text that is padded to the length of a long one costs as much; texts go
        together where they are nearly as long.
        """
        read = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(read), DIMENSION), np.float32)
        order = sorted(range(len(read)), key=lambda place: -len(read[place]))
        while order:
            longest = len(read[order[0]])
            group = [p for p in order if len(read[p]) >= NEARLY_AS_LONG * longest]
            group = group[: max(1, TOGETHER // longest)]
            vectors[group] = self._encode([read[place] for place in group], asks=asks)
            del order[: len(group)]
        return vectors

    def _encode(self, read: Sequence[Sequence[int]], *, asks: bool) -> Vectors:
        """Vectors for texts as tokens, which are padded to the longest of them."""
        tokens = np.ones((len(read), max(map(len, read))), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, ids in enumerate(read):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        given = {"tokens": tokens, "mask": mask, "asks": np.array([asks], np.float32)}
        vectors: Vectors = self._session.run(None, given)[0]
        return vectors


def prepare(folder: Path = FOLDER, adapter: Path = ADAPTER) -> Path:
    """Write graph and tokenizer of the bundled encoder, where they are not there yet.

    Raises:
        IndexUnavailableError: the encoder is missing or damaged.
        OSError: the folder cannot be written.
    """
    target = folder / _stem(adapter)
    if _is_whole(target):
        return target
    weights = read_weights(bundled_file())
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch)
        build_tokenizer(weights).save(str(made / TOKENIZER))
        (made / GRAPH).write_bytes(_graph(weights, adapter))
        lines = [f"{sha256(made / name)} {name}" for name in (TOKENIZER, GRAPH)]
        (made / "sums").write_text("\n".join(lines), "utf-8")
        target.mkdir(exist_ok=True)
        for name in ("sums", TOKENIZER, GRAPH):
            (made / name).replace(target / name)
    return target


def _prepared(folder: Path, adapter: Path) -> tuple[str | bytes, Tokenizer]:
    """Graph and tokenizer; made in memory where they cannot be kept."""
    with suppress(OSError):
        found = prepare(folder, adapter)
        return str(found / GRAPH), Tokenizer.from_file(str(found / TOKENIZER))
    log.warning("encoder_not_kept", folder=str(folder))
    weights = read_weights(bundled_file())
    return _graph(weights, adapter), build_tokenizer(weights)


def _graph(weights: Weights, adapter: Path) -> bytes:
    content: bytes = build_graph(weights, read_adapter(adapter)).SerializeToString()
    return content


def _stem(adapter: Path) -> str:
    return f"{BASE}-{adapter_sum(adapter)}-{SHA256[:DIGITS]}-{FORMAT}"


def _is_whole(folder: Path) -> bool:
    """Whether the files are those that were written."""
    with suppress(OSError, ValueError, KeyError):
        lines = (folder / "sums").read_text("utf-8").splitlines()
        sums = dict(line.split()[::-1] for line in lines)
        return all(sums[name] == sha256(folder / name) for name in (TOKENIZER, GRAPH))
    return False
