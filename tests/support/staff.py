"""Staff who can sign in, and their pages over HTTP."""

import re
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.database import Database
from bot.staff import Role
from bot.staff.members import add_account
from bot.staff.passwords import Passwords

PASSWORD = "correct horse battery"


async def add_staff(
    database: Database, *names: str, role: Role = Role.STAFF, now: datetime
) -> None:
    """Accounts that all have the same password."""
    hashed = await Passwords().hash(PASSWORD)
    async with database.write() as session:
        for name in names:
            await add_account(session, name, role=role, password_hash=hashed, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A browser of one staff member, without its script."""

    client: httpx.AsyncClient

    async def sign_in(
        self, name: str, password: str = PASSWORD, *, after: str = ""
    ) -> httpx.Response:
        address = f"/console/sign-in{after}"
        page = await self.client.get(address)
        return await self.client.post(
            address,
            data={"name": name, "password": password, "csrf": token_in(page.text)},
        )

    async def post(
        self, path: str, /, *, scripted: bool = True, **fields: str
    ) -> httpx.Response:
        """Send a form with its token, as the script does or as a browser does."""
        return await self.send(path, fields, scripted=scripted)

    async def send(
        self, path: str, fields: dict[str, str], *, scripted: bool = True
    ) -> httpx.Response:
        """The same, with the fields in one piece."""
        page = await self.client.get("/console/replies")
        return await self.client.post(
            path,
            data={"csrf": token_in(page.text), **fields},
            headers={"X-Console": "1"} if scripted else {},
        )

    async def act(self, conversation: str, name: str, **fields: str) -> httpx.Response:
        """Press a button of a conversation."""
        path = f"/console/conversations/{conversation}/{name}"
        return await self.send(path, fields, scripted=True)

    async def see(self, path: str = "/console") -> str:
        """A page's words, markup included, white space made plain."""
        page = await self.client.get(path)
        assert page.status_code == 200, page.text
        return " ".join(page.text.split())


def token_in(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found, page
    return found.group(1)
