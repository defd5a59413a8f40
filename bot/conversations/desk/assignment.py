"""The office's rules of who should take what: listed, added, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.conversations.models import AssignmentRule, AssignmentRuleMember
from bot.conversations.service import Conversations
from bot.database import Database
from bot.errors import ConversationError, NotFoundError
from bot.staff import StaffMember
from bot.staff.audit import write_down

MOST_RULES = 50
LARGEST_CAP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule as the office reads it; ``away`` are those of its members who are."""

    id: str
    reason: str | None
    language: str | None
    destination: str | None
    most: int
    members: Sequence[str]
    away: Sequence[str]


async def assignment_rules(database: Database) -> Sequence[RuleView]:
    """Every rule, in the order in which they are tried."""
    async with database.read() as session:
        rules = await session.scalars(
            select(AssignmentRule).order_by(AssignmentRule.id)
        )
        rows = await session.execute(
            select(AssignmentRuleMember.rule_id, StaffMember)
            .join(StaffMember, StaffMember.id == AssignmentRuleMember.staff_member_id)
            .order_by(StaffMember.name)
        )
        members = [(of, one) for of, one in rows]
        return [
            RuleView(
                id=rule.public_id,
                reason=rule.reason,
                language=rule.language,
                destination=rule.destination,
                most=rule.most,
                members=[one.name for of, one in members if of == rule.id],
                away=[
                    one.name
                    for of, one in members
                    if of == rule.id and (one.away_since or not one.may_sign_in)
                ],
            )
            for rule in rules
        ]


async def add_rule(
    conversations: Conversations,
    *,
    names: Sequence[str],
    most: int,
    reason: str = "",
    language: str = "",
    destination: str = "",
    member_id: int,
) -> None:
    """A rule that is tried after the others.

    Raises:
        ConversationError: nobody is named, or the cap is none.
    """
    if not 1 <= most <= LARGEST_CAP:
        raise ConversationError(f"at once somebody has 1 to {LARGEST_CAP}")
    async with conversations.transaction() as transaction:
        session = transaction.session
        found = await session.scalars(
            select(StaffMember).where(StaffMember.name.in_(names))
        )
        members = [one for one in found if one.may_sign_in]
        if not members:
            raise ConversationError("choose at least one colleague")
        if len((await session.scalars(select(AssignmentRule.id))).all()) >= MOST_RULES:
            raise ConversationError(f"there are {MOST_RULES} rules; delete one first")
        rule = AssignmentRule(
            reason=reason or None,
            language=language or None,
            destination=destination or None,
            most=most,
            created_at=transaction.now,
        )
        session.add(rule)
        await session.flush()
        session.add_all(
            AssignmentRuleMember(rule_id=rule.id, staff_member_id=one.id)
            for one in members
        )
        write_down(session, "rule_added", now=transaction.now, member_id=member_id)


async def delete_rule(
    conversations: Conversations, rule_id: str, *, member_id: int
) -> None:
    """What is meant for somebody stays so; nothing new is by this rule."""
    async with conversations.transaction() as transaction:
        session = transaction.session
        rule = await session.scalar(
            select(AssignmentRule).where(AssignmentRule.public_id == rule_id)
        )
        if rule is None:
            raise NotFoundError("that rule was deleted meanwhile")
        await session.execute(
            delete(AssignmentRuleMember).where(AssignmentRuleMember.rule_id == rule.id)
        )
        await session.delete(rule)
        write_down(session, "rule_deleted", now=transaction.now, member_id=member_id)
