"""The contacts, newest first, and those whom staff mean by a few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.contacts.contact_file import contact_name, labels_of
from bot.conversations.contacts.searching import known_as
from bot.conversations.models import Address, Contact, ContactLabel
from bot.database import Database

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A contact in a list."""

    id: str
    title: str
    addresses: Sequence[tuple[str, str]]
    last_inbound_at: datetime | None
    labels: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """Some contacts, and whether there are more after them."""

    rows: Sequence[ContactRow]
    more: bool


async def contact_list(
    database: Database, *, search: str = "", page: int = 1, but: str = ""
) -> ContactPage:
    """A page of the contacts by when they last wrote; ``but`` leaves one out.

    With ``search`` those of that name, number or label.
    """
    last = func.max(Address.last_inbound_at)
    query = (
        select(Contact)
        .join(Address, Address.contact_id == Contact.id)
        .where(Contact.erased_at.is_(None), Contact.public_id != but)
        .group_by(Contact.id)
        .order_by(last.desc().nulls_last(), Contact.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if search:
        query = query.where(known_as(search))
    async with database.read() as session:
        contacts = (await session.scalars(query)).all()
        ids = [contact.id for contact in contacts[:PAGE]]
        addresses = await _addresses(session, ids)
        labels = await labels_of(session, ids, on=ContactLabel.contact_id)
    return ContactPage(
        rows=[
            _row(one, addresses.get(one.id, []), labels.get(one.id, ()))
            for one in contacts[:PAGE]
        ],
        more=len(contacts) > PAGE,
    )


async def _addresses(
    session: AsyncSession, ids: Sequence[int]
) -> Mapping[int, list[Address]]:
    found: dict[int, list[Address]] = {}
    for address in await session.scalars(
        select(Address).where(Address.contact_id.in_(ids)).order_by(Address.id)
    ):
        found.setdefault(address.contact_id, []).append(address)
    return found


def _row(
    contact: Contact, addresses: Sequence[Address], labels: Sequence[str]
) -> ContactRow:
    times = [one.last_inbound_at for one in addresses if one.last_inbound_at]
    return ContactRow(
        id=contact.public_id,
        title=contact.name or contact_name(addresses[0]),
        addresses=[(one.channel, contact_name(one)) for one in addresses],
        last_inbound_at=max(times, default=None),
        labels=labels,
    )
