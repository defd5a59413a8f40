"""Assembles the server from its parts, and says where each of them is reached."""

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from bot.api.access import ApiAccess
from bot.api.api import build_api_v1, mount_of
from bot.channels import web, web_pages, whatsapp
from bot.channels.refusals import add_refusals
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.console.console import build_console
from bot.console.sign_in import ways_of
from bot.conversations.ports import Assistant
from bot.conversations.states import SpentOn
from bot.health import health_pages
from bot.limits import Limit
from bot.message_templates import load_templates
from bot.metrics import metrics_page
from bot.organisation import load_organisation
from bot.organisation_file import OrganisationFile
from bot.parts import Parts
from bot.safety import require_safe_to_serve
from bot.staff.sealing import Seal
from bot.twilio_account import twilio_account


def create_app(
    settings: Settings,
    *,
    assistant: Assistant | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The whole server.

    ``assistant`` replaces the one that answers from the index.

    Raises:
        SettingsError: something is missing or unsafe.
    """
    require_safe_to_serve(settings)
    organisation = load_organisation(settings.organisation_file)
    parts = Parts(settings, organisation, assistant=assistant, clock=clock)
    app = FastAPI(
        title=f"{organisation.name}: enquiry assistant",
        lifespan=parts.lifespan,
        telemetry={"logs": False},
        openapi_url="/openapi.json" if settings.development else None,
        # They would lead to whatever host the request names.
        redirect_slashes=False,
    )
    app.state.parts = parts
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        allow_credentials=False,
    )
    add_refusals(app)
    _mount(app, parts)
    return app


def _mount(app: FastAPI, parts: Parts) -> None:
    for router in (*_channel_routers(parts), _console(parts)):
        app.include_router(router)
    access = ApiAccess(
        parts.tokens,
        per_token=Limit(parts.settings.limit_per_token),
        per_network=Limit(parts.settings.limit_per_network),
    )
    assistant = parts.budget.paying(parts.assistant, SpentOn.API)
    api = mount_of(build_api_v1(parts.conversations, assistant, access))
    app.router.routes.append(api)
    app.include_router(health_pages(parts))
    token = parts.settings.metrics_token.get_secret_value()
    app.include_router(metrics_page(parts.metrics, token=token))


def _channel_routers(parts: Parts) -> Iterator[APIRouter]:
    """Where contacts come in."""
    settings, conversations = parts.settings, parts.conversations
    yield web.build_api(
        conversations,
        secret=settings.visitor_key,
        per_visitor=Limit(settings.limit_per_visitor),
        per_network=Limit(settings.limit_per_network),
        opened=Limit(settings.limit_opened_per_network),
        seats=parts.seats,
    )
    yield web_pages.build_pages(
        organisation=parts.organisation, allowed_origins=settings.allowed_origins
    )
    account = twilio_account(settings, parts.simulator)
    if account is not None:
        yield whatsapp.build_router(
            conversations,
            account_sid=account[0],
            tokens=account[1],
            base_url=settings.base_url,
            limit=Limit(settings.limit_per_address),
        )
    if parts.simulator:
        yield parts.simulator.router()


def _console(parts: Parts) -> APIRouter:
    settings, simulated = parts.settings, parts.simulator is not None
    return build_console(
        parts.conversations,
        parts.staff_seats,
        assistant=parts.budget.paying(parts.assistant, SpentOn.DRAFT),
        model=parts.help,
        limit=Limit(settings.limit_per_member),
        budget=parts.budget,
        templates=load_templates(settings.templates_file, examples=simulated),
        webhooks=parts.connections.webhooks,
        ways=ways_of(settings, clock=parts.conversations.clock),
        seal=Seal(settings.visitor_key),
        organisation_file=OrganisationFile(
            settings.organisation_file, parts.organisation
        ),
        knowledge=parts.knowledge,
        group_gaps=parts.gaps.run,
        second_reader=settings.answers_need_second_reader,
        tokens=parts.tokens,
        secure=not settings.development,
    )
