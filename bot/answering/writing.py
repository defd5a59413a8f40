"""Answers from passages: by the model where there is one, else by their sentences."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.answering.chunks import citations
from bot.answering.enquiry import Enquiry
from bot.answering.extractive import extract
from bot.answering.facts import shown
from bot.answering.model_answers import ModelAnswerer
from bot.answering.passages import Query
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Outcome, Provenance
from bot.errors import ModelError
from bot.logs import get_logger

SHOWN_TO_MODEL = 5

log = get_logger()


class Writer:
    """Writes the answer to an enquiry whose passages hold one."""

    def __init__(
        self, model: ModelAnswerer | None, *, today: Callable[[], date]
    ) -> None:
        self._model = model
        self._today = today

    async def write(self, enquiry: Enquiry) -> Answer:
        """By the model, if there is one and it does well; else by sentences."""
        if self._model is None:
            return self._extracted(enquiry)
        try:
            return await self._modelled(enquiry, self._model)
        except ModelError as error:
            log.warning("model_answer_refused", reason=str(error))
            return self._extracted(enquiry)

    async def _modelled(self, enquiry: Enquiry, model: ModelAnswerer) -> Answer:
        chunks = [passage.chunk for passage in enquiry.passages[:SHOWN_TO_MODEL]]
        reply = await model.answer(
            enquiry.asked,
            earlier=enquiry.earlier,
            chunks=chunks,
            language=enquiry.language,
        )
        return Answer(
            text=_going_by(enquiry, reply.text),
            outcome=Outcome.ANSWER,
            confidence=enquiry.confidence,
            citations=citations([chunks[place] for place in reply.cited]),
            provenance=replace(
                provenance(enquiry, answerer="model"),
                model=reply.model,
                prompt_version=reply.prompt_version,
            ),
        )

    def _extracted(self, enquiry: Enquiry) -> Answer:
        extracted = extract(
            enquiry.passages,
            query=Query(text=enquiry.asked, earlier=enquiry.contact_texts),
            language=enquiry.language,
            today=self._today(),
        )
        return Answer(
            text=_going_by(enquiry, extracted.text),
            outcome=Outcome.ANSWER,
            confidence=enquiry.confidence,
            citations=citations(extracted.chunks),
            provenance=provenance(enquiry, answerer="extractive"),
        )


def provenance(enquiry: Enquiry, *, answerer: str) -> Provenance:
    """How the answer to an enquiry came about."""
    return Provenance(
        answerer=answerer, language=enquiry.language, generation=enquiry.generation
    )


def _going_by(enquiry: Enquiry, text: str) -> str:
    """Say what was taken from earlier on, so that the contact can correct it."""
    if not enquiry.missing:
        return text
    facts = shown(enquiry.missing, enquiry.language)
    said = phrase("going_by", enquiry.language, facts=facts)
    return f"{said}\n\n{text}"
