"""Drafts what a catalogue lacks with the configured model: ``ingest suggest``."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from bot.answering.chunks import LONGEST_ANSWER
from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.drafting import Drafter, Judge, Judged, Kind
from bot.answering.writing.rendering import differences
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.errors import BotError, DocumentError, ModelError
from ingest.catalogue_file import CatalogueFile
from ingest.catalogue_text import Draft, Fields
from ingest.checked_texts import Texts
from ingest.figure_references import references, with_figures, with_references
from ingest.figures import Figures
from ingest.gaps import Gap, gaps_of, kinds_for, language_shown
from ingest.in_use import found_in_use
from ingest.new_asks import NewAsks
from ingest.phrasings import read_catalogues
from ingest.progress import Progress
from ingest.sections import Section, read_chunks, sections_of
from ingest.suggested import Done, LeftOut, Suggested

# After so many failures in a row the model rests, and nothing more would come of it.
MOST_FAILURES = 3
MOST_OTHERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be drafted: all that a language lacks, or some of it.

    ``document`` is one by its path, ``kind`` asks or answers, and ``limit`` how many
    sections the model is asked about.
    """

    language: str
    document: str | None = None
    kind: Kind | None = None
    limit: int | None = None


class Suggesting:
    """Goes through what is missing; ``report`` is how far it has come.

    Raises:
        BotError: there is no such language or document, or no model.
        DocumentError: documents or catalogues are broken.
    """

    def __init__(
        self,
        settings: Settings,
        wish: Wish,
        *,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._language = wish.language
        self._shown = language_shown(wish.language)
        kinds = kinds_for(wish.language, wish.kind)
        self._drafter = Drafter(settings)
        self._progress = progress or Progress()
        chunks = read_chunks(settings, progress=self._progress)
        known = read_catalogues(settings.knowledge_dir)
        self._figures = known.figures
        self._sections = sections_of(chunks, today=clock().date())
        chosen = _chosen(self._sections, wish.document)
        gaps = gaps_of(chosen, known, language=wish.language, kinds=kinds)
        self._gaps, self._left = gaps[: wish.limit], len(gaps)
        texts = _texts(settings, encoder, self._progress)
        self._asks = NewAsks(known, chunks, texts)
        self._file = CatalogueFile(settings.knowledge_dir, wish.language)
        self._drafted: list[Done] = []
        self._left_out: list[LeftOut] = []
        self._failures = 0
        self._problem: str | None = None

    @property
    def report(self) -> Suggested:
        """What has been drafted so far, and what was left out."""
        return Suggested(
            language=self._language,
            catalogue=self._file.name,
            model=self._drafter.model,
            drafted=tuple(self._drafted),
            left_out=tuple(self._left_out),
            left=self._left,
            tokens=self._drafter.tokens,
            problem=self._problem,
        )

    async def run(self) -> None:
        """Draft for one section after the other; each is kept at once."""
        if any(Kind.ASKS in gap.kinds for gap in self._gaps):
            self._asks.load()
        with self._progress.bar("drafting", total=len(self._gaps)) as advance:
            for gap in self._gaps:
                await self._draft(gap)
                advance(1)
                if self._problem:
                    return

    async def _draft(self, gap: Gap) -> None:
        """Everything that is missing of one section, as far as the model can do it."""
        self._left -= 1
        try:
            self._file.check(self._placed(gap, _as_fields(gap.kinds, gap.section)))
            fields = await self._fields(gap)
            if fields:
                self._file.put(self._placed(gap, fields), known=gap.known)
        except DocumentError as error:
            self._leave_out(gap, *gap.kinds, reason=str(error))
            return
        if Kind.ASKS in fields:
            self._asks.add(fields[Kind.ASKS], section=gap.section.name)
        if fields:
            kinds = tuple(kind for kind in gap.kinds if kind in fields)
            self._drafted.append(Done(section=gap.section.name, kinds=kinds))

    async def _fields(self, gap: Gap) -> Fields:
        """What may stand in the catalogue."""
        fields: dict[str, str | Sequence[str]] = {}
        for kind in gap.kinds:
            judged = await self._written(kind, gap)
            for reason in judged.reasons:
                self._leave_out(gap, kind, reason=reason)
            if judged.kept:
                fields |= _as_fields([kind], gap.section, judged.kept)
            if self._problem:
                break
        return fields

    async def _written(self, kind: Kind, gap: Gap) -> Judged:
        """What the model has written that may be kept, and what is wrong with it."""
        try:
            judged = await self._drafter.write(
                kind, self._judge(kind, gap.section), **self._values(kind, gap)
            )
        except ModelError as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self._problem = f"the model failed {MOST_FAILURES} times in a row"
            return Judged(reasons=(f"the model failed: {error}",))
        self._failures = 0
        return judged

    def _judge(self, kind: Kind, section: Section) -> Judge:
        if kind is Kind.ANSWER:
            own = self._figures_of(section)
            return partial(
                _as_answer, section=section, language=self._language, figures=own
            )
        return partial(self._asks.judged, section=section.name, language=self._language)

    def _values(self, kind: Kind, gap: Gap) -> dict[str, str]:
        """What the prompt of a kind is filled with."""
        section = gap.section
        if kind is Kind.ANSWER:
            earlier = with_figures(gap.earlier or "-", self._figures, self._language)
            more = {"earlier": earlier, "words": str(LONGEST_ANSWER)}
        else:
            more = {"others": self._others(section)}
        return {
            "language": self._shown,
            "title": section.title,
            "section": section.text,
            **more,
        }

    def _figures_of(self, section: Section) -> Figures:
        """The figures that a section refers to."""
        names = references(section.written) if self._figures else ()
        return {name: self._figures[name] for name in names if name in self._figures}

    def _others(self, section: Section) -> str:
        """What stands beside a section in its document."""
        headings = [one.heading for one in self._sections
                    if one.document == section.document and one != section]  # fmt: skip
        return "\n".join(headings[:MOST_OTHERS]) or "-"

    def _placed(self, gap: Gap, fields: Fields) -> Draft:
        """Fields with the place where they belong: behind what comes before."""
        before = self._sections[: self._sections.index(gap.section)]
        document = gap.section.document
        return Draft(
            document=document,
            heading=gap.section.heading,
            fields=fields,
            documents=tuple(dict.fromkeys(one.document for one in before)),
            headings=tuple(one.heading for one in before if one.document == document),
        )

    def _leave_out(self, gap: Gap, *kinds: Kind, reason: str) -> None:
        self._left_out += [
            LeftOut(section=gap.section.name, kind=kind, reason=reason)
            for kind in kinds
        ]


def _chosen(sections: Sequence[Section], document: str | None) -> Sequence[Section]:
    """Those of a document, or all."""
    if document is None:
        return sections
    found = [section for section in sections if section.document == document]
    if found:
        return found
    known = {section.document for section in sections}
    like = get_close_matches(document, known, n=1)
    perhaps = f"; do you mean {like[0]}?" if like else ""
    raise BotError(f"no document {document!r} has anything to draft for{perhaps}")


def _as_fields(
    kinds: Sequence[Kind], section: Section, texts: Sequence[str] = ("",)
) -> Fields:
    """What stands in a catalogue for texts of a section."""
    asks: Fields = {"asks": tuple(texts)} if Kind.ASKS in kinds else {}
    answer = {"of": section.sum, "answer": texts[0]} if Kind.ANSWER in kinds else {}
    return {**asks, **answer}


def _as_answer(
    texts: Sequence[str], *, section: Section, language: str, figures: Figures
) -> Judged:
    """One text that says what the section says, and refers to the same figures."""
    text = "\n".join(texts)
    reasons = differences(text, section.text, title=section.title, language=language)
    kept = with_references(text, figures)
    return Judged(kept=() if reasons else (kept,), reasons=tuple(reasons))


def _texts(settings: Settings, encoder: Encoder | None, progress: Progress) -> Texts:
    known = found_in_use(settings)
    return Texts(
        settings,
        known.generation if known else None,
        encoder=encoder or Encoder(settings.embedding_model),
        progress=progress,
    )
