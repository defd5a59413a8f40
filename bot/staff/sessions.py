"""Who is signed in, until they sign out, are revoked, or time is up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.clock import Clock
from bot.database import Database
from bot.errors import SecondStepError, SignInError, TooManyGuessesError
from bot.staff.admission import NOBODY_NEW, AdmissionRule, admitted
from bot.staff.audit import write_down
from bot.staff.guesses import Whence, codes_of, forget_guesses, pause_before_guess
from bot.staff.identity_provider import Identity
from bot.staff.known_browsers import known_as, known_token
from bot.staff.members import Role, StaffMember
from bot.staff.passwords import Passwords
from bot.staff.proof import proven
from bot.staff.sealing import Seal
from bot.staff.second_step import SecondStep, code_is_right, has_second_step
from bot.staff.session_rows import StaffSession, begin_session, in_time, token_hash

# How often it is written down that somebody is still there.
SEEN_EVERY = timedelta(minutes=5)
# How long somebody may take from the password to the code.
LONGEST_BETWEEN = timedelta(minutes=10)
# What is not to be done by whoever finds a desk left alone needs a proof this new.
FRESH = timedelta(minutes=10)
WRONG_CODE = "This is no code of yours, or one that was used before."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is looking at a page; ``csrf`` has to come back with every form."""

    member_id: int
    name: str
    role: Role
    csrf: str
    token: str
    # Until when they need not prove again who they are.
    fresh_until: datetime
    # Whether their role needs a second step that they have not set up.
    owes_second_step: bool = False

    @property
    def admin(self) -> bool:
        """Whether they may do what only admins may."""
        return self.role is Role.ADMIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """Who is let in on a provider's word, and who needs a second step."""

    admission: AdmissionRule = NOBODY_NEW
    second_step: frozenset[Role] = frozenset()


class Sessions:
    """Signs staff in and out and knows who is."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        seal: Seal,
        rules: SignInRules | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.seal = seal
        self.rules = rules or SignInRules()
        self.passwords = Passwords()

    async def sign_in(
        self,
        name: str,
        password: str,
        *,
        network: str,
        browser: str = "",
        known: str = "",
    ) -> str:
        """The token of a new session; ``browser`` is what it calls itself.

        ``known`` is what ``known_token`` gave to this browser before.

        Raises:
            SignInError: name and password do not belong together.
            SecondStepError: they do, and a code is needed as well.
            TooManyGuessesError: too soon after wrong guesses.
        """
        now = self.clock()
        whence = Whence(network=network, known=known_as(self.seal, known, name))
        member = await proven(
            self.database, self.passwords, name, password, whence=whence, now=now
        )
        async with self.database.write() as session:
            if await has_second_step(session, member.id):
                raise SecondStepError(self.seal.sealed(str(member.id), now=now))
            write_down(session, "sign_in", now=now, member_id=member.id)
            return await begin_session(
                session,
                member,
                now=now,
                network=network,
                browser=browser,
                proven_at=now,
            )

    async def second_step(
        self, started: str, code: str, *, network: str, browser: str = ""
    ) -> str:
        """The token of a new session, for whoever gave the password before.

        Raises:
            SignInError: the code is wrong, or too much time has passed.
            TooManyGuessesError: too soon after wrong guesses.
        """
        now = self.clock()
        found = self.seal.opened(started, now=now, within=LONGEST_BETWEEN)
        if found is None:
            raise SignInError("That took too long; please sign in again.")
        await self.require_code(int(found), code)
        async with self.database.write() as session:
            member = await session.get_one(StaffMember, int(found))
            if not member.may_sign_in:
                raise SignInError("This account cannot be used any more.")
            write_down(session, "sign_in", now=now, member_id=member.id)
            return await begin_session(
                session,
                member,
                now=now,
                network=network,
                browser=browser,
                proven_at=now,
            )

    async def require_code(self, member_id: int, code: str) -> None:
        """Take a code of somebody's; ``SignInError`` if it is none."""
        now, counted = self.clock(), codes_of(member_id)
        async with self.database.write() as session:
            pause = await pause_before_guess(session, counted, now=now)
        if pause is not None:
            raise TooManyGuessesError(pause.total_seconds())
        async with self.database.write() as session:
            if not await code_is_right(
                session, member_id, code, seal=self.seal, now=now
            ):
                raise SignInError(WRONG_CODE)
            await forget_guesses(session, counted, now=now)

    async def sign_in_as(self, who: Identity, *, network: str, browser: str) -> str:
        """The token of a new session, on the word of the identity provider.

        It counts as a proof as far as the provider says when there was one.

        Raises:
            SignInError: nobody of that address is let in.
        """
        now = self.clock()
        async with self.database.write() as session:
            member = await admitted(session, who, self.rules.admission, now=now)
            write_down(session, "sign_in", now=now, member_id=member.id)
            return await begin_session(
                session,
                member,
                now=now,
                network=network,
                browser=browser,
                proven_at=who.proven_at,
                through_provider=True,
            )

    async def signed_in(self, token: str) -> SignedIn | None:
        """Who a token belongs to, if its session still holds."""
        now = self.clock()
        async with self.database.read() as session:
            rows = await session.execute(
                select(StaffSession, StaffMember, SecondStep.confirmed_at)
                .join(StaffMember, StaffMember.id == StaffSession.member_id)
                .outerjoin(SecondStep, SecondStep.member_id == StaffMember.id)
                .where(StaffSession.token_hash == token_hash(token), *in_time(now))
            )
            found = rows.one_or_none()
        if found is None:
            return None
        row, member, confirmed_at = found
        if now - row.seen_at > SEEN_EVERY:
            await self._seen([row.id], now)
        needs_one = member.role in self.rules.second_step and not row.through_provider
        return SignedIn(
            member_id=member.id,
            name=member.name,
            role=member.role,
            csrf=token_hash(f"csrf {token}"),
            token=token,
            fresh_until=row.proven_at + FRESH if row.proven_at else row.created_at,
            owes_second_step=needs_one and confirmed_at is None,
        )

    def known_token(self, who: SignedIn) -> str:
        """What the browser keeps to be known by, also after the session."""
        return known_token(self.seal, who.name)

    async def holding(self, tokens: Collection[str]) -> set[str]:
        """Which of these sessions, whose pages are open, still hold."""
        now = self.clock()
        by_hash = {token_hash(token): token for token in tokens}
        async with self.database.read() as session:
            rows = (
                await session.execute(
                    select(
                        StaffSession.id, StaffSession.token_hash, StaffSession.seen_at
                    )
                    .join(StaffMember, StaffMember.id == StaffSession.member_id)
                    .where(StaffSession.token_hash.in_(by_hash), *in_time(now))
                )
            ).all()
        late = [row.id for row in rows if now - row.seen_at > SEEN_EVERY]
        if late:
            await self._seen(late, now)
        return {by_hash[row.token_hash] for row in rows}

    async def sign_out(self, who: SignedIn) -> None:
        """End one session."""
        async with self.database.write() as session:
            await session.execute(
                delete(StaffSession).where(
                    StaffSession.token_hash == token_hash(who.token)
                )
            )
            write_down(session, "sign_out", now=self.clock(), member_id=who.member_id)

    async def _seen(self, session_ids: Sequence[int], now: datetime) -> None:
        async with self.database.write() as session:
            await session.execute(
                update(StaffSession)
                .where(StaffSession.id.in_(session_ids))
                .values(seen_at=now)
            )
