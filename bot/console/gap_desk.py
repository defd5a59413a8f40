"""What the pages of gaps do: prefill an answer, propose it, publish it."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from unicodedata import category

from bot.console.document_names import path_for
from bot.console.knowledge_desk import KnowledgeDesk
from bot.conversations.desk.gap_questions import GapQuestion
from bot.conversations.desk.gaps import GapView, close_gap, one_gap, propose
from bot.conversations.service import Conversations
from bot.errors import (
    ChangedMeanwhileError,
    ConversationError,
    DocumentError,
    NotFoundError,
)
from bot.masking import masked
from bot.publishing import Published
from bot.staff.audit import write_down
from bot.staff.sessions import SignedIn

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
LONGEST_TITLE, LONGEST_WORDS = 200, 4000
LONGEST_ASK, ASKS_PER_LANGUAGE = 200, 5
FIELDS = ("title", "words", "source", "last_verified", "recheck_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How somebody asked, without personal data; ``key`` is its message."""

    key: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a catalogue is to hold; ``seen`` is its version before, None if new."""

    path: str
    content: bytes
    seen: str | None


class GapDesk:
    """Writes answers to gaps; ``second_reader`` says that somebody else has to read."""

    def __init__(
        self,
        shelf: KnowledgeDesk,
        conversations: Conversations,
        *,
        group: Callable[[], Awaitable[int]],
        second_reader: bool,
    ) -> None:
        self.conversations = conversations
        self.database = conversations.events.database
        self.group = group
        self.second_reader = second_reader
        self._shelf = shelf

    def prefilled(self, view: GapView, *, today: str) -> dict[str, str]:
        """What the form begins with: what is proposed, else what staff answered."""
        if view.gap.proposal:
            return {name: view.gap.proposal.get(name, "") for name in FIELDS}
        answers = view.answers
        return {
            "title": "",  # names and places cannot be told apart from it: write it anew
            "words": masked(answers[0].text) if answers else "",
            "source": "",
            "last_verified": today,
            "recheck_by": "",
        }

    def asks(self, questions: Sequence[GapQuestion]) -> list[Ask]:
        """How contacts asked: some of each language, none with personal data."""
        found: dict[tuple[str, str], Ask] = {}
        counts: dict[str, int] = {}
        for one in questions:
            text = " ".join(one.text.split())
            key = (one.language, text.casefold())
            plain = masked(text) == text and len(text) <= LONGEST_ASK and _fits(text)
            if not plain or not LANGUAGE.fullmatch(one.language) or key in found:
                continue
            counts[one.language] = counts.get(one.language, 0) + 1
            if counts[one.language] <= ASKS_PER_LANGUAGE:
                found[key] = Ask(key=one.key, language=one.language, text=text)
        return list(found.values())

    async def save(
        self,
        gap_id: str,
        given: Mapping[str, str],
        keys: Sequence[str],
        who: SignedIn,
        *,
        seen: str,
    ) -> Published | None:
        """Publish an answer, or keep it for whoever may; None: nothing was published.

        What fails half-way goes on where it was, once it is sent again.

        Raises:
            BotError: it is refused; nothing was changed then.
        """
        view = await one_gap(self.database, gap_id)
        if view.gap.answered_at is not None:
            raise ConversationError("this gap is answered already")
        path, content = self._document(given)
        trial = await self._shelf.tried(path, content)
        proposal = {
            **given,
            "asks": " ".join(sorted(keys)),
            "by": who.name,
            "member": str(who.member_id),
        }
        if not self._may_publish(view.gap.proposal, proposal, who):
            await propose(self.database, gap_id, proposal, seen=seen)
            return None
        chosen = [ask for ask in self.asks(view.questions) if ask.key in keys]
        catalogues = []
        if trial.sections:
            heading = trial.sections[0].name.removeprefix(f"{path}#")
            catalogues = await self._with_asks(path, heading, chosen)
        done = await self._published(path, content, who)
        for one in catalogues:
            await self._shelf.publisher.publish(
                one.path, one.content, seen=one.seen, by=who.name
            )
        now = self.conversations.clock()
        await close_gap(self.database, gap_id, path=path, now=now)
        return done

    async def drop(self, gap_id: str, who: SignedIn, *, seen: str) -> None:
        """Drop the proposal that somebody saw.

        Raises:
            ConversationError: there is another one, or none, or the gap is answered.
        """
        if not seen:
            raise ConversationError("there is no proposal")
        await propose(self.database, gap_id, None, seen=seen)
        async with self.database.write() as session:
            write_down(
                session,
                "proposal_dropped",
                now=self.conversations.clock(),
                member_id=who.member_id,
                detail=gap_id,
            )

    async def _published(
        self, path: str, content: bytes, who: SignedIn
    ) -> Published | None:
        """None where the very same is published already: the rest of it had failed."""
        try:
            done = await self._shelf.publisher.publish(
                path, content, seen=None, by=who.name
            )
        except ChangedMeanwhileError as error:
            if error.now == content:
                return None
            raise DocumentError(
                f"title: there is {path} already; choose another title, or add to that"
            ) from error
        await self._shelf.done("document_published", done, who)
        return done

    def _may_publish(
        self,
        earlier: Mapping[str, str] | None,
        now: Mapping[str, str],
        who: SignedIn,
    ) -> bool:
        if not who.admin:
            return False
        if not self.second_reader:
            return True
        written = (*FIELDS, "asks")
        return (
            earlier is not None
            and earlier.get("member") != str(who.member_id)
            and all(earlier.get(name, "") == now.get(name, "") for name in written)
        )

    def _document(self, given: Mapping[str, str]) -> tuple[str, bytes]:
        title, words = given["title"].strip(), given["words"].strip()
        if len(title) > LONGEST_TITLE:
            raise DocumentError(f"title: a question of 1 to {LONGEST_TITLE} letters")
        if not 0 < len(words) <= LONGEST_WORDS:
            raise DocumentError(f"answer: write 1 to {LONGEST_WORDS} letters")
        if masked(words) != words or masked(title) != title:
            raise DocumentError(
                "there is an e-mail address or a number of a person in it: take it out"
            )
        fields = {name: given[name].strip() for name in FIELDS if name != "words"}
        text = self._shelf.publisher.texts.new_document(
            {**fields, "kind": "faq"}, [(title, words)]
        )
        return path_for("faq", title), text.encode()

    async def _with_asks(
        self, path: str, heading: str, asks: Sequence[Ask]
    ) -> list[Catalogue]:
        """The catalogues with what they lack of it.

        Raises:
            DocumentError: one of them would be refused.
        """
        by_language: dict[str, list[str]] = {}
        for ask in asks:
            by_language.setdefault(ask.language, []).append(ask.text)
        found = []
        for language, texts in by_language.items():
            name, entry = f"languages/{language}.yaml", _entry(path, heading, texts)
            before, seen = "", None
            with suppress(NotFoundError):
                there = await self._shelf.publisher.read(name)
                before, seen = there.text.rstrip("\n") + "\n", there.version
            if entry not in before:
                content = (before + entry).encode()
                await self._shelf.tried(name, content)
                found.append(Catalogue(path=name, content=content, seen=seen))
        return found


def _fits(text: str) -> bool:
    """Whether a catalogue can hold it: no sign that steers, and none that is none."""
    return not any(category(one) in {"Cc", "Cn", "Co", "Cs"} for one in text)


def _entry(path: str, heading: str, asks: Sequence[str]) -> str:
    """An entry of a catalogue; what JSON quotes, YAML reads."""
    lines = [f"      - {json.dumps(ask, ensure_ascii=False)}" for ask in asks]
    name = json.dumps(heading, ensure_ascii=False)
    return "\n".join([f"{path}:", f"  {name}:", "    asks:", *lines, ""])
