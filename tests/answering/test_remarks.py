"""What an answer has to remark on is told from the message, in every language."""

import pytest

from bot.answering.remarks import (
    about_any_country,
    asks_for_more,
    doubts,
    holds_us_to_our_word,
    needs_caution,
)


@pytest.mark.parametrize(
    "text",
    [
        "will i get the visa with this course",
        "can you guarantee me a job?",
        "what are my chances of PR",
        "does it help for the PGWP",
        "¿garantizan el visado?",
        "vous garantissez le visa ?",
        "garantem o visto?",
        "هل التأشيرة مضمونة؟",
        "क्या वीज़ा की गारंटी है?",
        "ভিসা কি নিশ্চিত?",
        "có đảm bảo visa không?",
        "能保证签证吗",
        "کیا ویزا کی گارنٹی ہے؟",
    ],
)
def test_what_could_be_heard_as_a_promise_needs_caution(text: str) -> None:
    assert needs_caution(text)


@pytest.mark.parametrize(
    "text",
    [
        "how much is the visa fee",
        "Where can I get a learner permit?",
        "will i get a discount",
        "Can I get credit for my military service?",
        "how long does the course take",
    ],
)
def test_ordinary_questions_need_none(text: str) -> None:
    assert not needs_caution(text)


@pytest.mark.parametrize(
    "text", ["you said it's free", "u told me 20 hours", "usted dijo que es gratis",
             "vous avez dit gratuit", "आपने कहा था मुफ्त है", "你说过是免费的"]
)  # fmt: skip
def test_being_held_to_our_word_is_recognised(text: str) -> None:
    assert holds_us_to_our_word(text)
    assert not holds_us_to_our_word("my friend lives in the UK")


@pytest.mark.parametrize(
    "text", ["more", "tell me more please", "what else", "más", "plus", "mais",
             "المزيد", "और", "আরও", "thêm", "更多", "مزید"]
)  # fmt: skip
def test_asking_to_go_on_is_recognised(text: str) -> None:
    assert asks_for_more(text)
    assert not asks_for_more("more about the fees of the data course")


@pytest.mark.parametrize(
    "text",
    [
        "are you sure?",
        "r u sure",
        "really??",
        "is that correct?",
        "¿estás seguro?",
        "vous êtes sûr ?",
        "tem certeza?",
        "هل أنت متأكد؟",
        "क्या आप पक्का हैं?",
        "আপনি কি নিশ্চিত?",
        "bạn có chắc không?",
        "你确定吗？",
        "کیا آپ کو یقین ہے؟",
    ],
)
def test_a_doubt_is_recognised(text: str) -> None:
    assert doubts(text)


@pytest.mark.parametrize(
    "text", ["am I sure of a place?", "is that correct for Canada?", "I am sure"]
)
def test_a_question_of_its_own_is_no_doubt(text: str) -> None:
    assert not doubts(text)


def test_a_question_about_countries_in_general_is_recognised() -> None:
    for text in ("which country is cheapest?", "¿qué país es mejor?", "哪个国家便宜"):
        assert about_any_country(text)
    for text in ("how much is the visa", "the countryside there"):
        assert not about_any_country(text)
