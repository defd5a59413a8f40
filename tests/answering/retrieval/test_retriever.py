"""The index is a retriever that any chain of LangChain's can use."""

from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from bot.answering.assembly import Answering
from tests.support.clock import Clock

QUESTION = "can i get my money back"


async def test_it_is_a_retriever_with_sources_and_shares(sample: Answering) -> None:
    retriever = sample.retriever
    assert isinstance(retriever, BaseRetriever)
    documents = await retriever.ainvoke(QUESTION)
    assert 1 < len(documents) <= retriever.limit
    assert "within 14 days" in documents[0].page_content
    assert documents[0].metadata["source"] == "guidance/fees.md"
    assert documents[0].metadata["section"] == "guidance/fees.md#Refunds"
    shares = [document.metadata["share"] for document in documents]
    assert shares == sorted(shares, reverse=True)


def test_it_can_be_part_of_a_chain(sample: Answering) -> None:
    chain = sample.retriever | RunnableLambda(lambda found: found[0].metadata["source"])
    assert chain.invoke(QUESTION) == "guidance/fees.md"


def test_it_finds_what_the_assistant_finds(sample: Answering) -> None:
    found = sample.retriever.search(QUESTION, today=Clock()().date())
    documents = sample.retriever.invoke(QUESTION)
    names = [document.metadata["section"] for document in documents]
    assert names == [hit.chunk.name for hit in found.hits]
    assert found.generation == sample.library.index().generation
