"""Who is answered next: networks take turns, and none of them holds every replier."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, String, case, cast, false, func, literal, select

from bot.conversations.models import Address, Conversation
from bot.conversations.working.reply_claims import ReplyClaim

# Whoever was answered before that is nobody's neighbour in the line any more.
REMEMBERED = 50


class Turns:
    """Who was answered lately by this process, and who is being answered.

    What counts as one is a network, or an address where the network is not known: one
    phone has one conversation, one visitor of the web chat could have hundreds.
    ``share`` is how many conversations of one may be answered at a time.
    """

    def __init__(self, *, share: int) -> None:
        # Held while somebody claims: nobody may be given a share twice.
        self.claiming = asyncio.Lock()
        self._share = share
        self._under_way: Counter[str] = Counter()
        self._lately: list[str] = []

    @contextmanager
    def taken(self, claim: ReplyClaim) -> Iterator[None]:
        """While the context lasts, this one is being answered."""
        self._lately = [one for one in self._lately if one != claim.origin]
        self._lately = [*self._lately, claim.origin][-REMEMBERED:]
        self._under_way[claim.origin] += 1
        try:
            yield
        finally:
            self._under_way[claim.origin] -= 1
            self._under_way += Counter()  # forgets who is at zero

    def has_its_share(self) -> ColumnElement[bool]:
        """Whether a conversation has to wait until another of its network is done."""
        full = [one for one, many in self._under_way.items() if many >= self._share]
        if not full:
            return false()
        return Conversation.address_id.in_(
            select(Address.id).where(Address.network.in_(full))
        )

    def order(self) -> ColumnElement[int]:
        """Who has not been answered lately first, then who was the longest ago."""
        places = {origin: place for place, origin in enumerate(self._lately, start=1)}
        return case(places, value=_origin(), else_=0) if places else literal(0)


def _origin() -> ColumnElement[str]:
    """As ``ReplyClaim.origin``."""
    own = literal("address ", String).concat(cast(Address.id, String))
    return func.coalesce(Address.network, own)
