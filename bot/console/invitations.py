"""Admins invite people: an account, and a first password that is shown once."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.account import ACCOUNT
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.service import Conversations
from bot.errors import StaffError
from bot.staff import Role
from bot.staff.audit import write_down
from bot.staff.members import add_account, set_email

# Of so many random bytes a first password is made.
FIRST_PASSWORD_BYTES = 15
ROLES = {role.value: role for role in Role}


def invitation_form(
    conversations: Conversations,
    access: Access,
    pages: Pages,
    *,
    frame: Frame,
    passwords: bool,
) -> APIRouter:
    """``/console/account/invite``; without ``passwords`` it takes an e-mail address."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    async def invited(form: Form) -> tuple[str, str]:
        """The name of the account, and its password if it has one."""
        email, password = form.text("email").strip(), ""
        role = ROLES.get(form.text("role"))
        if role is None:
            raise StaffError("choose what they may do")
        if not passwords and not email:
            raise StaffError("they sign in through a provider: give the address there")
        if passwords:
            password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
        hashed = await access.sessions.passwords.hash(password) if password else None
        now = conversations.clock()
        async with conversations.events.database.write() as session:
            member = await add_account(
                session, form.text("name"), role=role, password_hash=hashed, now=now
            )
            await session.flush()
            if email:
                await set_email(session, member, email)
            write_down(
                session,
                "staff_added",
                now=now,
                member_id=form.who.member_id,
                detail=member.name,
            )
            return member.name, password

    @router.post(f"{ACCOUNT}/invite")
    async def invite(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        access.require_fresh(form.who, back=ACCOUNT)
        try:
            name, password = await invited(form)
        except StaffError as error:
            values = {"problem": str(error), "back": ACCOUNT}
            return pages.show("refused.html", values, status=409)
        values = {"name": name, "password": password}
        return pages.show("invited.html", {**await frame.values(form.who), **values})

    return router
