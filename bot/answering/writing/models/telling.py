"""Lets a contact read along: sentences go out one by one, as soon as they are checked.

What was told is not taken back: whatever becomes of the rest, the reply begins with it.
"""

from collections.abc import Awaitable, Callable, Sequence

from bot.answering.executor import Executor
from bot.answering.writing.models.reply import Said, begun
from bot.answering.writing.models.reply_check import ReplyCheck, joined
from bot.answering.writing.models.sources import Source, is_ours

# Behind these a sentence may have come to its end.
ENDS = frozenset("}[")


class Telling:
    """Tells what may go out of a reply while it is written; ``told`` are its sentences.

    ``model`` is who writes. What stands behind a sentence that may not go out is not
    told, since that is sent back; nor a reply that is the code's own.
    """

    def __init__(
        self,
        tell: Callable[[str], Awaitable[bool]] | None,
        check: ReplyCheck,
        sources: Sequence[Source],
        *,
        executor: Executor,
    ) -> None:
        self.told: tuple[Said, ...] = ()
        self.model = ""
        self._tell = tell
        self._check = check
        self._sources = sources
        self._executor = executor
        self._heard = 0

    def begin(self, model: str) -> None:
        """A model starts to write."""
        self.model = model
        self._heard = 0

    async def hear(self, written: str) -> None:
        """What a model has written so far of a reply."""
        news = written[self._heard :]
        self._heard = len(written)
        if self._tell is None or not ENDS & set(news):
            return
        said = begun(written)
        if not said or is_ours(said[:1], self._sources):
            return
        going = await self._executor.run(self._check.beginning, said, self._sources)
        if len(going) > len(self.told):
            self.told = going
            if not await self._tell(joined(one.text.strip() for one in going)):
                self._tell = None
