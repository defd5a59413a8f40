"""The index as LangChain sees it: a retriever that any chain of its can use."""

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Found, Query
from bot.answering.retrieval.library import IndexLibrary


class KnowledgeRetriever(BaseRetriever):
    """Finds sections for a question, or for a query with its conversation."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: IndexLibrary
    encoder: Encoder
    limit: int = 8

    def search(self, query: Query, *, today: date) -> Found:
        """What is found for a query in the generation in use.

        Raises:
            IndexUnavailableError: there is no index to search.
        """
        return self.library.index().search(query, today=today, limit=self.limit)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        asked = Query(text=query, vector=self.encoder.queries([query])[0])
        found = self.search(asked, today=date.today())  # noqa: DTZ011  as the reader's day
        return [
            Document(
                page_content=hit.chunk.searchable,
                metadata={
                    "source": hit.chunk.document,
                    "section": hit.chunk.name,
                    "share": hit.share,
                },
            )
            for hit in found.hits
        ]
