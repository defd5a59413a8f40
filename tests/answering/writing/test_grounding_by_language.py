"""Figures and months of a model's answer are checked in every language of contacts."""

import pytest

from bot.answering.writing.facts.figures import figures
from bot.answering.writing.facts.month_names import months
from bot.answering.writing.grounding import unfounded
from bot.phrases import languages

DEADLINE = "The deadline is 1 September 2026. The fee is 500 euros for 12 weeks."
# In each language the deadline, with the name of the month left open; September and
# January; a sentence with a number in words, left open; five hundred and nine hundred.
SAID = {
    "en": ("The deadline is 1 {} 2026.", "September", "January",
        "The fee is {} euros.", "five hundred", "nine hundred"),
    "hi": ("अंतिम तिथि 1 {} 2026 है।", "सितंबर", "जनवरी",
        "शुल्क {} यूरो है।", "पाँच सौ", "नौ सौ"),
    "bn": ("শেষ তারিখ ১ {} ২০২৬।", "সেপ্টেম্বর", "জানুয়ারি",
        "ফি {} ইউরো।", "পাঁচশ", "নয়শ"),
    "ar": ("الموعد النهائي هو ١ {} ٢٠٢٦.", "سبتمبر", "يناير",
        "الرسوم {} يورو.", "خمسمائة", "تسعمائة"),
    "zh": ("截止日期是2026年{}1日。", "9月", "1月",
        "费用是{}欧元。", "五百", "九百"),
    "es": ("La fecha límite es el 1 de {} de 2026.", "septiembre", "enero",
        "La matrícula cuesta {} euros.", "quinientos", "novecientos"),
    "vi": ("Hạn chót là ngày 1 {} năm 2026.", "tháng 9", "tháng 1",
        "Học phí là {} euro.", "năm trăm", "chín trăm"),
    "de": ("Die Frist endet am 1. {} 2026.", "September", "Januar",
        "Die Gebühr beträgt {} Euro.", "fünfhundert", "neunhundert"),
    "fr": ("La date limite est le 1 {} 2026.", "septembre", "janvier",
        "Le coût est de {} euros.", "cinq cents", "neuf cents"),
    "ur": ("آخری تاریخ 1 {} 2026 ہے۔", "ستمبر", "جنوری",
        "فیس {} یورو ہے۔", "پانچ سو", "نو سو"),
    "pt": ("O prazo é o dia 1 de {} de 2026.", "setembro", "janeiro",
        "A taxa é de {} euros.", "quinhentos", "novecentos"),
}  # fmt: skip
# Words that are months or numbers elsewhere, or in other sentences.
ORDINARY = {
    "en": "You may pause, and that may take a while..",
    "hi": "यह एक अच्छा विकल्प है, और जन सेवा इसमें मदद करती है।",
    "bn": "এটা কোনো সমস্যা নয়, আগে আবেদন করুন।",
    "ar": "لست بحاجة إلى تأشيرة، والمكتب مفتوح يوم الاثنين.",
    "zh": "办公室星期三开门，第一步十分简单，一般没有问题。",
    "es": "Ten en cuenta que el mar está cerca y que un curso basta.",
    "vi": "Chúng tôi tư vấn mỗi năm vào thứ hai, không có vấn đề gì.",
    "de": "Ein Kurs genügt, seit einem Jahrhundert ist das hundertprozentig so.",
    "fr": "Un cours suffit, et tout se passe en ligne, pour ainsi dire.",
    "ur": "اسی لیے یہ ایک بہتر راستہ ہے۔",
    "pt": "A data já está definida no set de um dos estúdios, para uma pessoa.",
}
EVERY = sorted(SAID)


def said(language: str, *, month: bool, right: bool) -> str:
    date, september, january, fee, five, nine = SAID[language]
    if month:
        return date.format(september if right else january)
    return fee.format(five if right else nine)


def test_every_language_of_the_catalogue_is_looked_at() -> None:
    assert SAID.keys() == ORDINARY.keys() == set(languages())


@pytest.mark.parametrize("language", EVERY)
@pytest.mark.parametrize("month", [True, False], ids=["month", "figure"])
def test_what_the_source_holds_may_be_said_in_another_language(
    language: str, month: bool
) -> None:
    text = said(language, month=month, right=True)
    assert unfounded(text, [DEADLINE], language=language) is None


@pytest.mark.parametrize("language", EVERY)
@pytest.mark.parametrize("month", [True, False], ids=["month", "figure"])
def test_what_it_does_not_hold_is_refused_in_every_language(
    language: str, month: bool
) -> None:
    text = said(language, month=month, right=False)
    reason = "a month" if month else "a figure"
    assert reason in (unfounded(text, [DEADLINE], language=language) or "")


@pytest.mark.parametrize("language", EVERY)
def test_a_source_in_another_language_is_read_as_well(language: str) -> None:
    parts = (said(language, month=month, right=True) for month in (True, False))
    source = " ".join(parts)
    answer = "The fee is 500 euros. The deadline is 1 September 2026."
    assert unfounded(answer, [source], languages=EVERY) is None
    wrong = answer.replace("September", "January")
    assert "a month" in (unfounded(wrong, [source], languages=EVERY) or "")


@pytest.mark.parametrize("language", EVERY)
def test_words_that_are_no_figures_are_let_through(language: str) -> None:
    source = "Welcome. You can pause here for a while."
    assert unfounded(ORDINARY[language], [source], language=language) is None


def test_the_language_is_seen_in_the_text_where_it_is_another_one() -> None:
    text = "La fecha límite es el 1 de enero."
    assert "a month" in (unfounded(text, [DEADLINE], languages=EVERY) or "")


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "two hundred and six, between ten and twenty", {"206", "10", "20"}),
        ("en", "from two hundred to three hundred thousand", {"200", "300000"}),
        ("de", "fünfundzwanzig bis dreißig, anderthalb", {"25", "30", "1.5"}),
        ("de", "zweihundertfünfzig; zwölftausend", {"250", "12000"}),
        ("es", "entre dos mil y tres mil, treinta y cinco", {"2000", "3000", "35"}),
        ("fr", "vingt et un, quatre-vingt-deux, dix-sept", {"21", "82", "17"}),
        ("pt", "cento e vinte e cinco; mil e quinhentos", {"125", "1500"}),
        ("vi", "mười hai tuần, hai mươi lăm, trong mười năm", {"12", "25", "10"}),
        ("zh", "十二周，两千五百元，每周六小时", {"12", "2500", "6"}),
        ("ar", "خمسة وعشرون، اثنا عشر أسبوعًا، شهرين", {"25", "12", "2"}),
        ("ar", "١٬٥٠٠٫٥٠ يورو", {"1500.5"}),
        ("hi", "पच्चीस; डेढ़ लाख; १,५०,०००", {"25", "150000"}),
        ("bn", "ছয়টি; দুই হাজার পাঁচশ", {"6", "2500"}),
        ("ur", "پچیس؛ دو ہزار پانچ سو", {"25", "2500"}),
    ],
)
def test_a_number_in_words_is_read_whole(
    language: str, text: str, found: set[str]
) -> None:
    assert figures(text, {language, "en"}) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("es", "31 mar. y setiembre", {3, 9}),
        ("fr", "sept semaines, puis le 7 sept. 2026 et le 1er déc.", {9, 12}),
        ("pt", "1 de set. de 2026, 2 de dez. de 2026", {9, 12}),
        ("vi", "6 tháng, từ tháng 09 đến tháng mười hai", {9, 12}),
        ("zh", "三个月，从九月到12月", {9, 12}),
        ("ar", "من تشرين الثاني وبأبريل", {11, 4}),
        ("hi", "सितम्बर और फरवरी", {9, 2}),
        ("bn", "জানুয়ারীতে ও মে মাসে, মেয়াদ", {1, 5}),
    ],
)
def test_a_month_is_known_as_people_write_it(
    language: str, text: str, found: set[int]
) -> None:
    assert months(text, {language, "en"}) == found


def test_the_number_of_a_month_is_no_figure() -> None:
    assert figures("2026年9月1日", {"zh"}) == {"2026", "1"}
    assert figures("ngày 1 tháng 9 năm 2026", {"vi"}) == {"2026", "1"}


@pytest.mark.parametrize(
    ("language", "counts", "measures"),
    [
        ("en", "Of the two routes the first is open.", "It takes two years."),
        ("en", "These three tests count.", "You work three hours a week."),
        ("de", "Es gibt zwei Möglichkeiten.", "Es dauert zwei Jahre."),
        ("es", "Hay dos caminos.", "Dura dos años."),
        ("fr", "Vous payez deux fois.", "Cela dure deux ans."),
        ("pt", "Há dois caminhos.", "Leva dois meses."),
        ("vi", "Có hai cách.", "Mất hai năm."),
        ("zh", "有两种办法。", "需要两年。"),
        ("ar", "هناك طريقان اثنان.", "يستغرق ذلك سنتين."),
        ("hi", "दो तरीक़े हैं।", "दो साल लगते हैं।"),
        ("bn", "দুটি উপায় আছে।", "দুই বছর লাগে।"),
        ("ur", "دو طریقے ہیں۔", "دو سال لگتے ہیں۔"),
    ],
)
def test_a_reply_may_count_what_it_lists_and_measure_only_what_is_held(
    language: str, counts: str, measures: str
) -> None:
    every = languages()
    source = "Apply at once."
    assert unfounded(counts, [source], language=language, languages=every) is None
    found = unfounded(measures, [source], language=language, languages=every)
    assert found == "a figure that its sources do not hold"


@pytest.mark.parametrize(
    "text",
    ["Pay two euros.", "Level three is asked for.", "It takes two or three weeks.",
     "You need four full years.", "Five letters are needed."],
)  # fmt: skip
def test_a_number_in_words_that_measures_something_must_be_held(text: str) -> None:
    assert unfounded(text, ["Apply at once."]) is not None
