"""The conversation page: the whole thread, and everything staff can do with it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Chosen, Frame
from bot.console.model_help import LONGEST_TEXT, DeskHelp
from bot.console.pages import Pages
from bot.console.template_actions import template_actions
from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.contacts.contacts import Contacts
from bot.conversations.desk.call_corrections import moment_of
from bot.conversations.desk.desk import Desk
from bot.conversations.desk.dossier import dossier, saved_replies
from bot.conversations.desk.read_marks import mark_read
from bot.conversations.desk.reopening import reopen
from bot.conversations.desk.templates import Templates
from bot.conversations.service import Conversations
from bot.conversations.states import Status
from bot.errors import ConversationError, NotFoundError
from bot.staff.sessions import SignedIn

BLANK = "[["
SNOOZES = {"1": "1 hour", "4": "4 hours", "24": "1 day", "72": "3 days"}

ConversationId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]
Action = Callable[[str, Form], Awaitable[None]]


class Actions:
    """What the buttons of a conversation do, by name."""

    def __init__(self, conversations: Conversations, desk: Desk) -> None:
        self._conversations = conversations
        self._desk = desk
        self._contacts = Contacts(conversations)
        self.by_name: dict[str, Action] = {
            "take": self._take,
            "reply": self._reply,
            "note": self._note,
            "hand-back": self._hand_back,
            "resolve": self._resolve,
            "reopen": self._reopen,
            "assign": self._assign,
            "snooze": self._snooze,
            "read": self._read,
            "writing": self._writing,
            "label": self._label,
        }

    async def _take(self, conversation_id: str, form: Form) -> None:
        await self._conversations.take(conversation_id, member=form.who.name)

    async def _note(self, conversation_id: str, form: Form) -> None:
        await self._desk.note(
            conversation_id, _words(form, "note"), member=form.who.name
        )

    async def _reply(self, conversation_id: str, form: Form) -> None:
        text = _words(form, "reply")
        if BLANK in text:
            raise ConversationError("fill in the blanks in [[brackets]] first")
        await self._conversations.reply_as_staff(
            conversation_id,
            text,
            member=form.who.name,
            client_id=form.text("client_id")[:100] or None,
        )

    async def _hand_back(self, conversation_id: str, form: Form) -> None:
        await self._conversations.hand_back(conversation_id, member=form.who.name)

    async def _resolve(self, conversation_id: str, form: Form) -> None:
        await self._conversations.resolve(conversation_id, member=form.who.name)

    async def _reopen(self, conversation_id: str, form: Form) -> None:
        await reopen(self._conversations, conversation_id, member=form.who.name)

    async def _assign(self, conversation_id: str, form: Form) -> None:
        await self._desk.assign(
            conversation_id, to=form.text("to"), member=form.who.name
        )

    async def _snooze(self, conversation_id: str, form: Form) -> None:
        conversations, hours = self._conversations, form.text("hours")
        until = None
        if form.text("until"):
            until = moment_of(
                form.text("until"),
                time_zone=conversations.organisation.time_zone,
                now=conversations.clock(),
            )
        elif hours in SNOOZES:
            until = conversations.clock() + timedelta(hours=int(hours))
        await self._desk.snooze(conversation_id, until=until, member=form.who.name)

    async def _read(self, conversation_id: str, form: Form) -> None:
        conversations = self._conversations
        await mark_read(
            conversations.events.database,
            conversation_id,
            member_id=form.who.member_id,
            now=conversations.clock(),
        )

    async def _writing(self, conversation_id: str, form: Form) -> None:
        await self._conversations.presence.writes(
            conversation_id, form.who.name, active=bool(form.text("active"))
        )

    async def _label(self, conversation_id: str, form: Form) -> None:
        await self._contacts.label_conversation(
            conversation_id, form.all("label"), member_id=form.who.member_id
        )


def conversation_pages(
    conversations: Conversations,
    access: Access,
    pages: Pages,
    *,
    frame: Frame,
    desk_help: DeskHelp,
    templates: Templates,
) -> APIRouter:
    """``/console/conversations/…``."""
    router = APIRouter(
        prefix="/console/conversations",
        include_in_schema=False,
        max_body_size=LONGEST_BODY,
    )
    actions = {
        **Actions(conversations, Desk(conversations)).by_name,
        **template_actions(templates),
    }
    database = conversations.events.database

    @router.get("/{conversation_id}")
    async def page(
        conversation_id: ConversationId,
        who: Annotated[SignedIn, Depends(access.signed_in)],
        choice: Chosen,
    ) -> Response:
        around = await frame.values(who, choice)
        try:
            case = await dossier(conversations, conversation_id)
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error
        mine = case.assignee_id == who.member_id
        values = {
            "case": case,
            "current": case.id,
            "mine": mine,
            "free": mine or case.status in {Status.BOT, Status.WAITING},
            "closed": bool(
                case.window_until and case.window_until < conversations.clock()
            ),
            "panel": case.contact_id and await contact_file(database, case.contact_id),
            "replies": await saved_replies(database),
            "snoozes": SNOOZES,
            "templates": templates.for_language(case.language),
        }
        offered = desk_help.offered(case)
        return pages.show("conversation.html", {**around, **values, **offered})

    @router.post("/{conversation_id}/{name}")
    async def act(
        conversation_id: ConversationId,
        name: str,
        request: Request,
        form: Annotated[Form, Depends(access.form)],
    ) -> Response:
        action = actions.get(name)
        if action is None:
            raise HTTPException(404)
        back = f"/console/conversations/{conversation_id}"
        return await answered(
            request, action(conversation_id, form), pages=pages, back=back
        )

    return router


def _words(form: Form, name: str) -> str:
    text = form.text(name).strip()
    if len(text) > LONGEST_TEXT:
        raise ConversationError(f"at most {LONGEST_TEXT} letters, please")
    return text
