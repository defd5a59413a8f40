"""Who may call the API: programs with a token, so often a minute."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.limits import Limit
from bot.network import address_of, network_of
from bot.staff.tokens import Caller, Scope, Tokens

BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="a token made by an admin"
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


class ApiAccess:
    """The dependencies that let programs in."""

    def __init__(self, tokens: Tokens, *, per_token: Limit, per_network: Limit) -> None:
        self._tokens = tokens
        self._per_token = per_token
        self._per_network = per_network

    async def reader(self, request: Request, credentials: Credentials) -> Caller:
        """Whoever shows a token that holds."""
        caller = credentials and await self._tokens.caller(credentials.credentials)
        if not caller:
            network = network_of(address_of(request.client))
            _count(self._per_network, f"refused {network}")
            raise HTTPException(
                401, "a token is needed", {"WWW-Authenticate": "Bearer"}
            )
        _count(self._per_token, caller.handle)
        return caller

    async def writer(self, request: Request, credentials: Credentials) -> Caller:
        """Whoever shows a token that may change something."""
        caller = await self.reader(request, credentials)
        if caller.scope is not Scope.WRITE:
            raise HTTPException(403, "this token may only read")
        return caller


def _count(limit: Limit, key: str) -> None:
    if not limit.allows(key):
        seconds = limit.seconds_left(key)
        raise HTTPException(
            429,
            f"too many requests; try again in {seconds} s",
            {"Retry-After": str(seconds)},
        )
