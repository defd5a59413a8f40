"""Hindi and Urdu in Latin letters are known by their words, and others are not."""

import json
from pathlib import Path

import pytest

from bot.answering.understanding.languages import LATIN, is_latin
from bot.answering.understanding.romanised import fit_romanised, romanised_in

EVALS = Path(__file__).parents[2] / "evals"
# Nothing of these was learned from (tests/evaluation/test_kept_apart.py).
REQUESTS = ("requests", "requests-held", "requests-resembling")
DIALOGUES = ("conversations", "conversations-held", "conversations-strangers")


def labelled() -> list[tuple[str, str]]:
    """Messages in Latin letters of people who had seen no examples, by language."""
    rows = []
    for name in REQUESTS:
        for line in (EVALS / name / "requests.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            rows.append((row["text"], row["language"]))
    for name in DIALOGUES:
        for line in (EVALS / name / "dialogues.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            rows += [(turn["text"], row["language"]) for turn in row["turns"]]
    return [(text, language) for text, language in rows if is_latin(text)]


def test_of_messages_nobody_learned_from_nearly_all_are_known() -> None:
    own = [text for text, name in labelled() if name.endswith(LATIN)]
    assert len(own) > 200
    assert sum(romanised_in(text) is not None for text in own) >= 0.97 * len(own)


def test_hardly_a_message_of_another_language_is_taken_for_them() -> None:
    named = {"hi", "ur", "hinglish"}
    others = [t for t, name in labelled() if not name.endswith(LATIN)]
    spoken = [t for t, name in labelled() if name not in named and t in set(others)]
    assert len(spoken) > 1500
    assert sum(romanised_in(text) is not None for text in spoken) <= 0.01 * len(spoken)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("salam bhai mera 3 saal ka study gap hai, uk ka visa lag jae ga?", "ur-Latn"),
        ("aur part time kitne ghante kar sakte h waha", "hi-Latn"),
        ("how much is the visa fee for canada", None),
        ("क्या फीस है", None),
        ("ok", None),
        ("", None),
    ],
)
def test_a_message_is_what_its_words_add_up_to(text: str, language: str | None) -> None:
    assert romanised_in(text) == language


def test_the_words_are_learned_from_messages_with_their_languages() -> None:
    ours = [("kitna lagega bhai", "hi-Latn")] * 6 + [("kitni fees hain", "ur-Latn")] * 6
    others = [("how much is it", "en")] * 12 + [("फीस", "hi")] * 9
    tables = fit_romanised([*ours, *others])
    assert tables["any"]["kitna"] > 0 > tables["any"]["much"]
    assert tables["hi-Latn"]["lagega"] > 0 > tables["ur-Latn"].get("lagega", -1)
    assert "फीस" not in tables["any"]
