"""What other programs hear of: cursors over the event log, and outgoing webhooks."""

from bot.integrations.cursors import EventCursor
from bot.integrations.webhook_models import WebhookDelivery, WebhookEndpoint

__all__ = ("EventCursor", "WebhookDelivery", "WebhookEndpoint")
