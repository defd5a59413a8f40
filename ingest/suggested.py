"""What was drafted, what was left out and why, as an editor reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.writing.drafting import Kind
from bot.conversations.ports import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was drafted for a section."""

    section: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What was not, or not all of it; ``reason`` says why."""

    section: str
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """How it went; ``left`` sections were not come to, ``problem`` says what ended it.

    ``tokens`` are what the model says that it read and wrote, if it does.
    """

    language: str
    catalogue: str
    model: str
    drafted: Sequence[Done]
    left_out: Sequence[LeftOut]
    left: int
    tokens: Tokens | None
    problem: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything that was asked for is there."""
        return not self.left_out and self.problem is None


def in_words(found: Suggested) -> str:
    """The report for a terminal."""
    return "\n".join(_lines(found))


def _lines(found: Suggested) -> Iterator[str]:
    if not (found.drafted or found.left_out or found.left):
        yield f"nothing is missing in {found.catalogue}"
        return
    yield f"sections drafted in {found.catalogue}: {len(found.drafted)}"
    for done in found.drafted:
        yield f"  {done.section}: {' and '.join(done.kinds)}"
    yield from _left_out(found)
    if found.tokens:
        read, written = found.tokens.read, found.tokens.written
        yield f"{found.model}: {read} tokens read, {written} written"
    if found.drafted:
        yield (
            "A draft is not used: read it, put it right, and delete its line draft; "
            "then run python -m ingest sync."
        )


def _left_out(found: Suggested) -> Iterator[str]:
    if found.left_out:
        yield "left out:"
    for one in found.left_out:
        yield f"  {one.section}: {one.kind}: {one.reason}"
    if found.problem:
        yield f"stopped: {found.problem}"
    if found.left:
        yield f"sections not come to: {found.left}; run it again"
