"""Which new asks may stand under a section: they are nobody else's, and new."""

from collections.abc import Sequence

from bot.answering.chunks import Chunk, Role
from bot.answering.writing.drafting import Judged
from bot.answering.writing.rendering import are_in, unfit_to_ask
from ingest.astray_asks import Asked, asks_astray, same_words
from ingest.checked_texts import Texts
from ingest.phrasings import Catalogues

MOST, SHOWN = 3, 80
ENDS = "?？؟!！.。।… "


class NewAsks:
    """Judges asks by all that there are: those of catalogues, drafts and headings."""

    def __init__(
        self, catalogues: Catalogues, chunks: Sequence[Chunk], texts: Texts
    ) -> None:
        self._chunks = chunks
        self._texts = texts
        self._asked: list[Asked] = []
        self._owners: dict[str, str] = {}
        for chunk in chunks:
            for heading in (chunk.heading, chunk.questions[0]):
                self._owners.setdefault(_bare(heading), chunk.name)
        names = {chunk.name for chunk in chunks}
        for entry in (*catalogues.entries, *catalogues.drafts):
            if entry.section in names:
                self.add(entry.asks, section=entry.section)

    def load(self) -> None:
        """Have the vectors of all that there is, which may take time."""
        self._texts.vectors(
            [
                *((ask, Role.QUERY) for ask, _ in self._asked),
                *((chunk.questions[0], Role.QUERY) for chunk in self._chunks),
                *((chunk.searchable, Role.PASSAGE) for chunk in self._chunks),
            ]
        )

    def add(self, asks: Sequence[str], *, section: str) -> None:
        """These stand under a section from now on."""
        self._asked += [(ask, section) for ask in asks]
        for ask in asks:
            self._owners.setdefault(_bare(ask), section)

    def judged(self, texts: Sequence[str], *, section: str, language: str) -> Judged:
        """Those that may stand under a section, and why others may not."""
        asks = list(dict.fromkeys(" ".join(text.split()) for text in texts[:MOST]))
        wrong = {
            ask: unfit_to_ask(ask)
            or self._taken(ask, asks[:place], section)
            or self._astray(ask, section)
            for place, ask in enumerate(asks)
        }
        kept = tuple(ask for ask in asks if not wrong[ask])
        reasons = [f"“{ask[:SHOWN]}” {why}" for ask, why in wrong.items() if why]
        if kept and not are_in(kept, language):
            kept = ()
            reasons.append(f"they are not in this language: {language}")
        return Judged(kept=kept, reasons=tuple(reasons))

    def _taken(self, ask: str, before: Sequence[str], section: str) -> str:
        """Where it stands already, if it does."""
        if _bare(ask) in map(_bare, before):
            return "is there twice"
        owner = self._owners.get(_bare(ask))
        if owner is None:
            return ""
        return "is there already" if owner == section else f"stands under “{owner}”"

    def _astray(self, ask: str, section: str) -> str:
        """Where it belongs, if that is elsewhere; new ones do not vouch for others."""
        asked = [(ask, section)]
        found = asks_astray(asked, self._chunks, self._texts, among=self._asked)
        return "".join(f"is nearer to “{other}”" for _, other in found)


def _bare(ask: str) -> str:
    return same_words(ask).rstrip(ENDS)
