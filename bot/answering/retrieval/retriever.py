"""The index as LangChain sees it: a retriever that any chain of its can use."""

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Found, Query
from bot.answering.retrieval.library import IndexLibrary
from bot.clock import utc_now


class KnowledgeRetriever(BaseRetriever):
    """Finds sections for a question that stands alone: for chains, and for editors."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: IndexLibrary
    encoder: Encoder
    limit: int = 8

    def search(self, question: str, *, today: date) -> Found:
        """What is found in the generation in use, and how sure that is.

        Raises:
            IndexUnavailableError: there is no index to search.
        """
        query = Query(text=question, vector=self.encoder.queries([question])[0])
        return self.library.index().search(query, today=today, limit=self.limit)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        found = self.search(query, today=utc_now().date())
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
