"""Vectors of what contacts wrote; those of earlier messages are remembered."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Vector

VECTORS_KEPT = 4096
# Of a text so much is encoded, half from its beginning and half from its end; of a
# sentence among others less. What stands between is read for words of danger only.
WHOLE_READ, SENTENCE_READ = 500, 240


class VectorMemory:
    """Encodes messages as questions, each only once; used from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def message(self, text: str) -> Vector:
        """The vector of a whole message, by its two ends where it is long."""
        return self.messages([text])[0]

    def messages(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors of several messages at once."""
        return self._of([_ends(text, WHOLE_READ) for text in texts])

    def parts(self, whole: str, sentences: Sequence[str]) -> list[Vector]:
        """The vector of a message, then those of its sentences."""
        ends = [_ends(one, SENTENCE_READ) for one in sentences]
        return self._of([_ends(whole, WHOLE_READ), *ends])

    def _of(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of questions, those of earlier messages from memory."""
        with self._lock:
            known = {
                text: self._vectors[text] for text in texts if text in self._vectors
            }
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self._encoder.queries(missing), strict=True))
            with self._lock:
                self._vectors.update(known)
                while len(self._vectors) > VECTORS_KEPT:
                    self._vectors.popitem(last=False)
        return [known[text] for text in texts]


def _ends(text: str, longest: int) -> str:
    if text.isupper():
        text = text.lower()  # shouted words are strange to the encoder
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]} … {text[-longest // 2 :]}"
