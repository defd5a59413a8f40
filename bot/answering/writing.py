"""Answers from passages: by the model where there is one, else by their sentences."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.chunks import Chunk, SentenceKind, citations
from bot.answering.countries import country_shown
from bot.answering.enquiry import Enquiry
from bot.answering.extractive import LONGEST, extract
from bot.answering.facts import shown
from bot.answering.languages import name_of
from bot.answering.model_answers import ModelAnswerer
from bot.answering.remarks import holds_us_to_our_word, needs_caution
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Outcome, Provenance
from bot.errors import ModelError
from bot.logs import get_logger

SHOWN_TO_MODEL = 5
SUGGESTED_WORDS = 7
BRIEF = 40

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
        return _with_remarks(enquiry, await self._written(enquiry))

    async def _written(self, enquiry: Enquiry) -> Answer:
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
            text=reply.text,
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
            query=enquiry.query(),
            language=enquiry.language,
            today=self._today(),
            longest=BRIEF if enquiry.brief else LONGEST,
            told="" if enquiry.rechecked else enquiry.just_told,
        )
        text = extracted.text
        foreign = enquiry.documents_language not in {None, enquiry.language}
        if foreign:
            name = name_of(enquiry.documents_language or "en", spoken=enquiry.language)
            said = phrase("in_other_language", enquiry.language, name=name)
            text = f"{said}\n\n{text}"
        near: tuple[str, ...] = ()
        if not enquiry.brief:
            near = _also_ask(enquiry, extracted.text, extracted.chunks)
        if near:
            headings = " · ".join(near)
            said = phrase("also_ask", enquiry.language, headings=headings)
            text = f"{text}\n\n{said}"
        return Answer(
            text=text,
            outcome=Outcome.ANSWER,
            confidence=enquiry.confidence,
            citations=citations(extracted.chunks),
            provenance=provenance(enquiry, answerer="extractive"),
            choices=near,
        )


def provenance(enquiry: Enquiry, *, answerer: str) -> Provenance:
    """How the answer to an enquiry came about."""
    return Provenance(
        answerer=answerer, language=enquiry.language, generation=enquiry.generation
    )


def nothing_about(enquiry: Enquiry) -> list[str]:
    """A sentence for each country that is asked about and that no document holds."""
    language = enquiry.language
    return [
        phrase("nothing_about", language, country=country_shown(country, language))
        for country in enquiry.unheld
    ]


def _with_remarks(enquiry: Enquiry, answer: Answer) -> Answer:
    """Say first what was taken from earlier on, and last who decides."""
    language = enquiry.language
    above, below = nothing_about(enquiry), []
    if known := {**enquiry.missing, **enquiry.recalled}:
        facts = shown(known, language)
        above.append(phrase("going_by", language, facts=facts))
    if enquiry.rechecked or holds_us_to_our_word(enquiry.question):
        above.append(phrase("checked_again", language))
    if needs_caution(enquiry.question):
        below.append(phrase("caution", language))
    return replace(answer, text="\n\n".join((*above, answer.text, *below)))


def _also_ask(enquiry: Enquiry, text: str, chunks: Sequence[Chunk]) -> tuple[str, ...]:
    """What stands near a trimmed answer, as questions that can be asked next."""
    if not any(_is_trimmed(chunk, text) for chunk in chunks):
        return ()
    shown_ids = {chunk.id for chunk in chunks}
    headings = dict.fromkeys(
        passage.chunk.headings[-1]
        for passage in enquiry.passages
        if passage.chunk.document == chunks[0].document
        and passage.chunk.id not in shown_ids
        and passage.chunk.headings
    )
    used = {heading for chunk in chunks for heading in chunk.headings}
    near: list[str] = []
    room = SUGGESTED_WORDS
    for heading in headings:
        if heading not in used and len(heading.split()) <= room:
            near.append(heading)
            room -= len(heading.split())
    return tuple(near)


def _is_trimmed(chunk: Chunk, text: str) -> bool:
    return any(
        sentence.text not in text
        for sentence in chunk.sentences
        if sentence.kind is not SentenceKind.HEADING
    )
