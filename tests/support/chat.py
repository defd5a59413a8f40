"""A visitor of the web chat, speaking its API."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody with a token, who can write."""

    client: httpx.AsyncClient
    token: str
    conversation_id: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def say(self, text: str, *, client_id: str = "c1") -> httpx.Response:
        return await self.client.post(
            "/api/chat/messages",
            json={"client_id": client_id, "text": text},
            headers=self.headers,
        )

    async def post(self, body: bytes, kind: str = "application/json") -> httpx.Response:
        """Post any bytes as a message."""
        headers = {**self.headers, "Content-Type": kind}
        return await self.client.post(
            "/api/chat/messages", content=body, headers=headers
        )


async def arrive(client: httpx.AsyncClient) -> Visitor:
    """A new visitor opens the chat."""
    opened = await client.post("/api/chat/conversations")
    assert opened.status_code == 201, opened.text
    return Visitor(
        client=client,
        token=opened.json()["token"],
        conversation_id=opened.json()["conversation_id"],
    )
