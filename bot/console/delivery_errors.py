"""Why a message did not arrive, in words for staff; the codes are Twilio's."""

from collections.abc import Mapping

WHY: Mapping[str, str] = {
    "21211": "this number cannot be written to",
    "21610": "the contact asked for no more messages",
    "21614": "this number cannot be written to",
    "21617": "it was too long",
    "21655": "Twilio does not know the template",
    "21656": "the template's blanks were not filled in as it wants",
    "21658": "a blank of the template was too long",
    "63001": "our WhatsApp sender is not set up at Twilio",
    "63003": "this number is not on WhatsApp",
    "63005": "WhatsApp refused the message",
    "63007": "our WhatsApp sender is not set up at Twilio",
    "63015": "they have not joined Twilio's sandbox",
    "63016": "they last wrote more than 24 hours ago; send an approved message",
    "63017": "too many messages at once",
    "63018": "too many messages at once",
    "63024": "this number is not on WhatsApp, or cannot get messages",
    "63032": "WhatsApp holds messages to this contact back",
    "63038": "our account has reached its limit of messages for a day",
    "63049": "WhatsApp holds messages of this kind to this contact back",
    "63051": "our WhatsApp account is locked",
    "20003": "Twilio refuses our credentials; tell whoever runs this server",
    "20429": "too many messages at once",
    "401": "Twilio refuses our credentials; tell whoever runs this server",
    "connect": "Twilio could not be reached",
    "channel_missing": "WhatsApp is not set up any more; tell whoever runs this server",
    "outcome_unknown": "Twilio never said whether it arrived",
}


def why(code: str) -> str:
    """The reason behind a code; of one that is not known, the code."""
    return WHY.get(code, f"error {code}")
