"""Another program that uses the API with its token."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.staff.tokens import Scope
from tests.support.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Calls ``/api/v1`` of a house."""

    house: House
    token: str

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.house.client.get(
            f"/api/v1{path}", params=query, headers=self.headers
        )

    async def post(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        return await self.house.client.post(
            f"/api/v1{path}", json=body, headers=self.headers
        )

    async def read(self, path: str, **query: str | int) -> Any:  # noqa: ANN401  JSON
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def program(house: House, scope: Scope, name: str = "CRM") -> Program:
    """A program with a token of its own."""
    token = await house.parts.tokens.add(name, scope)
    return Program(house=house, token=token)
