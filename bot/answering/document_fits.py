"""How well documents fit a conversation: each of its messages is looked at by itself.

Messages put together find the passage that is nearest to their mixture. By themselves
they find what each was about; the document that holds something for most of them is
the one that is talked about. Chosen on several suites of labelled questions, of which
each was left out once; the neighbouring steps differ by less than a percentage point.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from bot.answering.coverage import rare_words, substance
from bot.answering.embedding import Vectors
from bot.answering.fusion import DEPTH, MESSAGE, stretched
from bot.answering.index import Index
from bot.answering.passages import Query

# What a message before the last counts beside the one after it.
FADING = 0.8
# What a message that says nothing counts, lest none counts.
LEAST = 0.05
# An earlier message that found the only passage of a document was answered by it; it
# says less for asking about the same document again.
ANSWERED = 0.5


def document_fits(
    index: Index, numbers: Iterable[int], query: Query, vectors: Vectors
) -> dict[str, float]:
    """For the documents of some chunks, from 0 to 1; one of them has 1.

    ``vectors`` are those of the query's texts. A message finds in a document its best
    passage and its best sentence, by cosine; the messages count by how much they say
    and how recent they are, the last one as much as in the fusion of the searches.
    """
    found = sorted(numbers)
    documents = list(dict.fromkeys(index.chunks[number].document for number in found))
    if not documents:
        return {}
    places = {text: place for place, text in enumerate(query.texts)}
    messages = vectors[[places[text] for text in query.messages]]
    scores = _scores(index, found, documents, messages)
    *earlier, last = _weights([_said(index, text) for text in query.messages])
    before = scores[:, :-1] @ np.array(earlier, dtype=np.float32)
    if earlier:
        small = np.array([index.size(document) == 1 for document in documents])
        low = np.sort(before)[::-1][:DEPTH][-1]
        halved = low + ANSWERED * np.maximum(before - low, 0)
        before = np.where(small, halved, before)
    total = before + last * scores[:, -1]
    fits = stretched(list(enumerate(total.tolist())))
    return {document: fits[place] for place, document in enumerate(documents)}


def _scores(
    index: Index, numbers: Sequence[int], documents: Sequence[str], messages: Vectors
) -> Vectors:
    """``(documents, messages)``: best cosine of a passage plus that of a sentence."""
    row_of = {document: row for row, document in enumerate(documents)}
    rows = [row_of[index.chunks[number].document] for number in numbers]
    shape = (len(documents), len(messages))
    passages = np.full(shape, -1, dtype=np.float32)
    sentences = np.full(shape, -1, dtype=np.float32)
    np.maximum.at(passages, rows, index.chunk_vectors[numbers] @ messages.T)
    found = [
        np.max(index.sentence_vectors(number) @ messages.T, axis=0, initial=0)
        for number in numbers
    ]
    np.maximum.at(sentences, rows, np.array(found, dtype=np.float32))
    total: Vectors = passages + sentences
    return total


def _said(index: Index, text: str) -> float:
    return substance(index, rare_words(index, text))


def _weights(said: Sequence[float]) -> list[float]:
    """What each message counts, 1 in all; ``said`` is how much each says."""
    *earlier, last = said
    if not earlier:
        return [1.0]
    ages = range(len(earlier) - 1, -1, -1)
    counted = [
        (LEAST + much) * FADING**age for much, age in zip(earlier, ages, strict=True)
    ]
    message = MESSAGE * last
    rest = (1 - message) / sum(counted)
    return [*(rest * weight for weight in counted), message]
