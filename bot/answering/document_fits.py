"""How well documents fit a conversation: each of its messages is looked at by itself.

Messages put together find the passage that is nearest to their mixture. By themselves
they find what each was about; the document that holds something for most of them is
the one that is talked about. The numbers were chosen in coarse steps on several suites
of labelled questions; ``docs/evaluation.md`` tells what they give and cost.
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
# From here on an earlier message says enough to count fully.
ENOUGH = 0.5
# Of documents that have one passage only: an earlier message that found it was answered
# by it, and says less for asking about the same document again.
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
    """How much a message says in words that the documents have, from 0 towards 1."""
    words = rare_words(index, text)
    return substance(index, {word: words[word] for word in words if index.holds(word)})


def _weights(said: Sequence[float]) -> list[float]:
    """What each message counts, 1 in all; ``said`` is how much each says.

    What earlier messages count together is told by the one that says most: small talk,
    and words that the documents don't have, leave all to the last message.
    """
    *earlier, last = said
    ages = range(len(earlier) - 1, -1, -1)
    counted = [much * FADING**age for much, age in zip(earlier, ages, strict=True)]
    if not sum(counted):
        return [*(0.0 for _ in earlier), 1.0]
    before = (1 - MESSAGE * last) * min(1.0, max(earlier) / ENOUGH)
    return [*(before * one / sum(counted) for one in counted), 1 - before]
