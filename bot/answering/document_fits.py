"""How well documents fit a conversation: each of its messages is looked at by itself.

Messages put together find the passage that is nearest to their mixture. By themselves
they find what each was about; the document that holds something for most of them is
the one that is talked about. The numbers were chosen in coarse steps on several suites
of labelled questions; ``docs/evaluation.md`` tells what they give and cost.
"""

from collections.abc import Sequence

import numpy as np

from bot.answering.coverage import rare_words, substance
from bot.answering.embedding import Vectors
from bot.answering.fusion import DEPTH, MESSAGE, stretched
from bot.answering.index import Index
from bot.answering.nearness import Nearness
from bot.answering.passages import Query

# What a message before the last counts beside the one after it.
FADING = 0.8
# From here on an earlier message says enough to count fully.
ENOUGH = 0.5
# Of documents that have one passage only: an earlier message that found it was answered
# by it, and says less for asking about the same document again.
ANSWERED = 0.5


def document_fits(index: Index, near: Nearness, query: Query) -> dict[str, float]:
    """For the documents of some chunks, from 0 to 1; one of them has 1.

    ``near`` tells of the chunks and the query's texts. A message finds in a document
    its best passage and its best sentence; the messages count by how much they say and
    how recent they are, the last one as much as in the fusion of the searches.
    """
    of_chunks = [index.chunks[number].document for number in near.numbers]
    documents = list(dict.fromkeys(of_chunks))
    if not documents:
        return {}
    rows = {document: row for row, document in enumerate(documents)}
    places = {text: place for place, text in enumerate(query.texts)}
    scores = _scores(
        near,
        rows=[rows[document] for document in of_chunks],
        columns=[places[text] for text in query.messages],
    )
    *earlier, last = _weights([_said(index, text) for text in query.messages])
    before = scores[:, :-1] @ np.array(earlier, dtype=np.float32)
    if earlier:
        small = np.array([index.size(document) == 1 for document in documents])
        low = np.sort(before)[::-1][:DEPTH][-1]
        halved = low + ANSWERED * np.maximum(before - low, 0)
        before = np.where(small, halved, before)
    fits = stretched(list(enumerate((before + last * scores[:, -1]).tolist())))
    return {document: fits[row] for document, row in rows.items()}


def _scores(near: Nearness, *, rows: Sequence[int], columns: Sequence[int]) -> Vectors:
    """``(documents, messages)``: best cosine of a passage plus that of a sentence.

    ``rows`` are the documents of the chunks, ``columns`` the texts of the messages.
    """
    shape = (max(rows) + 1, len(columns))
    passages = np.full(shape, -1, dtype=np.float32)
    sentences = np.full(shape, -1, dtype=np.float32)
    np.maximum.at(passages, rows, near.passages[:, columns])
    np.maximum.at(sentences, rows, near.sentences[:, columns])
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
