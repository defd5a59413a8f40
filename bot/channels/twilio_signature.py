"""Whether a webhook really comes from Twilio."""

from collections.abc import Sequence

from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

SIGNATURE = "X-Twilio-Signature"


def signed_by_twilio(
    *,
    url: str,
    form: FormData,
    signature: str | None,
    tokens: Sequence[str],
) -> bool:
    """Check a signature against every token that may have made it.

    ``url`` is the public one, query included as it was sent; ``form`` may hold a key
    several times.
    """
    if not signature:
        return False
    return any(
        RequestValidator(token).validate(url, form, signature) for token in tokens
    )
