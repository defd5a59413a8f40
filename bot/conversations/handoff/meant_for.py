"""For whom a conversation is meant that waits: by the office's rules, in turn."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select

from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    AssignmentRule,
    AssignmentRuleMember,
    Contact,
    Conversation,
    Status,
)
from bot.staff import StaffMember


async def mean_for_somebody(
    transaction: Transaction, conversation: Conversation
) -> None:
    """By the oldest rule that fits and has somebody free; else it is everybody's."""
    conversation.meant_for_id = None
    session = transaction.session
    rules = (
        await session.scalars(select(AssignmentRule).order_by(AssignmentRule.id))
    ).all()
    if not rules:
        return
    contact = await session.get_one(Contact, conversation.address.contact_id)
    for rule in rules:
        if rule.fits(
            reason=conversation.handoff_reason,
            language=conversation.language,
            destination=contact.destination,
        ):
            turn = await _whose_turn(transaction, rule)
            if turn is not None:
                turn.last_given_at = transaction.now
                conversation.meant_for_id = turn.staff_member_id
                return


def has(member: ColumnElement[int] | int) -> ColumnElement[bool]:
    """The conversations that somebody holds, or that wait and are meant for them."""
    return or_(
        and_(Conversation.status == Status.STAFF, Conversation.assignee_id == member),
        and_(
            Conversation.status == Status.WAITING, Conversation.meant_for_id == member
        ),
    )


async def _whose_turn(
    transaction: Transaction, rule: AssignmentRule
) -> AssignmentRuleMember | None:
    """Of those who are here and have room, who was given one the longest ago."""
    load = (
        select(func.count())
        .select_from(Conversation)
        .where(has(StaffMember.__table__.c.id))
        .correlate(StaffMember)
        .scalar_subquery()
    )
    found: Sequence[AssignmentRuleMember] = (
        await transaction.session.scalars(
            select(AssignmentRuleMember)
            .join(StaffMember, StaffMember.id == AssignmentRuleMember.staff_member_id)
            .where(
                AssignmentRuleMember.rule_id == rule.id,
                StaffMember.away_since.is_(None),
                StaffMember.revoked_at.is_(None),
                load < rule.most,
            )
            .order_by(
                AssignmentRuleMember.last_given_at.asc().nulls_first(),
                AssignmentRuleMember.staff_member_id,
            )
            .limit(1)
            .with_for_update(of=AssignmentRuleMember)
        )
    ).all()
    return found[0] if found else None
