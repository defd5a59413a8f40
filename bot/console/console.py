"""Puts the console together."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter

from bot.console.access import Access
from bot.console.account import account_pages
from bot.console.assignment import assignment_pages
from bot.console.call_backs import call_back_pages
from bot.console.contact import contact_pages
from bot.console.contact_data import data_pages, merge_pages
from bot.console.conversation import conversation_pages
from bot.console.figures import figures_pages
from bot.console.gap_desk import GapDesk
from bot.console.gaps import GAPS, gap_pages
from bot.console.hours import hours_pages
from bot.console.inbox import Frame, inbox_page
from bot.console.integrations import integration_pages
from bot.console.invitations import invitation_form
from bot.console.knowledge import knowledge_pages
from bot.console.knowledge_arriving import arriving_pages
from bot.console.knowledge_desk import KNOWLEDGE, Knowledge, KnowledgeDesk
from bot.console.knowledge_editing import editing_pages
from bot.console.knowledge_history import history_pages
from bot.console.labels import label_forms
from bot.console.live import stream_of
from bot.console.many import many_forms
from bot.console.model_help import DeskHelp, help_forms
from bot.console.office import office_pages
from bot.console.own_password import password_form
from bot.console.pages import Pages, static_files
from bot.console.screens import Screens
from bot.console.second_step import confirm_pages, second_step_pages
from bot.console.sign_in import Ways, sign_in_pages
from bot.console.spend import spend_page
from bot.console.views import view_forms
from bot.conversations.desk.templates import Templates
from bot.conversations.live.seats import Seats
from bot.conversations.ports import Assistant
from bot.conversations.service import Conversations
from bot.conversations.spending.budget import Budget
from bot.conversations.staff_help import StaffHelp
from bot.integrations.webhooks import Webhooks
from bot.limits import Limit
from bot.message_templates import MessageTemplate
from bot.organisation_file import OrganisationFile
from bot.staff.sealing import Seal
from bot.staff.sessions import Sessions
from bot.staff.tokens import Tokens


def build_console(
    conversations: Conversations,
    seats: Seats,
    *,
    assistant: Assistant,
    model: StaffHelp | None,
    limit: Limit,
    budget: Budget,
    templates: Sequence[MessageTemplate],
    knowledge: Knowledge,
    group_gaps: Callable[[], Awaitable[int]],
    second_reader: bool,
    tokens: Tokens,
    webhooks: Webhooks,
    ways: Ways,
    seal: Seal,
    organisation_file: OrganisationFile,
    secure: bool,
) -> APIRouter:
    """Everything under ``/console``; ``secure`` cookies travel by https only.

    ``model`` helps staff where there is one, each of them within ``limit``.
    """
    organisation = conversations.organisation
    sessions = Sessions(
        conversations.events.database,
        clock=conversations.clock,
        seal=seal,
        rules=ways.rules,
    )
    access = Access(sessions, secure=secure)
    pages = Pages(
        organisation=organisation.name,
        time_zone=organisation.time_zone,
        clock=conversations.clock,
    )
    frame = Frame(conversations)
    desk_help = DeskHelp(conversations, assistant=assistant, model=model, limit=limit)
    screens = Screens(pages, frame, back=KNOWLEDGE, part="Knowledge")
    beside_gaps = Screens(pages, frame, back=GAPS, part="Gaps")
    shelf = KnowledgeDesk(
        knowledge, conversations.events.database, clock=conversations.clock
    )
    gaps = GapDesk(shelf, conversations, group=group_gaps, second_reader=second_reader)
    whole = APIRouter()
    for part in (
        sign_in_pages(access, pages, ways),
        static_files(),
        stream_of(conversations, access, seats=seats),
        inbox_page(access, pages, frame),
        many_forms(conversations, access, pages, frame=frame),
        view_forms(conversations, access, pages),
        help_forms(desk_help, access, pages),
        conversation_pages(
            conversations,
            access,
            pages,
            frame=frame,
            desk_help=desk_help,
            templates=Templates(conversations, templates),
        ),
        merge_pages(conversations, access, pages, frame=frame),
        data_pages(conversations, access, pages, frame=frame),
        contact_pages(conversations, access, pages, frame=frame),
        invitation_form(
            conversations, access, pages, frame=frame, passwords=ways.password
        ),
        account_pages(
            conversations, access, pages, frame=frame, passwords=ways.password
        ),
        second_step_pages(access, pages, frame=frame),
        confirm_pages(access, pages, ways, frame=frame),
        password_form(conversations, access, pages, passwords=ways.password),
        label_forms(conversations, access, pages),
        call_back_pages(conversations, access, pages, frame=frame),
        assignment_pages(conversations, access, pages, frame=frame),
        hours_pages(conversations, access, pages, frame=frame, file=organisation_file),
        office_pages(conversations, access, pages, frame=frame),
        integration_pages(webhooks, tokens, access, pages, frame=frame),
        spend_page(budget, access, pages, frame=frame),
        knowledge_pages(shelf, access, screens, limit=limit),
        editing_pages(shelf, access, screens),
        history_pages(shelf, access, screens),
        arriving_pages(shelf, access, screens),
        gap_pages(gaps, access, beside_gaps),
        figures_pages(conversations, budget, access, pages, frame=frame),
    ):
        whole.include_router(part)
    return whole
