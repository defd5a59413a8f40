"""What picks one of the things that were offered, and what does not."""

import pytest

from bot.answering.picking import meant, numbered, picked
from bot.phrases import languages
from bot.conversations.ports import Author, Turn

CHOICES = ("Fees", "Visas", "Credits", "Deadlines")
CONTACT, BOT, STAFF = Author.CONTACT, Author.BOT, Author.STAFF
SECOND = {
    "en": [
        *("2", "2.", "2)", "(2)", "no 2", "no. 2", "number 2", "option 2", "#2", "№2"),
        *("2nd", "2nd one", "2 please", "the second one pls", "second one plz", "2 no"),
        *("Second", "number two", "two", "ok 2", "yes, 2", "i want the 2nd one", "2?"),
        *(
            "what about 2",
            "tell me more about number 2",
            "go with 2",
            "2 👍",
            "option2",
        ),
        *("2️⃣", "②", "２", "٢", "२", "২", "۲", "visas", "Visas?", "2. Visas"),
    ],
    "es": [
        "la segunda",
        "el segundo",
        "la segunda opción por favor",
        "la 2",
        "opción 2",
    ],
    "fr": ["le deuxième", "la deuxième s'il vous plaît", "le 2", "n° 2", "numéro 2"],
    "pt": ["a segunda", "o segundo", "opção 2", "2ª", "a segunda por favor"],
    "hi": ["दूसरा", "दूसरा वाला", "नंबर 2", "२ नंबर", "dusra", "dusri wali please"],
    "ur": ["دوسرا", "دوسرا والا", "نمبر ۲", "دوسرے کے بارے میں بتائیں"],
    "ar": ["الثاني", "الثانية", "رقم ٢", "رقم 2 من فضلك", "الخيار الثاني"],
    "bn": ["দ্বিতীয়টা", "দ্বিতীয়", "২ নম্বর", "নম্বর ২", "২ নম্বরটা"],
    "zh": ["第二个", "第2个", "第二", "选2", "2号", "我选第二个", "第二个吧"],
    "vi": ["thứ hai", "cái thứ hai", "số 2", "cái thứ 2 ạ"],
}
FIRST = {
    "en": ["first", "the first one", "1st", "1", "one"],
    "es": ["primero", "la primera"],
    "fr": ["premier", "la première"],
    "pt": ["primeira", "o primeiro"],
    "hi": ["पहला", "pehla wala"],
    "ur": ["پہلا"],
    "ar": ["الأول", "الاولى"],
    "bn": ["প্রথমটা"],
    "zh": ["第一个"],
    "vi": ["cái đầu tiên", "thứ nhất"],
}
LAST = {
    "en": ["last", "the last one", "last one pls"],
    "es": ["el último", "la última"],
    "fr": ["le dernier", "la dernière"],
    "pt": ["o último"],
    "hi": ["आखिरी", "आखिरी वाला", "aakhri wala"],
    "ur": ["آخری والا"],
    "ar": ["الأخير", "الاخيرة"],
    "bn": ["শেষটা", "শেষেরটা"],
    "zh": ["最后一个"],
    "vi": ["cuối cùng", "cái cuối"],
}
PICKS = [
    (words, choice)
    for table, choice in ((FIRST, "Fees"), (SECOND, "Visas"), (LAST, "Deadlines"))
    for said in table.values()
    for words in said
]


@pytest.mark.parametrize(("words", "choice"), PICKS)
def test_a_place_in_the_list_picks_what_stands_there(words: str, choice: str) -> None:
    assert picked(words, CHOICES) == choice


def test_every_language_that_we_speak_has_words_for_picking() -> None:
    assert set(FIRST) == set(SECOND) == set(LAST) == set(languages())


@pytest.mark.parametrize(
    "words",
    [
        *(
            "2 years gap",
            "6.5",
            "i have 2 backlogs",
            "2027",
            "2 years",
            "2 lakhs",
            "2k",
        ),
        *(
            "2 or 3",
            "1 and 2",
            "$2",
            "2%",
            "2.5",
            "-2",
            "2/3",
            "2+2",
            "i got 6 in ielts",
        ),
        *("5", "7", "0", "12", "number 9", "the fifth one", "how much is number 7"),
        *("my first year", "the first semester", "second hand laptop", "last date"),
        *("is there a second option", "option 2 years", "second master", "at last"),
        *("number 2 university in canada", "el segundo año", "第二年", "my last exam"),
        *("thứ hai tuần sau", "no", "yes", "ok", "please", "yes please", "", "🙂"),
        # Read over and over again, so many courtesies would take hours.
        *(" ".join([word] * 26) for word in ("ok", "so", "hi", "sí", "谢谢")),
        *("my phone number 2", "number 1 in class", "bus number 3 stops where"),
        *("i have no. 2 in family", "my first one was rejected", "no one", "final"),
        *("last one i applied was canada", "is this the last option for me?"),
        *("i need one", "n1", "i don't want option 2", "the last option is gap year"),
        *("i am not interested in the first one", "no, none of the first one"),
        f"the second one {'and so on ' * 40}",
    ],
)
def test_a_number_of_something_else_is_no_pick(words: str) -> None:
    assert picked(words, CHOICES) is None


def test_where_nothing_was_offered_nothing_is_picked() -> None:
    assert picked("2", ()) is None


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("how much is the second one", "how much is Visas"),
        ("is the first one online", "is Fees online"),
        ("does #4 give credit", "does Deadlines give credit"),
        ("the 3rd one, how long?", "Credits, how long?"),
        ("compare the first one and the last one", "compare Fees and Deadlines"),
        ("cuánto cuesta la segunda", "cuánto cuesta Visas"),
        ("combien coûte le deuxième ?", "combien coûte Visas ?"),
        ("quanto custa o segundo", "quanto custa Visas"),
        ("दूसरे वाले की फीस कितनी है", "Visas की फीस कितनी है"),
        ("dusre wale ki fees kitni hai", "Visas ki fees kitni hai"),
        ("دوسرے والے کی فیس کتنی ہے", "Visas کی فیس کتنی ہے"),
        ("كم رسوم البرنامج الثاني؟", "كم رسوم Visas؟"),
        ("দ্বিতীয়টার খরচ কত", "Visas খরচ কত"),
        ("第二个多少钱", "Visas多少钱"),
        ("cái thứ hai giá bao nhiêu", "Visas giá bao nhiêu"),
        ("कितने का है दूसरा वाला?", "कितने का है Visas?"),
    ],
)
def test_in_a_longer_message_the_choice_stands_in_for_its_place(
    words: str, means: str
) -> None:
    assert picked(words, CHOICES) == means


def offer(*choices: str, text: str | None = None) -> Turn:
    return Turn(BOT, text or "\n".join(numbered(choices)), choices)


def test_earlier_picks_mean_what_the_bot_offered_just_before() -> None:
    turns = (
        Turn(CONTACT, "2"),
        offer("Fees", "Visas"),
        Turn(CONTACT, "2"),
        offer("Loans", "Grants"),
        Turn(CONTACT, "ok"),
        Turn(CONTACT, "the first one"),
        Turn(BOT, "Six weeks."),
        Turn(CONTACT, "2"),
    )
    texts = [turn.text for turn in meant(turns) if turn.author is CONTACT]
    assert texts == ["2", "Visas", "ok", "Loans", "2"]
    assert [turn.choices for turn in meant(turns)] == [turn.choices for turn in turns]


def test_what_the_bot_offered_is_over_once_staff_say_something() -> None:
    turns = (offer("Fees", "Visas"), Turn(STAFF, "How can I help?"), Turn(CONTACT, "2"))
    assert meant(turns) == turns


def test_a_number_is_not_read_where_the_text_has_another_list() -> None:
    text = "You need:\n- a passport\n- money\n\nYou can also ask: Fees · Visas"
    said = offer("Fees", "Visas", text=text)
    assert meant((said, Turn(CONTACT, "the second one")))[-1].text == "the second one"
    assert meant((said, Turn(CONTACT, "visas?")))[-1].text == "Visas"


@pytest.mark.parametrize(
    "words",
    ["how much it cost", "do i get credits", "is it online?", "fees?", "how long",
     "cuánto cuesta", "kitne ka hai", "多少钱"],
)  # fmt: skip
def test_a_short_question_after_a_single_programme_is_about_it(words: str) -> None:
    text = "This programme fits:\n1. Data: Google; online"
    turns = (offer("Data", text=text), Turn(CONTACT, words))
    assert meant(turns)[-1].text == f"Data: {words}"


@pytest.mark.parametrize("words", ["any scholarships?", "visa?", "ok", "in germany"])
def test_what_names_something_else_is_not_about_the_single_programme(
    words: str,
) -> None:
    turns = (offer("Data", text="1. Data: Google; online"), Turn(CONTACT, words))
    assert meant(turns) == turns


def test_a_short_question_is_not_about_a_question_that_was_offered() -> None:
    turns = (offer("Do I need a visa?"), Turn(CONTACT, "how much it cost"))
    assert meant(turns) == turns
