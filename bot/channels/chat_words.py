"""The fixed words of the chat page and the widget, and whose language they are in."""

from collections.abc import Mapping, Sequence

from babel import Locale

from bot.organisation import Organisation
from bot.phrases import FALLBACK, languages, phrases

MOST_READ = 20
WORDS = {
    "as_of": "as_of",
    "automated": "chat_automated",
    "bot_writes": "chat_bot_writes",
    "close": "chat_close",
    "helped": "chat_helped",
    "launcher": "chat_launcher",
    "log": "chat_log",
    "message": "chat_message",
    "not_helped": "chat_not_helped",
    "not_sent": "chat_not_sent",
    "page": "page",
    "panel": "chat_panel",
    "person": "chat_person",
    "person_short": "chat_person_short",
    "person_asked": "chat_person_asked",
    "placeholder": "chat_placeholder",
    "resolved": "chat_resolved",
    "send": "chat_send",
    "sending": "chat_sending",
    "source": "source",
    "staff": "chat_with_team",
    "team": "chat_team",
    "team_writes": "chat_team_writes",
    "title": "chat_title",
    "too_fast": "chat_too_fast",
    "too_long": "chat_too_long",
    "try_again": "chat_try_again",
    "unreachable": "chat_unreachable",
    "unread": "chat_unread",
    "waiting": "chat_waiting",
    "you": "chat_you",
}


def offered(organisation: Organisation) -> Sequence[str]:
    """The languages that the organisation answers in and that have a catalogue."""
    both = [one for one in organisation.languages if one in languages()]
    return both or [FALLBACK]


def chat_words(language: str) -> Mapping[str, str]:
    """What the widget says in a language, blanks still open, and its direction."""
    catalogue = phrases(language)
    words = {name: catalogue[key] for name, key in WORDS.items()}
    return {"direction": direction(language), **words}


def direction(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    return Locale.parse(language).text_direction


def preferred(accepted: str, offered: Sequence[str]) -> str:
    """The language of ``offered`` that an ``Accept-Language`` header likes best.

    The first one where it likes none.
    """
    liked = [_liking(part) for part in accepted.split(",")[:MOST_READ]]
    for _, language in sorted(liked, key=lambda one: -one[0]):
        if language in offered:
            return language
    return offered[0]


def _liking(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    number = weight.strip().removeprefix("q=")
    liked = float(number) if number.replace(".", "", 1).isdecimal() else 1.0
    return (liked, tag.strip().partition("-")[0].casefold()) if liked else (0.0, "")
