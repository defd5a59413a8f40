"""What a model can do for staff on the page of a conversation; it sends nothing."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered, in_json
from bot.console.pages import Pages, web_link
from bot.conversations.desk.dossier import Dossier
from bot.conversations.desk.drafting import draft
from bot.conversations.desk.translating import (
    reply_language,
    translate_message,
    translate_reply,
)
from bot.conversations.ports import Assistant, Citation
from bot.conversations.service import Conversations
from bot.conversations.staff_help import StaffHelp
from bot.errors import ConversationError, TooOftenError
from bot.limits import Limit

LONGEST_TEXT = 4000

PublicId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]


class DeskHelp:
    """What one staff member may ask for, and what their page offers."""

    def __init__(
        self,
        conversations: Conversations,
        *,
        assistant: Assistant,
        model: StaffHelp | None,
        limit: Limit,
    ) -> None:
        self._conversations = conversations
        self._assistant = assistant
        self._model = model
        self._limit = limit

    def offered(self, case: Dossier) -> dict[str, object]:
        """For the page: which messages can be translated, and a reply into what."""
        if self._model is None or not self._model.translates:
            return {"foreign": frozenset(), "reply_into": None}
        foreign = {
            entry.id
            for entry in case.entries
            if entry.author in {"contact", "bot", "staff"}
            and entry.text.strip()
            and self._model.is_foreign(entry.text, known=case.language)
        }
        into = reply_language(self._conversations, case.language)
        return {"foreign": foreign, "reply_into": into}

    async def draft(self, conversation_id: str, form: Form) -> Mapping[str, object]:
        """A text for the composer, with its sources and what was left out of it."""
        self._count(form)
        found = await draft(
            self._conversations,
            self._assistant,
            conversation_id,
            member=form.who.name,
            help_=self._model,
        )
        return {
            "text": self._conversations.speaker.with_sources(found.answer),
            "sources": [_source(cited) for cited in found.answer.citations],
            "left_out": [
                {"text": one.text, "reason": one.reason} for one in found.left_out
            ],
        }

    async def translate_message(
        self, conversation_id: str, message_id: str, form: Form
    ) -> None:
        """Keep a translation with a message."""
        model = self._translator(form)
        await translate_message(
            self._conversations,
            model,
            conversation_id,
            message_id,
            member=form.who.name,
        )

    async def translate_reply(
        self, conversation_id: str, form: Form
    ) -> Mapping[str, object]:
        """What was typed, in the contact's language, with what to compare."""
        model, text = self._translator(form), form.text("text").strip()
        if len(text) > LONGEST_TEXT:
            raise ConversationError(f"at most {LONGEST_TEXT} letters, please")
        written = await translate_reply(
            self._conversations, model, conversation_id, text, member=form.who.name
        )
        return {"text": written.text, "doubts": list(written.doubts)}

    def _translator(self, form: Form) -> StaffHelp:
        if self._model is None or not self._model.translates:
            raise HTTPException(404, "there are no translations here")
        self._count(form)
        return self._model

    def _count(self, form: Form) -> None:
        key = str(form.who.member_id)
        if not self._limit.allows(key):
            seconds = self._limit.seconds_left(key)
            raise TooOftenError("drafts and translations", seconds=seconds)


def help_forms(desk_help: DeskHelp, access: Access, pages: Pages) -> APIRouter:
    """The buttons of the conversation page that ask for help."""
    router = APIRouter(
        prefix="/console/conversations",
        include_in_schema=False,
        max_body_size=LONGEST_BODY,
    )

    @router.post("/{conversation_id}/draft")
    async def suggest(
        conversation_id: PublicId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await in_json(desk_help.draft(conversation_id, form))

    @router.post("/{conversation_id}/translate")
    async def translate(
        conversation_id: PublicId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await in_json(desk_help.translate_reply(conversation_id, form))

    @router.post("/{conversation_id}/messages/{message_id}/translate")
    async def read(
        conversation_id: PublicId,
        message_id: PublicId,
        request: Request,
        form: Annotated[Form, Depends(access.form)],
    ) -> Response:
        doing = desk_help.translate_message(conversation_id, message_id, form)
        back = f"/console/conversations/{conversation_id}"
        return await answered(request, doing, pages=pages, back=back)

    return router


def _source(cited: Citation) -> dict[str, object]:
    title = cited.title if cited.page is None else f"{cited.title}, page {cited.page}"
    return {
        "title": title,
        "url": web_link({"url": cited.url}),
        "as_of": cited.as_of.isoformat() if cited.as_of else "",
    }
