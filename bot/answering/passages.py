"""What is searched for, and what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.chunks import Chunk, SentenceKind

LONGEST_QUERY = 2000
RECENT = 4
# From this cosine on a heading asks what a message asks.
NEARLY_ASKED = 0.85
# So many of the last messages are looked at one by one, and so much of each.
LISTENED, LONGEST_MESSAGE = 8, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk that was found, with everything that speaks for it.

    ``score`` is that of its place: the passages of a document share its scores anew.
    ``dense`` and ``context`` are cosines with the message and with the message after
    the last few of the contact's earlier ones; ``lexical`` is the message's BM25 score;
    ``sentence_scores`` are cosines of its sentences with the message, and
    ``context_scores`` with the context; ``coverage`` is the share of the message's
    terms, weighed by how rare they are, that stand in the passage, and
    ``sentence_coverage`` in each sentence. ``substance`` belongs to the message: how
    much it says by itself.
    """

    chunk: Chunk
    score: float
    dense: float
    context: float
    lexical: float
    coverage: float
    substance: float
    sentence_scores: tuple[float, ...]
    context_scores: tuple[float, ...]
    sentence_coverage: tuple[float, ...]

    @property
    def best_sentence(self) -> float:
        """The best score of a sentence; headings promise, they do not answer.

        A message that says little by itself, as "yes, I do", is scored by its context.
        A heading that asks nearly what the message asks is answered below it.
        """
        asked, _ = self.question
        message = self._best(self.sentence_scores)
        if asked >= NEARLY_ASKED:
            message = max(message, asked)
        context = self._best(self.context_scores)
        return self.substance * message + (1 - self.substance) * context

    @property
    def question(self) -> tuple[float, str]:
        """A heading that is a question, with its cosine; 0 and no words if none is."""
        scored = zip(self.sentence_scores, self.chunk.sentences, strict=True)
        return max(
            ((score, found.text) for score, found in scored if found.asks),
            default=(0.0, ""),
        )

    def _best(self, scores: Sequence[float]) -> float:
        scored = zip(self.chunk.sentences, scores, strict=True)
        return max(
            (s for found, s in scored if found.kind is not SentenceKind.HEADING),
            default=0.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A message, and what its contact wrote before it, oldest first."""

    text: str
    earlier: tuple[str, ...] = ()

    @property
    def views(self) -> tuple[str, ...]:
        """The message, then with the last few before it, then with all of them.

        Each stands only where it differs from the one before. An embedding model reads
        only so many words: of a long conversation the beginning, which names the topic.
        """
        whole = "\n".join((*self.earlier, self.text))
        views = (self.text, self.recent, whole)
        return tuple(dict.fromkeys(view[:LONGEST_QUERY] for view in views))

    @property
    def messages(self) -> tuple[str, ...]:
        """The last few messages, each by itself; the message is the last of them."""
        earlier = self.earlier[-LISTENED:]
        return (*(text[:LONGEST_MESSAGE] for text in earlier), self.views[0])

    @property
    def texts(self) -> tuple[str, ...]:
        """What is to be embedded, each once: the views, then the messages."""
        return tuple(dict.fromkeys((*self.views, *self.messages)))

    @property
    def recent(self) -> str:
        """The message after the last few before it, cut at the beginning."""
        return "\n".join((*self.earlier[-RECENT:], self.text))[-LONGEST_QUERY:]

    def respelled(self, spelling: Callable[[str], str]) -> "Query":
        """The same messages with their words spelled in another way."""
        return Query(
            text=spelling(self.text), earlier=tuple(map(spelling, self.earlier))
        )
