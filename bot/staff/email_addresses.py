"""What counts as a colleague's e-mail address."""

LONGEST_EMAIL = 254


def email_address(text: str) -> str | None:
    """An address in small letters; None where it is not exactly one.

    Only A to Z have small letters here: other signs become the same ones, and a domain
    could be taken for another one.
    """
    email = "".join(one.lower() if one.isascii() else one for one in text.strip())
    name, _, domain = email.partition("@")
    if not name or "@" in domain or "." not in domain or not domain.isascii():
        return None
    plain = email.isprintable() and " " not in email
    return email if plain and len(email) <= LONGEST_EMAIL else None
