"""What is kept or handed out so that only this server can read it or make it.

Everything rests on ``SECRET_KEY``: a copy of the database alone opens none of it.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Seals texts, and marks them, with keys made from the server's own."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._fernet = Fernet(urlsafe_b64encode(self._made("seal")))

    def mark(self, purpose: str, text: str) -> str:
        """What only this server can say of a text."""
        made = self._made(f"mark {purpose}")
        return hmac.new(made, text.encode("utf-8", "replace"), sha256).hexdigest()

    def sealed(self, text: str, *, now: datetime) -> str:
        """A text that nobody else can read or change."""
        token = self._fernet.encrypt_at_time(text.encode(), int(now.timestamp()))
        return token.decode()

    def opened(
        self, sealed: str, *, now: datetime, within: timedelta | None = None
    ) -> str | None:
        """The text, unless it was sealed by another key, or too long ago."""
        token = sealed.encode("utf-8", "replace")
        try:
            if within is None:
                return self._fernet.decrypt(token).decode()
            seconds, at = int(within.total_seconds()), int(now.timestamp())
            return self._fernet.decrypt_at_time(token, seconds, at).decode()
        except InvalidToken:
            return None

    def _made(self, purpose: str) -> bytes:
        """A key of its own for each purpose."""
        return hmac.new(self._key, purpose.encode(), sha256).digest()
