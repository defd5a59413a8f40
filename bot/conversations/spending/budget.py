"""How much language models may still take; each call is counted by who it was for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.config import Settings
from bot.conversations.models import ModelSpend
from bot.conversations.ports import Assistant, Tokens
from bot.conversations.spending.paid import PaidAssistant, PaidHelp
from bot.conversations.staff_help import StaffHelp
from bot.conversations.states import PURPOSES, SpentOn
from bot.database import Database
from bot.logs import get_logger

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a million tokens cost, in whatever currency; 0 where nobody has said."""

    read: float = 0.0
    written: float = 0.0

    def cost(self, tokens: Tokens) -> float | None:
        """What so many tokens cost; None where no price is known."""
        if not (self.read or self.written):
            return None
        return (tokens.read * self.read + tokens.written * self.written) / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most tokens, read and written, for each span; 0 is no limit."""

    address_day: int = 0
    network_day: int = 0
    day: int = 0
    month: int = 0


NO_PRICES = Prices()


class Budget:
    """Counts what models take, and says when it is enough.

    Days and months are those of ``time_zone``. A limit is looked at before a reply: the
    one that goes past it is still written, and so are those under way at that moment.
    """

    def __init__(
        self,
        database: Database,
        *,
        caps: Caps,
        time_zone: str,
        clock: Clock,
        prices: Prices = NO_PRICES,
    ) -> None:
        self.caps = caps
        self.prices = prices
        self.database = database
        self._zone = ZoneInfo(time_zone)
        self._clock = clock
        self._reached: set[tuple[date, str, str]] = set()

    @property
    def today(self) -> date:
        """The day where the organisation is."""
        return self._clock().astimezone(self._zone).date()

    def account(
        self,
        purpose: SpentOn,
        *,
        address_id: int | None = None,
        network: str | None = None,
    ) -> "Account":
        """Whoever pays for a call: a purpose, and for whom where that is known.

        ``network`` is a name of the network that they write from.
        """
        return Account(self, purpose, address_id=address_id, network=network)

    def paying(self, assistant: Assistant, purpose: SpentOn) -> PaidAssistant:
        """An assistant for whoever has no account: this purpose pays."""
        return PaidAssistant(assistant, self.account(purpose))

    def helping(self, help_: StaffHelp) -> PaidHelp:
        """Whoever helps staff: each of what they do is a purpose of its own."""
        return PaidHelp(
            help_,
            draft=self.account(SpentOn.DRAFT),
            translation=self.account(SpentOn.TRANSLATION),
            summary=self.account(SpentOn.SUMMARY),
        )

    async def allows(self, account: "Account") -> bool:
        """Whether no limit is reached; the log hears of each once a day."""
        today = self.today
        async with self.database.read() as session:
            for span, cap, where, name in self._limits(account, today):
                if await _taken(session, where) >= cap:
                    self._tell(today, span, name, cap)
                    return False
        return True

    async def pay(self, account: "Account", tokens: Tokens) -> None:
        """Add what a call took; workers at the same time lose nothing."""
        today = self.today
        rows: list[dict[str, object]] = [
            {
                "day": today,
                "kind": kind,
                "name": name,
                "address_id": account.address_id if kind is SpentOn.ADDRESS else None,
                "tokens_read": tokens.read,
                "tokens_written": tokens.written,
            }
            for kind, name in account.payers
        ]
        insert = sqlite.insert if self.database.sqlite else postgresql.insert
        statement = insert(ModelSpend).values(rows)
        new = statement.excluded
        async with self.database.write() as session:
            await session.execute(
                statement.on_conflict_do_update(
                    index_elements=["day", "kind", "name"],
                    set_={
                        "tokens_read": ModelSpend.tokens_read + new.tokens_read,
                        "tokens_written": ModelSpend.tokens_written
                        + new.tokens_written,
                    },
                )
            )

    def _limits(
        self, account: "Account", today: date
    ) -> Iterator[tuple[str, int, ColumnElement[bool], str]]:
        """The limits that are set: what of, how much, which rows count, whose."""
        caps, on_day = self.caps, ModelSpend.day == today
        for kind, name in account.payers:
            cap = {
                SpentOn.ADDRESS: caps.address_day,
                SpentOn.NETWORK: caps.network_day,
            }.get(kind)
            if cap:
                mine = (ModelSpend.kind == kind) & (ModelSpend.name == name)
                yield f"{kind}_day", cap, on_day & mine, name
        of_all = ModelSpend.kind.in_(PURPOSES)
        if caps.day:
            yield "day", caps.day, on_day & of_all, ""
        if caps.month:
            month = ModelSpend.day >= today.replace(day=1)
            yield "month", caps.month, month & of_all, ""

    def _tell(self, today: date, span: str, name: str, cap: int) -> None:
        self._reached = {one for one in self._reached if one[0] == today}
        if (today, span, name) not in self._reached:
            self._reached.add((today, span, name))
            log.warning("model_budget_reached", limit=span, tokens=cap)


class Account:
    """Pays for models from a budget."""

    def __init__(
        self,
        budget: Budget,
        purpose: SpentOn,
        *,
        address_id: int | None,
        network: str | None,
    ) -> None:
        self.address_id = address_id
        self._budget = budget
        # The same order everywhere, so that two writers never wait for each other.
        self.payers = [(purpose, "")]
        if address_id is not None:
            self.payers.append((SpentOn.ADDRESS, str(address_id)))
        if network is not None:
            self.payers.append((SpentOn.NETWORK, network))

    async def allows(self) -> bool:
        """Whether a model may be asked now."""
        return await self._budget.allows(self)

    async def pay(self, tokens: Tokens) -> None:
        """Count what a model took."""
        await self._budget.pay(self, tokens)


def budget_of(
    settings: Settings, database: Database, *, time_zone: str, clock: Clock
) -> Budget:
    """The budget that the settings name."""
    return Budget(
        database,
        caps=Caps(
            address_day=settings.bot_model_most_tokens_address_day,
            network_day=settings.bot_model_most_tokens_network_day,
            day=settings.bot_model_most_tokens_day,
            month=settings.bot_model_most_tokens_month,
        ),
        prices=Prices(
            read=settings.bot_model_price_in, written=settings.bot_model_price_out
        ),
        time_zone=time_zone,
        clock=clock,
    )


async def _taken(session: AsyncSession, where: ColumnElement[bool]) -> int:
    both = ModelSpend.tokens_read + ModelSpend.tokens_written
    return (
        await session.scalar(select(func.coalesce(func.sum(both), 0)).where(where)) or 0
    )
