"""What the pages of knowledge do, once a form is read: look, try, write down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from urllib.parse import urlencode

from bot.clock import Clock
from bot.conversations.desk.section_use import Use, section_use
from bot.database import Database
from bot.errors import DocumentError, NotFoundError
from bot.explanation import Explanation
from bot.publishing import Kept, Part, Published, Publisher, Trial, Written
from bot.shelf import Section, Shelves
from bot.staff.audit import write_down
from bot.staff.sessions import SignedIn

Explain = Callable[[str], Awaitable[Explanation]]
MARKDOWN = (".md", ".markdown")
TEXTS = (*MARKDOWN, ".yaml", ".csv", ".tsv", ".txt")
# So long a text may be to be changed in a browser.
LONGEST_TEXT = 500_000
LONGEST_DETAIL = 200
MANY = 2**31 - 1
KNOWLEDGE = "/console/knowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Who keeps the documents, who looks through them, and who explains replies.

    ``explain`` is None where something else than the documents answers.
    """

    publisher: Publisher
    shelves: Shelves
    explain: Explain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody has typed: a part of a document, its dates, or all of it.

    ``part`` is the number of a part, -1 for one more, None for the whole text;
    ``opened`` is the heading that the part had when it was opened.
    """

    path: str
    seen: str
    part: int | None
    opened: str
    heading: str
    words: str
    matter: Mapping[str, str]


class KnowledgeDesk:
    """One place for what several pages do."""

    def __init__(
        self, knowledge: Knowledge, database: Database, *, clock: Clock
    ) -> None:
        self.publisher = knowledge.publisher
        self.shelves = knowledge.shelves
        self.explain = knowledge.explain
        self._database = database
        self._clock = clock

    async def use(self, path: str) -> Mapping[str, Use]:
        """How often the sections of a document were told lately."""
        return await section_use(self._database, path, now=self._clock())

    async def text(self, path: str) -> Written:
        """A document that can be changed in a browser.

        Raises:
            DocumentError: it is of another format, or too long.
        """
        found = await self.publisher.read(path)
        if not path.endswith(TEXTS):
            raise DocumentError(f"{path}: is no text; upload it again instead")
        if len(found.content) > LONGEST_TEXT:
            raise DocumentError(f"{path}: is too long for a browser; upload it again")
        if not _is_utf_8(found.content):
            raise DocumentError(
                f"{path}: is not UTF-8, and letters of it would be lost; save it as "
                "UTF-8 and upload it"
            )
        return found

    def parts(self, found: Written) -> Sequence[Part]:
        """The parts of a text of ours; none of anything else."""
        if not found.path.endswith(MARKDOWN):
            return ()
        return self.publisher.texts.parts(found.path, found.text)

    def matter(self, found: Written) -> Mapping[str, str]:
        """Title, source and dates of a text of ours."""
        if not found.path.endswith(MARKDOWN):
            return {}
        return self.publisher.texts.matter(found.path, found.text)

    def composed(self, edit: Edit, base: Written) -> bytes:
        """The whole document after an edit.

        Raises:
            DocumentError: it cannot be put together.
        """
        if edit.part is None:
            return edit.words.encode()
        texts, text = self.publisher.texts, base.text
        before = texts.matter(base.path, text)
        changed = {key: v for key, v in edit.matter.items() if v != before.get(key, "")}
        if changed:
            text = texts.with_matter(base.path, text, changed)
        number = None if edit.part < 0 else edit.part
        made = texts.with_part(
            base.path, text, number, heading=edit.heading, words=edit.words
        )
        return made.encode()

    async def tried(self, path: str, content: bytes) -> Trial:
        """What would be told of a content; of the rest see ``Publisher``."""
        return await self.publisher.tried(path, content)

    async def done(self, action: str, done: Published, who: SignedIn) -> None:
        """Write down who changed which document."""
        async with self._database.write() as session:
            write_down(
                session,
                action,
                now=self._clock(),
                member_id=who.member_id,
                detail=done.path[:LONGEST_DETAIL],
            )

    async def differences(self, path: str, number: int) -> list[tuple[str, str]]:
        """What a version changed of the one before, line by line with its kind.

        Raises:
            NotFoundError: there is no such version.
        """
        history = await self.publisher.history(path)
        chosen = _version(history, number)
        earlier = [one for one in history if one.number < number]
        before = await self._lines(path, earlier[0] if earlier else None)
        return differing(before, await self._lines(path, chosen))

    async def _lines(self, path: str, kept: Kept | None) -> list[str]:
        if kept is None or kept.version is None:
            return []
        found = await self.publisher.kept(path, kept.number)
        if not path.endswith(TEXTS):
            return [f"{len(found.content)} bytes, {kept.version[:12]}"]
        return found.text.splitlines()


def differing(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Lines with what became of them: ``same``, ``gone``, ``new`` or ``gap``."""
    kinds = {" ": "same", "-": "gone", "+": "new", "@": "gap"}
    lines = list(unified_diff(before, after, lineterm="", n=2))[2:]
    return [(kinds[line[:1]], "…" if line[0] == "@" else line[1:]) for line in lines]


def part_of(section: Section, parts: Sequence[Part]) -> int | None:
    """The number of the part that a section is written in."""
    last = section.headings[-1] if section.headings else ""
    if not last:
        bare = [p for p in parts if p.level <= 1 and p.text.strip()]
        return bare[0].number if bare else None
    for part in parts:
        if part.heading == last or (
            part.heading and last.endswith(f": {part.heading}")
        ):
            return part.number
    return None


def document_at(path: str) -> str:
    """The address of a document's page."""
    return f"{KNOWLEDGE}/document?{urlencode({'path': path})}"


def number_in(text: str) -> int:
    """A number of a form.

    Raises:
        DocumentError: it is none.
    """
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and int(digits) <= MANY):
        raise DocumentError("that is no number")
    return int(text)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _version(history: Sequence[Kept], number: int) -> Kept:
    for one in history:
        if one.number == number:
            return one
    raise NotFoundError(f"there is no version {number}")
