"""Finds the passages for an enquiry, in another language where that is needed."""

from dataclasses import replace

from langchain_core.documents import Document

from bot.answering.enquiry import Enquiry
from bot.answering.facts import destinations_in
from bot.answering.glossary import FEWEST, FOUND_IN, ROMAN, glossed, is_romanised
from bot.answering.languages import is_foreign, language_of_passages
from bot.answering.model_answers import ModelTranslator
from bot.answering.offered import passages_behind
from bot.answering.places import about, nearby, unheld
from bot.answering.retriever import PASSAGES, KnowledgeRetriever
from bot.errors import ModelError
from bot.logs import get_logger

# Where a country is named or something picked, passages about others are left out: so
# many times more are looked at.
WIDER = 3

log = get_logger()


class Finder:
    """The search; with a translator, also for questions in other languages."""

    def __init__(
        self, retriever: KnowledgeRetriever, *, translator: ModelTranslator | None
    ) -> None:
        self._retriever = retriever
        self._translator = translator

    async def find(self, enquiry: Enquiry) -> Enquiry:
        """The enquiry with its passages, and their language if it is another one."""
        if is_romanised(enquiry.question):
            return await self._found_by_glossary(enquiry, language=ROMAN)
        found = await self._found(enquiry)
        language = language_of_passages(found.passages)
        if found.offered:
            # In the documents' own words, whatever language is spoken.
            return replace(found, documents_language=language)
        if language is None or not _is_foreign(found, language):
            return found
        found = replace(found, documents_language=language)
        translated = await self._translated(enquiry.question, language)
        if translated is not None:
            return await self._found(replace(found, translated=translated))
        if language != FOUND_IN:
            return found
        return await self._found_by_glossary(found, language=enquiry.language)

    async def _found_by_glossary(self, enquiry: Enquiry, *, language: str) -> Enquiry:
        """What the words of the trade find in English documents."""
        said = [glossed(text, language=language) for text in enquiry.contact_texts]
        earlier = tuple(filter(None, said))
        # After a question "and in Germany?" says enough; of a choice "how much" does.
        fewest = 0 if enquiry.picked else 1 if earlier else FEWEST
        own = enquiry.besides_pick(enquiry.question)
        words = glossed(own, language=language, fewest=fewest)
        if words is None:
            return enquiry
        if enquiry.picked:
            words = f"{words} {enquiry.picked}"
        return await self._found(replace(enquiry, translated=words), earlier=earlier)

    async def _translated(self, question: str, language: str) -> str | None:
        if self._translator is None:
            return None
        try:
            return await self._translator.translate(question, language=language)
        except ModelError as error:
            log.warning("translation_refused", reason=str(error))
            return None

    async def _found(
        self, enquiry: Enquiry, *, earlier: tuple[str, ...] | None = None
    ) -> Enquiry:
        country = enquiry.remembered_country
        named = country or destinations_in(enquiry.asked)
        query = enquiry.query(earlier)
        documents: list[Document] = await self._retriever.ainvoke(
            query.text,
            earlier=query.earlier,
            limit=WIDER * PASSAGES if named or enquiry.picked else PASSAGES,
        )
        passages = [document.metadata["passage"] for document in documents]
        behind = passages_behind(enquiry.picked, passages) if enquiry.picked else ()
        if enquiry.picked and not behind:
            return await self._found(replace(enquiry, picked=None), earlier=earlier)
        return replace(
            enquiry,
            searched=query,
            passages=(behind or about(passages, enquiry.asked))[:PASSAGES],
            unheld=unheld(country or enquiry.asked, passages),
            nearby=nearby(passages, country)[:PASSAGES],
            generation=next(
                (document.metadata["generation"] for document in documents), None
            ),
        )


def _is_foreign(found: Enquiry, language: str) -> bool:
    """Whether an enquiry met passages in another language, by its own words.

    Those of what it picked are the documents'.
    """
    if found.picked and found.language != language:
        return True
    return is_foreign(
        found.question,
        language=found.language,
        passages=found.passages,
        found=language,
    )
