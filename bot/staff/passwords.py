"""Passwords: hashed with argon2, away from the event loop, a few at a time."""

import asyncio
from collections.abc import Sequence

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from bot.staff.fair_queue import FairQueue
from bot.staff.password_rules import LONGEST, require_good

# Each check takes 64 MiB and a core for a moment: guesses must not fill the machine.
AT_ONCE = 2


class Passwords:
    """Makes and checks password hashes."""

    def __init__(self) -> None:
        self._hashes = PasswordHash((Argon2Hasher(),))
        self._queue = FairQueue(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str, *, about: Sequence[str] = ()) -> str:
        """What is stored of a password; ``about`` are its holder's own names.

        Raises:
            StaffError: the password is too short, too long, or easy to guess.
        """
        await asyncio.to_thread(require_good, password, about=about)
        async with self._queue.turn("", known=True):
            return await asyncio.to_thread(self._hashes.hash, password)

    async def check(
        self, password: str, stored: str | None, *, whence: str, known: bool = False
    ) -> tuple[bool, str | None]:
        """Whether it is the password, and a better hash to store if there is one.

        It takes as long where nothing is stored, so that names cannot be found out.
        Who asks from one place waits behind each other, not before others.
        """
        async with self._queue.turn(whence, known=known):
            return await asyncio.to_thread(self._check, password[:LONGEST], stored)

    def _check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        if stored is None:
            self._nobodys = self._nobodys or self._hashes.hash("nobody's password")
            self._hashes.verify(password, self._nobodys)
            return False, None
        return self._hashes.verify_and_update(password, stored)
