"""Labelled questions over documents of their own, as samples for calibration."""

import random
import re
from pathlib import Path

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Encoder
from bot.answering.retrieval.astray import Astray
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import Weights
from bot.answering.store.store import open_store
from bot.answering.understanding.reader import Reader
from bot.config import Settings
from bot.conversations.ports import Author, Outcome, Turn
from bot.errors import IndexUnavailableError
from bot.evaluation.calibration import Sample, sample_of
from bot.evaluation.documents import copy_documents
from bot.evaluation.suites import ANSWERABLE, Question, read_suite
from ingest.sync import sync

WORD = re.compile(r"\w+")
# So many questions of a suite are fitted on, and all together weigh as much as so many
# of ours.
MOST, AS_MANY_AS = 240, 50
# A passage is right where it has this share of the words of a right answer.
ENOUGH_GOLD = 0.5
SEED = 7


def suite_samples(
    settings: Settings,
    folder: Path,
    *,
    encoder: Encoder,
    reader: Reader,
    astray: Astray | None = None,
    most: int = MOST,
) -> list[Sample]:
    """A sample of a suite's questions; its index is kept below the data folder.

    Raises:
        SuiteError: the suite cannot be read.
        IndexUnavailableError: it has no documents.
    """
    suite = read_suite(folder)
    if suite.documents is None:
        raise IndexUnavailableError(f"{folder} has no documents to search")
    own = settings.data_dir / "suites" / suite.name
    copy_documents(suite.documents, own / "documents")
    there = settings.model_copy(
        update={"data_dir": own / "data", "knowledge_dir": own / "documents"}
    )
    sync(there, encoder=encoder)
    store = open_store(there)
    weights = Weights(
        encoder="", ranking={}, is_right={}, is_near={}, sure=1.0, near=1.0
    )
    index = Index(store.load(store.current() or ""), weights=weights, astray=astray)
    chosen = [
        one
        for one in suite.questions
        if one.expected in {ANSWERABLE, Outcome.NO_ANSWER.value}
    ]
    random.Random(SEED).shuffle(chosen)  # noqa: S311  no secret
    chosen = chosen[:most]
    weight = AS_MANY_AS / max(1, len(chosen))
    return [_sample(one, index, reader, weight) for one in chosen]


def _sample(question: Question, index: Index, reader: Reader, weight: float) -> Sample:
    earlier = [Turn(Author.CONTACT, text) for text in question.earlier]
    enquiry = reader.read(question.text, earlier=earlier, facts={})
    right: set[int] = set()
    if question.expected == ANSWERABLE:
        right = {
            number
            for number, chunk in enumerate(index.chunks)
            if chunk.document in question.wanted and _holds(chunk, question)
        }
    return sample_of(index, enquiry.queries[0], right, question.id, weight)


def _holds(chunk: Chunk, question: Question) -> bool:
    """Whether a passage holds a right answer; without one any of its document does."""
    if not question.gold:
        return True
    words = _words(chunk.text)
    golds = (_words(gold) for gold in question.gold)
    return any(len(gold & words) >= ENOUGH_GOLD * len(gold) for gold in golds if gold)


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
