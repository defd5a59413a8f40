"""Replies as parts of a conversation: several questions, going on, saying no."""

from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.questions import split_questions
from bot.config import Settings
from bot.phrases import phrase
from bot.conversations.ports import Answer, Author, Outcome, Turn
from tests.support.answering import answering_with, ask
from tests.support.knowledge import write_knowledge

CONTACT, BOT = Author.CONTACT, Author.BOT


def after(question: str, reply: Answer) -> tuple[Turn, Turn]:
    """The turns of a question and the reply to it."""
    return Turn(CONTACT, question), Turn(BOT, reply.text, reply.choices)


async def test_each_question_of_a_message_gets_a_short_answer_of_its_own(
    sample: Answering,
) -> None:
    text = (
        "1) how long is a micro-credential 2) fee for the Harbour data course "
        "3) capital of Mongolia"
    )
    reply = await ask(sample, text)
    first, second, third = reply.text.split("\n\n")
    assert first.startswith("1. how long is a micro-credential\n")
    assert "six and twelve weeks" in first
    assert "450 euros" in second
    assert third.endswith(phrase("part_unknown", "en"))
    vague = await ask(sample, "1) how long is a micro-credential 2) price?")
    assert vague.text.endswith(phrase("clarify_open", "en"))
    assert {cited.source for cited in reply.citations} == {
        "guidance/duration.md",
        "guidance/fees.md",
    }
    assert reply.outcome is Outcome.ANSWER


async def test_both_questions_of_a_sentence_are_answered(project: Answering) -> None:
    reply = await ask(
        project,
        "what is a micro credential and how is it different from a degree",
    )
    first, second = reply.text.split("\n\n")
    assert first.startswith("1. what is a micro credential\n")
    assert second.startswith("2. how is it different from a degree\n")


async def test_a_sentence_stays_whole_where_only_half_of_it_has_an_answer(
    sample: Answering,
) -> None:
    reply = await ask(
        sample,
        "how long does a micro-credential take and who won the football final",
    )
    assert reply.outcome is Outcome.ANSWER
    assert reply.text.startswith("A micro-credential usually takes")


async def test_where_no_question_has_an_answer_it_is_one_refusal(
    sample: Answering,
) -> None:
    text = "What is the capital of Mongolia?\nWho won the football final?"
    assert len(split_questions(text)) == 2
    reply = await ask(sample, text)
    assert reply.outcome is Outcome.NO_ANSWER
    assert reply.text.endswith(phrase("no_answer", "en"))


async def test_more_goes_on_where_the_answer_ended_until_nothing_is_left(
    project: Answering,
) -> None:
    question = "How much money do I need to show for Canada?"
    first = await ask(project, question)
    assert "You can also ask: " in first.text
    turns: tuple[Turn, ...] = after(question, first)
    said, reply = first.text, first
    for _ in range(12):
        reply = await ask(project, "more", *turns)
        if reply.outcome is not Outcome.ANSWER:
            break
        new = [s for s in reply.text.splitlines() if s.startswith("- ")]
        assert not [line for line in new if line in said]
        said += reply.text
        turns += after("more", reply)
    assert reply.text == phrase("nothing_more", "en")


async def test_a_suggestion_can_be_asked(project: Answering) -> None:
    question = "How much money do I need to show for Canada?"
    first = await ask(project, question)
    suggested = first.text.partition("You can also ask: ")[2].split(" · ")
    reply = await ask(project, suggested[0], *after(question, first))
    assert reply.outcome is Outcome.ANSWER


async def test_a_refusal_says_what_was_looked_for_and_ends_with_the_offer(
    sample: Answering,
) -> None:
    reply = await ask(sample, "What is the capital of\nMongolia?")
    assert reply.text == "\n\n".join(
        (
            "I looked for “What is the capital of Mongolia?”.",
            phrase("no_answer", "en"),
        )
    )


async def test_a_sentence_of_a_long_message_is_enough(project: Answering) -> None:
    text = "My exam is in April and I am worried. How long do micro-credentials take"
    reply = await ask(project, text)
    assert reply.outcome is Outcome.ANSWER
    assert any("duration" in cited.source for cited in reply.citations)


async def test_plans_alone_are_noted_and_asked_about(project: Answering) -> None:
    reply = await ask(project, "my budget is 500 dollars")
    assert reply.outcome is Outcome.CLARIFY
    assert reply.text.startswith("Going by what you told me: USD 500.")


async def test_what_could_be_heard_as_a_promise_says_who_decides(
    project: Answering,
) -> None:
    reply = await ask(project, "can a micro-credential get me a PGWP in Canada?")
    assert reply.outcome is Outcome.ANSWER
    assert reply.citations
    assert reply.text.endswith(phrase("caution", "en"))


async def test_being_told_what_we_said_is_checked_again(project: Answering) -> None:
    reply = await ask(project, "you said every micro-credential is free")
    assert reply.text.startswith(phrase("checked_again", "en"))
    assert "costs money" in reply.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("كيف سيكون الطقس غدا في المدينة؟", "ar"),
        ("कल मौसम कैसा रहेगा और बारिश होगी?", "hi"),
        ("আগামীকাল আবহাওয়া কেমন থাকবে জানাবেন?", "bn"),
        ("کل موسم کیسا رہے گا اور بارش ہوگی؟", "ur"),
        ("明天天气会下雨吗？", "zh"),
    ],
)
async def test_a_language_that_cannot_be_searched_is_said_to_be_so_in_it(
    text: str, language: str, project: Answering
) -> None:
    reply = await ask(project, text)
    assert reply.outcome is Outcome.NO_ANSWER
    assert reply.provenance.language == language
    opening = phrase("cannot_search", language, name="|").partition("|")[0]
    assert reply.text.startswith(opening)


async def test_an_answer_in_another_language_says_so(project: Answering) -> None:
    asked = (
        "¿Un micro-credencial en marketing digital sirve para trabajar en Australia?"
    )
    reply = await ask(project, asked)
    assert reply.outcome is Outcome.ANSWER
    assert reply.text.startswith("Nuestros documentos sobre esto están en inglés:")


async def test_somebody_in_distress_reads_what_the_organisation_says_of_help(
    sample_data: Path, tmp_path: Path, encoder: Encoder
) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    with (folder / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write('emergency_help: "Call the harbour line: 555."\n')
    here = Settings(data_dir=sample_data, knowledge_dir=folder)
    with answering_with(here, encoder=encoder) as answering:
        reply = await ask(answering, "i want to die")
    assert reply.outcome is Outcome.HANDOFF
    assert reply.text.endswith("\n\nCall the harbour line: 555.")


async def test_a_doubted_answer_is_looked_up_again(sample: Answering) -> None:
    question = "How long does a micro-credential take?"
    first = await ask(sample, question)
    again = await ask(sample, "are you sure?", *after(question, first))
    assert again.text == f"{phrase('checked_again', 'en')}\n\n{first.text}"
    assert again.citations == first.citations


async def test_of_a_remembered_subject_the_shortest_is_named(
    project: Answering,
) -> None:
    question = "i want to learn data science, is there a scholarship?"
    first = await ask(project, question)
    reply = await ask(project, "ok which is shortest", *after(question, first))
    assert reply.outcome is Outcome.ANSWER
    line = reply.text.partition("1. ")[2]
    assert line.startswith("IBM Data Science Professional Certificate: ")


async def test_a_question_that_goes_on_is_not_told_the_same_again(
    project: Answering,
) -> None:
    turns: tuple[Turn, ...] = ()
    replies = []
    for question in ("can i study in germany for free", "and ielts"):
        reply = await ask(project, question, *turns)
        turns += after(question, reply)
        replies.append(reply.text)
    assert "no tuition" in replies[0]
    assert "IELTS" in replies[1]
    assert "no tuition" not in replies[1]


async def test_items_of_a_list_are_told_again_to_who_asks_for_one(
    project: Answering,
) -> None:
    question = "how much money do i show for the uk"
    first = await ask(project, question)
    assert "in London £1,529 a month" in first.text
    reply = await ask(project, "for london", *after(question, first))
    assert "in London £1,529 a month" in reply.text


async def test_who_tells_of_plans_is_asked_what_they_want_to_know(
    project: Answering,
) -> None:
    reply = await ask(project, "i finished bcom in 2022 want to do masters in germany")
    assert reply.outcome is Outcome.CLARIFY
    known, asked, *choices = reply.text.replace("\n\n", "\n").splitlines()
    assert "Germany" in known
    assert asked == phrase("clarify", "en")
    assert len(choices) > 1
    assert choices == [f"{n}. {one}" for n, one in enumerate(reply.choices, start=1)]
    assert all(one.endswith("?") for one in reply.choices)


async def test_a_refusal_offers_the_question_that_comes_nearest(
    project: Answering,
) -> None:
    reply = await ask(project, "am i too old")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "The nearest thing I can answer: Am I too old to study abroad?" in reply.text
    assert reply.choices == ("Am I too old to study abroad?",)
    picked = await ask(project, reply.choices[0], *after("am i too old", reply))
    assert picked.outcome is Outcome.ANSWER


async def test_what_only_sounds_near_is_not_offered(project: Answering) -> None:
    reply = await ask(project, "can i bring my dog to germany")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "nearest" not in reply.text
    assert reply.choices == ()
