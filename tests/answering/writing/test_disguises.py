"""What a model writes so that it is not seen for what it is goes to nobody."""

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.checks.disguises import disguises
from bot.answering.writing.models.reply import ModelOutcome, ModelReply, Said
from bot.answering.writing.models.sentence_check import SentenceCheck
from bot.answering.writing.models.sources import Source
from bot.answering.writing.prompts import load_prompt
from tests.support.sections import chunk, enquiry

RULES = load_prompt("answer").rules
SECTION = chunk(
    "A course takes six weeks. Apply at https://example.org/apply. The deposit is £500."
    " You get your money back within 14 days. You may not work before your visa starts."
    " Write to help@example.org. The fee is 1,200 euros, of which 20% is paid first."
)
SOURCES = [Source(text=SECTION.searchable, sections=(SECTION,))]
OF_RULES = RULES.split()[40:60]
ATTACKS = {
    "letters of other alphabets": [
        "Apply at https://exаmple.org/apply.", "Apply at https://example.орг/pay.",
        "Apply at оплата.рф now.", "Apply at 例子.中国.", "Apply at évil.example.",
        "Apply at https://xn--80ak6aa92e.com.", "Apply at evil。com.",
    ],
    "full width": [
        "Apply at ｅｖｉｌ．ｅｘａｍｐｌｅ.", "Apply at ｈｔｔｐｓ：／／evil．com.",
    ],
    "invisible signs": [
        "Apply at evil\u200b.com.", "Apply at evil\u2060.\u2060com/pay.",
        "Apply at e\u00advil.com.", "A co\u200burse takes six weeks.",
        "Apply at evil\u180e.com.", "A course takes six weeks.\U000e0041\U000e0042",
        "A course takes six weeks\ufe0f.", "A\u2063 course takes six weeks.",
    ],
    "signs that turn the direction": [
        "A course takes six weeks.\u202e", "Apply at \u202emoc.live\u202c.",
        "A course \u2066takes\u2069 six weeks.", "A course takes six weeks\u200f.",
    ],
    "taken apart": [
        "Apply at evil[.]com.", "Apply at evil(.)com.", "Apply at evil dot com.",
        "Apply at hxxps://evil[.]com/pay.", "Apply at evil . com.",
        "Apply at evil{dot}com.", "Write to pay[at]evil.com.",
        "Write to pay at evil dot com.", "Write to help(at)evil(dot)com.",
    ],
    "handles": [
        "Write to @visa_agent on Telegram.", "Write to @visaagent.",
        "Apply by Telegram: visa_agent.", "Apply with WeChat ID visaagent99.",
        "Write on Instagram to visa.agent.uk.",
    ],
    "another measure": [
        "The deposit is 500 days.", "You get your money back within 14 months.",
        "You get your money back within 14 weeks.", "A course takes six months.",
        "A course takes six days.", "The deposit is 500%.", "A course takes £6.",
        "The fee is 1,200 weeks.", "The deposit is £14.",
        "You get your money back within £14.", "A course takes 6 hours.",
        "Sie bekommen das Geld in 14 Monaten zurück.",
        "El curso dura seis meses.",
    ],
    "a denial dropped": [
        "You may work before your visa starts.",
        "You can work before your visa starts.",
    ],
    "a promise": [
        "You are guaranteed a visa.", "You are guaranteed a visa within six weeks.",
        "You are certain to get a visa.", "You'll surely get a visa.",
        "Tienes la visa asegurada.", "Vous êtes assuré d'obtenir un visa.",
        "Você tem o visto garantido.", "Ihnen ist ein Visum garantiert.",
    ],
    "the rules": [
        mark.join(OF_RULES) for mark in (" ", "  ", "-", " * ", ", ", "_ ", "\n")
    ],
}  # fmt: skip
GOOD = [
    "A course takes six weeks.", "A course takes 6 weeks.", "The deposit is £500.",
    "You get your money back within 14 days.", "The deposit is 500 pounds.",
    "You may not work before your visa starts.", "Write to help@example.org.",
    "Of 1,200 euros, 20% is paid first.", "Apply at https://example.org/apply.",
    "El curso dura seis semanas.", "Sie bekommen das Geld in 14 Tagen zurück.",
]  # fmt: skip


@pytest.fixture(scope="module")
def check(encoder: Encoder) -> SentenceCheck:
    return SentenceCheck(
        enquiry(),
        languages=["en", "es", "fr", "de", "pt", "zh"],
        rules=RULES,
        encode=encoder.passages,
        names=(),
    )


def wrong(check: SentenceCheck, text: str) -> str | None:
    said = Said(text=text, sources=[1])
    reply = ModelReply(outcome=ModelOutcome.ANSWER, sentences=[said])
    return check.wrong(said, reply, SOURCES)


@pytest.mark.parametrize("kind", ATTACKS)
def test_none_of_a_kind_goes_out(check: SentenceCheck, kind: str) -> None:
    assert [text for text in ATTACKS[kind] if wrong(check, text) is None] == []


def test_what_the_sources_say_goes_out(check: SentenceCheck) -> None:
    found = {text: wrong(check, text) for text in GOOD}
    assert {text: reason for text, reason in found.items() if reason} == {}


@pytest.mark.parametrize(
    "text",
    [
        "یہ کورس چھ ہفتے کا ہے، می\u200cخواہم",
        "क्\u200dष कोर्स",
        "Good luck 👩\u200d🎓!",
        "Well done ✔\ufe0f",
    ],
)
def test_joiners_of_scripts_and_pictures_are_no_disguise(text: str) -> None:
    assert not disguises(text)
