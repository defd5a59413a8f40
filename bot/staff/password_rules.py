"""What a password may be: long enough, and not one of the first that are guessed."""

from collections.abc import Sequence

from zxcvbn import zxcvbn

from bot.errors import StaffError

SHORTEST = 10
LONGEST = 200
# The library's own scale of 0 to 4: 3 is from a hundred million guesses on.
LEAST_SCORE = 3
# It reads no more; what is longer is no easier.
LONGEST_READ = 72


def require_good(password: str, *, about: Sequence[str] = ()) -> None:
    """Refuse a password that is easy to guess; ``about`` are its holder's own names.

    Lists of common passwords, names and words in several spellings, keyboard runs,
    repetitions, sequences and dates are zxcvbn's.

    Raises:
        StaffError: why it cannot be used.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise StaffError(f"a password has {SHORTEST} to {LONGEST} characters")
    names = [*about, *(word for name in about for word in name.split())]
    found = zxcvbn(password[:LONGEST_READ], user_inputs=names)
    if found["score"] < LEAST_SCORE:
        raise StaffError(
            "this password is easy to guess: it is common, repeats itself, or is made "
            "of your name; four words that do not belong together are a good one"
        )
