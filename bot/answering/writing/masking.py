"""Personal data of contacts by their formats, taken out before a model sees them."""

import re

MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Eight digits and more, as telephones, cards and accounts are written; sums of money
# are shorter or grouped by commas and points. Letters before them: passports.
NUMBER = re.compile(
    r"(?<![\w.,])(?!20\d\d[-/]20\d\d\b)\+?\d(?:[ ()/-]{0,2}\d){7,}(?![\w]|[.,]\d)"
)
PASSPORT = re.compile(r"\b[A-Za-z]{1,2}\d{6,9}\b")


def masked(text: str) -> str:
    """A text whose addresses and long numbers are named instead of shown."""
    bare = MAIL.sub("[e-mail]", text)
    return PASSPORT.sub("[number]", NUMBER.sub("[number]", bare))
