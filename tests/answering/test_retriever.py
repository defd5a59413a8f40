"""The search: right passages, with context, without what has expired."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langchain_core.documents import Document

from bot.answering.chunks import Chunk
from bot.answering.store.folders import EmbeddedStore
from bot.answering.embedding import Embedder
from bot.answering.executor import Executor
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.passages import Passage, Query
from bot.answering.retriever import KnowledgeRetriever
from tests.support.generations import make_chunk, write_generation

TODAY = date(2026, 11, 24)


class Search:
    """A retriever over an index, on a day."""

    def __init__(self, index_dir: Path, embedder: Embedder) -> None:
        self.today = TODAY
        self.library = IndexLibrary(
            EmbeddedStore(index_dir), embedding_model=embedder.name
        )
        self.executor = Executor()
        self.retriever = KnowledgeRetriever(
            self.library,
            embedder=embedder,
            executor=self.executor,
            today=lambda: self.today,
        )

    def passages(self, text: str, *earlier: str) -> tuple[Passage, ...]:
        return self.retriever.find(Query(text=text, earlier=earlier)).passages

    def close(self) -> None:
        self.executor.close()


@pytest.fixture
def sample(sample_data: Path, embedder: Embedder) -> Iterator[Search]:
    search = Search(sample_data / "index", embedder)
    yield search
    search.close()


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("how long does it take", "guidance/duration.md", "six and twelve weeks"),
        ("can i get my money back", "guidance/fees.md", "money back within 14 days"),
        ("blocked acount for germny", "guidance/visa.md", "11,904 euros"),
        (
            "do i get a certificate at the end",
            "faq/certificate.md",
            "digital certificate",
        ),
        ("BURSARY", "guidance/fees.md", "Harbour bursary"),
    ],
)
def test_the_best_passage_holds_the_answer(
    question: str, document: str, words: str, sample: Search
) -> None:
    best = sample.passages(question)[0]
    assert best.chunk.document == document
    assert words in best.chunk.text


def test_passages_come_best_first_with_what_speaks_for_them(sample: Search) -> None:
    passages = sample.passages("Is there a Harbour bursary?")
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    best = passages[0]
    assert best.dense == best.context > 0.4
    assert best.lexical > 0
    assert best.coverage == pytest.approx(1.0)
    assert len(best.sentence_scores) == len(best.chunk.sentences)
    assert max(best.sentence_scores) == best.sentence_scores[1]
    assert best.sentence_scores == best.context_scores


def test_coverage_is_the_share_of_rare_words_that_the_passage_holds(
    sample: Search,
) -> None:
    found = sample.passages("bursary and giraffe")
    best = next(p for p in found if "bursary" in p.chunk.text)
    assert 0.2 < best.coverage < 0.8
    assert sample.passages("the of and")[0].coverage == 0.0


def test_a_follow_up_is_understood_by_what_was_asked_before(sample: Search) -> None:
    alone = sample.passages("how much is it?")[0]
    after = sample.passages("how much is it?", "Germany asks for a blocked account?")
    assert alone.chunk.document == "guidance/fees.md"
    assert after[0].chunk.document == "guidance/visa.md"
    assert after[0].context > after[0].dense


def test_a_long_conversation_is_seen_in_three_ways() -> None:
    assert Query(text="now").views == ("now",)
    assert Query(text="now", earlier=("before",)).views == ("now", "before\nnow")
    query = Query(text="now", earlier=("1", "2", "3", "4", "5"))
    assert query.views == ("now", "2\n3\n4\n5\nnow", "1\n2\n3\n4\n5\nnow")


def test_the_messages_of_a_conversation_are_seen_one_by_one_too() -> None:
    query = Query(text="now", earlier=("before", "x" * 500))
    assert query.messages == ("before", "x" * 400, "now")
    assert query.texts == (*query.views, "before", "x" * 400)
    assert Query(text="now").texts == ("now",)
    long = Query(text="y" * 3000, earlier=("y" * 3000,))
    assert long.messages == ("y" * 400, "y" * 2000)
    assert long.texts == ("y" * 2000, "y" * 400)
    many = Query(text="now", earlier=tuple(map(str, range(20))))
    assert many.messages == (*map(str, range(12, 20)), "now")


def test_an_endless_conversation_keeps_its_beginning_and_its_end() -> None:
    query = Query(text="now", earlier=("topic", "x" * 5000))
    message, recent, whole = query.views
    assert message == "now"
    assert recent.endswith("\nnow")
    assert whole.startswith("topic\n")
    assert max(map(len, query.views)) == 2000


@pytest.mark.parametrize("earlier", [(), ("visa " * 500,), ("fee " * 500, "visa")])
def test_a_message_that_is_too_long_is_searched_as_far_as_it_goes(
    earlier: tuple[str, ...], sample: Search
) -> None:
    query = Query(text="visa " * 500, earlier=earlier)
    assert query.texts[: len(query.views)] == query.views
    assert sample.passages(query.text, *earlier)


def test_at_most_eight_passages_are_found(sample: Search) -> None:
    assert len(sample.passages("course")) == 8


@pytest.mark.parametrize(
    ("day", "fees"),
    [
        (date(2026, 8, 31), {"400", "no dates"}),
        (date(2026, 9, 1), {"400", "450", "no dates"}),
        (date(2026, 9, 30), {"400", "450", "no dates"}),
        (date(2026, 10, 1), {"450", "no dates"}),
    ],
)
def test_documents_are_used_only_from_their_first_to_their_last_valid_day(
    day: date, fees: set[str], tmp_path: Path, embedder: Embedder
) -> None:
    old = make_chunk("The fee is 400 euros.", valid_until=date(2026, 9, 30))
    new = make_chunk("The fee is 450 euros.", number=1, valid_from=date(2026, 9, 1))
    always = make_chunk("The fee has no dates.", number=2)
    write_generation(EmbeddedStore(tmp_path), [old, new, always], embedder=embedder)
    search = Search(tmp_path, embedder)
    search.today = day
    texts = " ".join(passage.chunk.text for passage in search.passages("fee"))
    search.close()
    assert {fee for fee in ("400", "450", "no dates") if fee in texts} == fees


def test_expired_documents_do_not_push_others_out(
    tmp_path: Path, embedder: Embedder
) -> None:
    def chunk(number: int) -> Chunk:
        return replace(
            make_chunk(f"The fee of course {number} is 400 euros.", number=number),
            valid_until=date(2026, 1, 1),
        )

    valid = make_chunk("Bicycles can be parked in the yard.", number=30)
    write_generation(
        EmbeddedStore(tmp_path), [*map(chunk, range(30)), valid], embedder=embedder
    )
    search = Search(tmp_path, embedder)
    found = [passage.chunk for passage in search.passages("What is the fee?")]
    search.close()
    assert found == [valid]


def test_an_index_without_documents_finds_nothing(
    tmp_path: Path, embedder: Embedder
) -> None:
    write_generation(EmbeddedStore(tmp_path), [], embedder=embedder)
    search = Search(tmp_path, embedder)
    assert search.passages("fee") == ()
    search.close()


async def test_as_a_langchain_retriever_it_gives_documents_with_their_passages(
    sample: Search,
) -> None:
    question = "Is there a Harbour bursary?"
    asynchronous = await sample.retriever.ainvoke(question)
    assert _texts(asynchronous) == _texts(sample.retriever.invoke(question))
    passage: Passage = asynchronous[0].metadata["passage"]
    assert asynchronous[0].id == passage.chunk.id
    assert asynchronous[0].page_content == passage.chunk.searchable
    generation = sample.library.index().generation
    assert asynchronous[0].metadata["generation"] == generation


async def test_earlier_messages_reach_the_search_through_langchain(
    sample: Search,
) -> None:
    earlier = ("Germany asks for a blocked account?",)
    found = await sample.retriever.ainvoke("how much is it?", earlier=earlier)
    assert found[0].metadata["passage"].chunk.document == "guidance/visa.md"
    again = sample.retriever.invoke("how much is it?", earlier=earlier)
    assert _texts(found) == _texts(again)


def _texts(documents: Sequence[Document]) -> list[tuple[str | None, str]]:
    """What was found; two embeddings of one text may differ in the last digit."""
    return [(document.id, document.page_content) for document in documents]
