"""What became of a delivery: sent, failed, unknown, put off, or reported later."""

from datetime import timedelta

from sqlalchemy import select

from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.live.events import Transaction
from bot.conversations.messages import cancel_rest
from bot.conversations.models import (
    Address,
    Conversation,
    Delivery,
    DeliveryState,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.outbox.deliveries import (
    LONGEST_PAUSE,
    MAY_LEAVE,
    DeliveryClaim,
    locked_delivery,
)
from bot.conversations.ports import Author
from bot.conversations.threads import locked

# What fails for a time is tried for hours, at least so often: longer than most outages,
# and well within the day in which WhatsApp still carries it.
GIVE_UP_AFTER = timedelta(hours=6)
ATTEMPTS = 6
LOOKUP_AFTER = timedelta(seconds=5)
# Twilio may take what it was sent, and list it, long after we have hung up.
SURE_AFTER = timedelta(seconds=60)
JUST_MADE = timedelta(seconds=15)
DOUBLINGS = 10
# Reports may be lost: then the channel is asked, for as long as a day.
ASK_AFTER = timedelta(minutes=5)
STOP_ASKING_AFTER = timedelta(days=1)
UNKNOWN_FOR_GOOD = "outcome_unknown"
# The channel's own list of who wants no messages has them.
OPTED_OUT = "21610"
DID_NOT_LEAVE = "did_not_leave"


class DeliveryResults:
    """Writes down what became of deliveries, within transactions of its caller."""

    def __init__(self, handing_over: HandingOver) -> None:
        self._handing_over = handing_over

    async def sent(
        self, transaction: Transaction, claim: DeliveryClaim, *, external_id: str
    ) -> None:
        """The channel has it."""
        delivery = await locked_delivery(transaction.session, claim.id)
        delivery.external_id = delivery.external_id or external_id
        delivery.next_attempt_at = transaction.now + ASK_AFTER
        _move(transaction, delivery, DeliveryState.SENT)

    async def failed(
        self, transaction: Transaction, claim: DeliveryClaim, *, code: str | None
    ) -> None:
        """The channel will never take it."""
        conversation, delivery = await _locked(transaction, claim)
        await self._fail(transaction, conversation, delivery, code=code)

    async def unknown(self, transaction: Transaction, claim: DeliveryClaim) -> None:
        """Nobody knows whether the channel has it: look it up soon, but not for ever.

        While it is open it holds back what comes after it in the conversation.
        """
        conversation, delivery = await _locked(transaction, claim)
        age = transaction.now - delivery.created_at
        if claim.unknown and age >= GIVE_UP_AFTER:
            await self._fail(transaction, conversation, delivery, code=UNKNOWN_FOR_GOOD)
        elif delivery.state.open:
            # What was made a moment ago cannot have been sent long before that.
            first = LOOKUP_AFTER if age < JUST_MADE else SURE_AFTER
            pause = age / 2 if claim.unknown else growing(first, claim.attempts)
            delivery.state = DeliveryState.UNKNOWN
            delivery.lease_until = None
            delivery.next_attempt_at = transaction.now + min(
                max(pause, LOOKUP_AFTER), LONGEST_PAUSE
            )

    async def not_found(self, transaction: Transaction, claim: DeliveryClaim) -> None:
        """The channel does not list it: it did not leave, once that is sure."""
        if abs(transaction.now - claim.outgoing.created_at) < SURE_AFTER:
            await self.unknown(transaction, claim)
        else:
            await self.postponed(
                transaction, claim, pause=timedelta(0), code=DID_NOT_LEAVE
            )

    async def postponed(
        self,
        transaction: Transaction,
        claim: DeliveryClaim,
        *,
        pause: timedelta,
        code: str | None,
    ) -> None:
        """It surely did not leave: try again later, unless it should leave no more."""
        conversation, delivery = await _locked(transaction, claim)
        if not delivery.state.open:
            return
        delivery.lease_until = None
        age = transaction.now - delivery.created_at
        if not await _may_leave(transaction, delivery):
            delivery.state = DeliveryState.CANCELLED
            _tell(transaction, delivery)
        elif claim.attempts >= ATTEMPTS and age >= GIVE_UP_AFTER:
            await self._fail(transaction, conversation, delivery, code=code)
        else:
            delivery.state = DeliveryState.PENDING
            delivery.next_attempt_at = transaction.now + pause

    async def reached(
        self,
        transaction: Transaction,
        delivery_id: str,
        *,
        external_id: str | None,
        state: DeliveryState,
        error_code: str | None,
        passes: bool = False,
    ) -> bool:
        """What a channel reports, in whatever order reports come.

        What failed and ``passes`` is sent again, for as long as all is tried.
        """
        session = transaction.session
        of_it = Delivery.public_id == delivery_id
        conversation = None
        if state is DeliveryState.FAILED:
            # The conversation may be handed over; it is always locked first.
            held_by = select(Delivery.conversation_id).where(of_it).scalar_subquery()
            conversation = await session.scalar(locked(Conversation.id == held_by))
        delivery = await session.scalar(
            select(Delivery).where(of_it).with_for_update(key_share=True)
        )
        if delivery is None:
            return False
        again = passes and delivery.may_be_sent_again(
            external_id, now=transaction.now, within=GIVE_UP_AFTER
        )
        if conversation is not None and again:
            delivery.send_again(at=transaction.now + LONGEST_PAUSE, code=error_code)
            _tell(transaction, delivery)
            return True
        delivery.external_id = delivery.external_id or external_id
        if conversation is not None:
            await self._fail(transaction, conversation, delivery, code=error_code)
        elif _move(transaction, delivery, state):
            delivery.error_code = None
        return True

    async def _fail(
        self,
        transaction: Transaction,
        conversation: Conversation,
        delivery: Delivery,
        *,
        code: str | None,
    ) -> None:
        """It will not arrive: where it is the bot's, a person has to know."""
        if not _move(transaction, delivery, DeliveryState.FAILED):
            return
        delivery.error_code = code
        if code == OPTED_OUT and conversation.address.stopped_at is None:
            conversation.address.stopped_at = transaction.now
        message = await transaction.session.get_one(Message, delivery.message_id)
        if message.author is Author.BOT:
            await cancel_rest(transaction, message)
        if message.author is not Author.BOT or conversation.status is not Status.BOT:
            return
        if code == OPTED_OUT:
            await self._handing_over.change(
                transaction, conversation, Reason.ASKED_TO_STOP
            )
        else:
            await self._handing_over.hand_off(
                transaction, conversation, Reason.NOT_DELIVERED
            )


def growing(pause: timedelta, attempts: int) -> timedelta:
    """A pause that doubles with every attempt after the first."""
    return min(pause * 2.0 ** min(attempts - 1, DOUBLINGS), LONGEST_PAUSE)


async def _locked(
    transaction: Transaction, claim: DeliveryClaim
) -> tuple[Conversation, Delivery]:
    session = transaction.session
    conversation = (
        await session.scalars(locked(Conversation.id == claim.conversation_id))
    ).one()
    return conversation, await locked_delivery(session, claim.id)


async def _may_leave(transaction: Transaction, delivery: Delivery) -> bool:
    found = await transaction.session.scalar(
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Address, Address.id == Conversation.address_id)
        .where(Message.id == delivery.message_id, MAY_LEAVE)
    )
    return found is not None


def _move(transaction: Transaction, delivery: Delivery, state: DeliveryState) -> bool:
    moved = delivery.reached(state)
    if moved:
        _tell(transaction, delivery)
    return moved


def _tell(transaction: Transaction, delivery: Delivery) -> None:
    transaction.record(
        EventKind.DELIVERY_UPDATED, delivery.conversation_id, delivery=delivery.id
    )
