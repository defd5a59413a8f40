"""Templates as the simulated Twilio fills them in, or refuses to."""

import json
import re

BLANK = re.compile(r"\{\{(\d+)\}\}")
USABLE = re.compile(r"(?!.* {5})[^\n\t]+")


def filled(template: str | None, variables: str) -> str | int:
    """A template's words, or the number of the error that Twilio answers with."""
    if template is None:
        return 21655
    try:
        values = json.loads(variables)
    except ValueError:
        return 21656
    wanted = set(BLANK.findall(template))
    usable = isinstance(values, dict) and all(
        isinstance(values.get(one), str) and USABLE.fullmatch(values[one])
        for one in wanted
    )
    return BLANK.sub(lambda one: values[one[1]], template) if usable else 21656
