"""One person's number in the two ways in which some countries' numbers are written."""

import re

# Country code, area and subscriber with and without the digit that mobile numbers once
# did not have, or have only when dialled from abroad.
NUMBER = re.compile(r"([a-z]+:\+|\+)(\d+)")
WITH_AND_WITHOUT = (
    # Brazil: a nine before the eight digits of a mobile number, after the area.
    (re.compile(r"(55\d\d)9([6-9]\d{7})"), re.compile(r"(55\d\d)([6-9]\d{7})"), "9"),
    # Mexico: a one after the country code, which networks still show.
    (re.compile(r"(52)1(\d{10})"), re.compile(r"(52)(\d{10})"), "1"),
    # Argentina: a nine after the country code when dialled from abroad.
    (re.compile(r"(54)9(\d{10})"), re.compile(r"(54)(\d{10})"), "9"),
)


def spellings(sender: str) -> tuple[str, ...]:
    """The sender's address, then its other spelling where it has one."""
    found = NUMBER.fullmatch(sender)
    if found is None:
        return (sender,)
    before, digits = found.groups()
    for having, lacking, digit in WITH_AND_WITHOUT:
        if match := having.fullmatch(digits):
            return sender, f"{before}{match[1]}{match[2]}"
        if match := lacking.fullmatch(digits):
            return sender, f"{before}{match[1]}{digit}{match[2]}"
    return (sender,)
