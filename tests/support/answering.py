"""The whole of answering over an index that exists, with a clock that stands still."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Turn
from bot.organisation import load_organisation
from tests.support.clock import Clock


@contextmanager
def answering_with(
    settings: Settings, *, encoder: Encoder, clock: Clock | None = None
) -> Iterator[Answering]:
    """Answering as a server assembles it, closed at the end."""
    answering = Answering(
        settings,
        load_organisation(settings.organisation_file),
        encoder=encoder,
        clock=clock or Clock(),
    )
    try:
        yield answering
    finally:
        answering.close()


async def ask(
    answering: Answering, question: str, *earlier: Turn, language: str | None = None
) -> Answer:
    """What is said to ``question`` after the turns before it."""
    return await answering.assistant.answer(
        question, earlier=earlier, language=language
    )
