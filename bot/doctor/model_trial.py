"""Tries a language model with one question that the office's own documents answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from bot.answering.assembly import Answering
from bot.answering.chunks import QUESTION_MARKS, Chunk
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.answering.writing.models.reply import read_reply
from bot.answering.writing.prompts import load_prompt
from bot.config import Settings
from bot.conversations.ports import Answer, Outcome, Tokens
from bot.conversations.spending.budget import Prices
from bot.doctor.model_watch import Call, ModelWatch
from bot.errors import ModelError
from bot.logs import overheard
from bot.organisation import Organisation

# A question may turn out to be one that no model is asked, so there are others.
QUESTIONS = 5
# More than any probability.
ABOVE_ALL = 2.0
THOUSAND = 1_000
REFUSED = "model_answer_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it.

    ``problem`` is why the model failed, ``refused`` why the checks let nothing through,
    and ``sent_back`` what they first found wrong; each is empty where it does not
    apply. ``reply`` is what a contact would read if it was let through, else what the
    model wrote. ``cost`` is that of a thousand such answers; where its tokens are not
    all ``tokens_reported`` by the provider they are reckoned from the text.
    """

    model: str
    question: str
    reply: str
    outcome: str
    problem: str
    refused: str
    sent_back: Sequence[str]
    calls: int
    first_token_seconds: float | None
    seconds: float
    tokens: Tokens | None
    tokens_reported: bool
    cost: float | None

    @property
    def is_good(self) -> bool:
        """Whether it answered, and was let through."""
        answered = self.outcome == Outcome.ANSWER
        return answered and not (self.problem or self.refused)


async def try_model(
    settings: Settings, office: Organisation, *, encoder: Encoder, today: date
) -> Trial | None:
    """What comes of one question; None where no section makes one.

    Raises:
        SettingsError: the model cannot be used as it is written or installed.
        IndexUnavailableError: there is nothing to ask about.
    """
    # Asked however sure the code is, and by itself: a reserve is tried on its own.
    changes = {"bot_model_not_asked_from": ABOVE_ALL, "bot_model_fallback": ""}
    alone = settings.model_copy(update=changes)
    answering = Answering(alone, office, encoder=encoder)
    try:
        generation = await answering.check()
        chunks = open_store(settings).load(generation).chunks
        for question in _questions(chunks, office.languages[0], today):
            watch, start = ModelWatch(), perf_counter()
            with overheard() as events:
                answer = await watch.ask(answering.assistant, question)
            if watch.calls:
                return _trial(
                    settings,
                    question,
                    answer=answer,
                    calls=watch.calls,
                    events=events,
                    seconds=perf_counter() - start,
                )
    finally:
        answering.close()
    return None


def _questions(chunks: Sequence[Chunk], language: str, today: date) -> Iterator[str]:
    """Some that are answered by a section, from all over the documents."""
    own = [_question(chunk, language) for chunk in chunks if chunk.valid_on(today)]
    yield from own[:: max(1, -(-len(own) // QUESTIONS))]


def _question(chunk: Chunk, language: str) -> str:
    if chunk.heading.rstrip().endswith(QUESTION_MARKS):
        return chunk.heading
    return chunk.ask_in(language) or f"{chunk.title}: {chunk.heading}"


def _trial(
    settings: Settings,
    question: str,
    *,
    answer: Answer,
    calls: Sequence[Call],
    events: Sequence[Mapping[str, object]],
    seconds: float,
) -> Trial:
    reasons = [str(one["reason"]) for one in events if one["event"] == REFUSED]
    reason = reasons[-1] if reasons else ""
    problem = _problem(calls) if reason else ""
    tokens = answer.provenance.tokens
    return Trial(
        model=settings.bot_model,
        question=question,
        reply=_written(calls[-1].written) if reason else answer.text,
        outcome=answer.outcome.value,
        problem=problem,
        refused="" if problem else reason,
        sent_back=_sent_back(calls),
        calls=len(calls),
        first_token_seconds=_first_token(calls),
        seconds=seconds,
        tokens=tokens,
        tokens_reported=all(call.reports_tokens for call in calls if not call.error),
        cost=_cost(settings, tokens),
    )


def _first_token(calls: Sequence[Call]) -> float | None:
    """From the first call on, which a server may refuse that counts no tokens."""
    came = (one.began + one.first_seconds for one in calls if one.first_seconds)
    return next((at - calls[0].began for at in came), None)


def _problem(calls: Sequence[Call]) -> str:
    """Why nothing came that could be read, if that is so."""
    last = calls[-1]
    if last.error:
        return last.error
    if not last.ended and last.first_seconds is None:
        return "nothing came within BOT_MODEL_FIRST_TOKEN_SECONDS; is it too slow?"
    if not last.ended:
        return "it did not come to an end within BOT_MODEL_TOTAL_SECONDS, or at all"
    try:
        read_reply(last.written)
    except ModelError as error:
        return f"what it wrote is {error}"
    return ""


def _written(text: str) -> str:
    try:
        return " ".join(said.text for said in read_reply(text).sentences)
    except ModelError:
        return text


def _sent_back(calls: Sequence[Call]) -> list[str]:
    """What it was told is wrong with its reply."""
    again = load_prompt("answer").later["again"].template
    before, _, after = again.partition("{reasons}")
    told = (call.told for call in calls if call.told.startswith(before))
    lines = (text.removeprefix(before).removesuffix(after) for text in told)
    return [line.removeprefix("- ") for text in lines for line in text.splitlines()]


def _cost(settings: Settings, tokens: Tokens | None) -> float | None:
    prices = Prices(
        read=settings.bot_model_price_in, written=settings.bot_model_price_out
    )
    one = prices.cost(tokens) if tokens else None
    return None if one is None else one * THOUSAND
