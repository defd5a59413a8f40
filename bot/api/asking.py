"""A question answered from the documents; nothing is stored."""

from datetime import date
from time import perf_counter
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.api.access import ApiAccess
from bot.conversations.ports import Answer, Assistant, Author, Outcome, Turn
from bot.text import CleanText

LONGEST_QUESTION = 4000
MOST_TURNS = 30

Question = Annotated[CleanText, Field(min_length=1, max_length=LONGEST_QUESTION)]


class NewQuestion(BaseModel):
    """A question; `turns` holds the contact's earlier messages, oldest first."""

    question: Question
    turns: list[Question] = Field(default_factory=list, max_length=MOST_TURNS)


class CitationObject(BaseModel):
    """Where an answer comes from; `source` is the path under `knowledge/`."""

    title: str
    source: str
    page: int | None
    url: str | None
    as_of: date | None


class AnswerObject(BaseModel):
    """An answer with its sources, as `bot ask --json` prints it.

    `choices` are what it offers to be asked next, in the order shown.
    """

    answer: str
    outcome: Outcome
    citations: list[CitationObject]
    choices: list[str]
    confidence: float = Field(
        description="the probability that the documents answer the question"
    )
    milliseconds: float

    @classmethod
    def of(cls, answer: Answer, milliseconds: float) -> Self:
        """The object of what an assistant replied."""
        return cls(
            answer=answer.text,
            outcome=answer.outcome,
            citations=[
                CitationObject(
                    title=cited.title,
                    source=cited.source,
                    page=cited.page,
                    url=cited.url,
                    as_of=cited.as_of,
                )
                for cited in answer.citations
            ],
            choices=list(answer.choices),
            confidence=round(answer.confidence, 4),
            milliseconds=milliseconds,
        )


def asking(assistant: Assistant, access: ApiAccess) -> APIRouter:
    """The one operation that asks."""
    router = APIRouter(tags=["answers"], dependencies=[Depends(access.reader)])

    @router.post("/ask")
    async def ask(new: NewQuestion) -> AnswerObject:
        """Answer from the documents; stores nothing, tells nobody."""
        earlier = tuple(Turn(Author.CONTACT, text) for text in new.turns)
        start = perf_counter()
        answer = await assistant.answer(new.question, earlier=earlier)
        return AnswerObject.of(answer, round((perf_counter() - start) * 1000, 1))

    return router
