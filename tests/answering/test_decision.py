"""What becomes of a message, decided from what it wants and what was found."""

from dataclasses import replace

import pytest

from bot.answering.chunks import Ask
from bot.answering.decision import decide
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.understanding.examples import Want
from bot.conversations.ports import Author, Outcome, Turn
from bot.conversations.states import Reason
from bot.phrases import phrase
from tests.support.sections import WEIGHTS, enquiry, found, query, question

FEES, VISA, HOURS = (
    question("What does it cost?"),
    question("Do I need a visa?"),
    question("How many hours a week?"),
)
SURE = found(FEES, VISA, HOURS, sure=0.9)
UNSURE = found(FEES, VISA, HOURS, sure=0.4, near=0.7)
NOTHING = found(FEES, VISA, HOURS, near=0.1)


def decided(of: Enquiry, *what: Found) -> Decision:
    return decide(of, what, weights=WEIGHTS)


def test_the_nearest_section_is_told_where_that_is_sure() -> None:
    decision = decided(enquiry(), SURE)
    assert (decision.outcome, decision.reason) == (Outcome.ANSWER, Reasoned.SURE)
    assert decision.sections == (FEES,)
    assert decision.choices == ()
    assert decision.confidence == pytest.approx(0.9)
    assert decision.generation == "one"
    assert decision.may_be_revised


def test_where_it_is_not_sure_the_nearest_sections_are_offered() -> None:
    decision = decided(enquiry(), UNSURE)
    assert (decision.outcome, decision.reason) == (Outcome.CLARIFY, Reasoned.UNSURE)
    assert decision.choices == (FEES, VISA, HOURS)
    assert decision.sections == ()
    assert decision.may_be_revised


def test_a_section_far_behind_the_best_one_is_not_offered() -> None:
    distant = found(FEES, VISA, HOURS, near=0.7, falls=0.01)
    assert decided(enquiry(), distant).choices == (FEES,)


def test_where_nothing_is_near_that_is_said() -> None:
    decision = decided(enquiry(), NOTHING)
    assert decision.outcome is Outcome.NO_ANSWER
    assert decision.reason is Reasoned.NOTHING_NEAR
    assert (decision.sections, decision.choices) == ((), ())
    assert decision.confidence == pytest.approx(0.1)


def test_of_a_country_that_nothing_is_about_no_other_is_offered() -> None:
    german = question("What does it cost in Germany?", country=["germany"])
    general = question("How do I apply?")
    ireland = query(named=["ireland"])
    near = found(german, sure=0.9, near=0.9)
    assert decided(enquiry(ireland), near).reason is Reasoned.NOTHING_NEAR
    both = found(german, general, sure=0.9, near=0.9)
    assert decided(enquiry(ireland), both).choices == (general,)


@pytest.mark.parametrize(
    ("want", "sure", "revised"),
    [
        (Want.DISTRESS, 0.6, True), (Want.DISTRESS, 0.95, False),
        (Want.COMPLAINT, 0.6, True), (Want.PERSON, 0.95, False),
        (Want.CALL, 0.95, True), (Want.STOP, 0.6, False),
    ],
)  # fmt: skip
def test_a_wish_that_is_only_half_heard_may_be_read_by_a_model_as_well(
    want: Want, sure: float, *, revised: bool
) -> None:
    decision = decided(enquiry(wants=want, sure=sure), SURE)
    assert decision.handoff is not None
    assert decision.may_be_revised is revised
    assert decision.sections == ((FEES,) if revised else ())


def test_who_fears_a_scam_is_offered_what_there_is_sooner() -> None:
    far = found(FEES, VISA, HOURS, near=0.1)
    assert decided(enquiry(), far).choices == ()
    assert decided(enquiry(wants=Want.SCAM), far).choices == (FEES, VISA, HOURS)


def test_without_any_section_nothing_is_near() -> None:
    assert decided(enquiry(), found()).reason is Reasoned.NOTHING_NEAR


def test_what_was_picked_is_told() -> None:
    picked = found(VISA, FEES, sure=1.0)
    decision = decided(enquiry(picked="Do I need a visa?"), picked)
    assert (decision.outcome, decision.reason) == (Outcome.ANSWER, Reasoned.PICKED)
    assert decision.sections == (VISA,)


@pytest.mark.parametrize(
    ("wants", "reason"),
    [
        (Want.DISTRESS, Reason.DISTRESS),
        (Want.PERSON, Reason.ASKED_FOR_PERSON),
        (Want.CALL, Reason.ASKED_FOR_CALL),
        (Want.COMPLAINT, Reason.COMPLAINT),
        (Want.STOP, Reason.ASKED_TO_STOP),
    ],
)
def test_who_needs_a_person_gets_one_however_sure_a_section_is(
    wants: Want, reason: Reason
) -> None:
    decision = decided(enquiry(wants=wants), SURE)
    assert (decision.outcome, decision.handoff) == (Outcome.HANDOFF, reason)
    assert decision.sections == ()
    assert not decision.may_be_revised


def test_a_yes_to_a_person_hands_over() -> None:
    decision = decided(enquiry(accepts_person=True, text="yes"), SURE)
    assert decision.handoff == Reason.ASKED_FOR_PERSON


@pytest.mark.parametrize("yes", [True, False])
def test_who_wants_a_person_after_a_warning_of_scams_fears_one(*, yes: bool) -> None:
    warned = Turn(Author.BOT, f"Beware. {phrase('scam_person', 'en')}", language="en")
    wish = {"accepts_person": True} if yes else {"wants": Want.PERSON}
    assert decided(enquiry(earlier=(warned,), **wish), SURE).handoff == Reason.FRAUD
    by_staff = replace(warned, author=Author.STAFF)
    decision = decided(enquiry(earlier=(by_staff,), **wish), SURE)
    assert decision.handoff == Reason.ASKED_FOR_PERSON


def test_a_question_beside_the_wish_for_a_person_is_answered_as_well() -> None:
    asked = enquiry(wants=Want.PERSON, also_asks=True)
    decision = decided(asked, SURE)
    assert decision.handoff == Reason.ASKED_FOR_PERSON
    assert decision.sections == (FEES,)
    assert decided(asked, UNSURE).sections == ()
    assert decided(asked, UNSURE).choices == ()


def test_nothing_stands_between_somebody_in_distress_and_help() -> None:
    decision = decided(enquiry(wants=Want.DISTRESS, also_asks=True), SURE)
    assert decision.handoff == Reason.DISTRESS
    assert (decision.sections, decision.choices) == ((), ())


@pytest.mark.parametrize(
    "wants", [Want.THANKS, Want.GREETING, Want.GOODBYE, Want.SMALLTALK, Want.START]
)
def test_kind_words_get_kind_words(wants: Want) -> None:
    decision = decided(enquiry(wants=wants), SURE)
    assert (decision.outcome, decision.reason) == (Outcome.ANSWER, Reasoned.WANTED)
    assert decision.words is not None
    assert decision.sections == ()
    assert not decision.may_be_revised


def test_a_question_behind_a_greeting_is_answered() -> None:
    decision = decided(enquiry(wants=Want.GREETING, also_asks=True), SURE)
    assert decision.sections == (FEES,)


def test_a_message_without_a_letter_is_asked_for_words() -> None:
    decision = decided(enquiry(text="🙂 !"), SURE)
    assert (decision.outcome, decision.reason) == (Outcome.CLARIFY, Reasoned.EMPTY)


@pytest.mark.parametrize("wants", [Want.HOURS, Want.IDENTITY])
def test_the_organisations_own_facts_answer_where_no_section_is_sure_to(
    wants: Want,
) -> None:
    decision = decided(enquiry(wants=wants), UNSURE)
    assert decision.reason is Reasoned.ORGANISATION
    assert decision.outcome is Outcome.ANSWER
    assert decided(enquiry(wants=wants), SURE).sections == (FEES,)


def test_a_correction_is_answered_with_other_questions() -> None:
    decision = decided(enquiry(wants=Want.CORRECTION), UNSURE)
    assert decision.outcome is Outcome.CLARIFY
    assert decision.choices == (FEES, VISA, HOURS)
    open_ = decided(enquiry(wants=Want.CORRECTION), NOTHING)
    assert (open_.outcome, open_.choices) == (Outcome.CLARIFY, ())
    assert open_.words != decision.words


def test_who_may_have_met_a_fraud_is_answered_and_offered_a_person() -> None:
    decision = decided(enquiry(wants=Want.SCAM), SURE)
    assert decision.sections == (FEES,)
    assert decision.words is not None
    assert decided(enquiry(), SURE).words is None


def test_what_was_just_told_is_not_told_again() -> None:
    asked = query(told=[FEES.name])
    decision = decided(enquiry(asked), SURE)
    assert decision.outcome is Outcome.CLARIFY
    assert decision.choices == (VISA, HOURS)


def test_where_only_what_was_just_told_is_near_that_is_all() -> None:
    asked = query(told=[FEES.name])
    decision = decided(enquiry(asked), found(FEES, sure=0.9))
    assert decision.outcome is Outcome.CLARIFY
    assert decision.reason is Reasoned.TOLD_ALREADY
    assert (decision.sections, decision.choices) == ((), ())


def test_what_was_declined_is_not_offered_again() -> None:
    asked = query(declined=[FEES.name, HOURS.name])
    decision = decided(enquiry(asked, declines=True, text="no"), UNSURE)
    assert decision.choices == (VISA,)
    everything = query(declined=[FEES.name, VISA.name, HOURS.name])
    decision = decided(enquiry(everything, declines=True, text="no"), UNSURE)
    assert decision.outcome is Outcome.NO_ANSWER
    assert decision.reason is Reasoned.DECLINED


def test_a_section_of_another_country_than_the_one_named_is_not_told() -> None:
    canada = question("Which visa?", country=["canada"])
    germany = question("Which visa is it?", country=["germany"])
    asked = enquiry(query(named=["germany"]))
    decision = decided(asked, found(canada, germany, sure=0.9))
    assert decision.sections == ()
    assert decision.choices == (germany,)
    assert decided(asked, found(germany, canada, sure=0.9)).sections == (germany,)
    assert decided(asked, found(FEES, sure=0.9)).sections == (FEES,)


def test_two_questions_are_both_answered() -> None:
    two = enquiry(query("What does it cost?"), query("Do I need a visa?"))
    decision = decided(two, found(FEES, VISA, sure=0.9), found(VISA, FEES, sure=0.8))
    assert decision.sections == (FEES, VISA)
    assert decision.confidence == pytest.approx(0.9)


def test_two_questions_with_one_answer_are_told_it_once() -> None:
    two = enquiry(query("What does it cost?"), query("How much is it?"))
    decision = decided(two, SURE, SURE)
    assert decision.sections == (FEES,)


def test_beside_one_answer_the_other_question_is_asked_back() -> None:
    two = enquiry(query("What does it cost?"), query("And the rest?"))
    decision = decided(two, SURE, found(VISA, HOURS, near=0.5))
    assert decision.outcome is Outcome.ANSWER
    assert decision.sections == (FEES,)
    assert decision.choices == (VISA, HOURS)


def test_beside_an_answer_a_question_without_one_is_said_to_have_none() -> None:
    two = enquiry(query("What does it cost?"), query("And the rest?"))
    assert decided(two, SURE, NOTHING).notes == ("other_not_found",)
    assert decided(two, SURE, SURE).notes == ()


def test_a_third_question_is_asked_for_again() -> None:
    three = replace(enquiry(query("What does it cost?")), unread=1)
    assert decided(three, SURE).notes == ("questions_left",)


def test_also_where_it_asks_back_a_third_question_is_asked_for_again() -> None:
    three = replace(enquiry(query("What does it cost?")), unread=1)
    assert decided(three, UNSURE).notes == ("questions_left",)


def test_two_unsure_questions_share_what_is_offered() -> None:
    more = [question(f"Something else {number}?") for number in range(3)]
    two = enquiry(query("What does it cost?"), query("And the rest?"))
    decision = decided(two, UNSURE, found(*more, near=0.5))
    assert decision.choices == (FEES, VISA, more[0], more[1])


@pytest.mark.parametrize("what", [SURE, UNSURE, NOTHING])
@pytest.mark.parametrize("wants", list(Want))
def test_whatever_is_decided_is_one_thing_with_its_probability(
    wants: Want, what: Found
) -> None:
    decision = decided(enquiry(wants=wants), what)
    assert decision.confidence == pytest.approx(what.near)
    assert (decision.handoff is not None) == (decision.outcome is Outcome.HANDOFF)
    assert not (decision.outcome is Outcome.NO_ANSWER and decision.sections)
    says = (decision.sections, decision.choices, decision.words, decision.handoff)
    assert any(says)


def test_what_depends_on_the_country_is_asked_back_where_none_is_named() -> None:
    spain, italy, france = (
        question(f"What does it cost in {name}?", country=[name.lower()])
        for name in ("Spain", "Italy", "France")
    )
    open_ = replace(found(spain, FEES, sure=0.9), elsewhere=(italy, france))
    decision = decided(enquiry(), open_)
    assert (decision.outcome, decision.words) == (Outcome.CLARIFY, "which_country")
    assert decision.choices == (spain, italy, france)
    alone = replace(open_, elsewhere=(italy,))
    assert decided(enquiry(), alone).sections == (spain,)


def test_a_section_that_compares_countries_is_the_first_choice() -> None:
    spain, italy, france = (
        question(f"What does it cost in {name}?", country=[name.lower()])
        for name in ("Spain", "Italy", "France")
    )
    compared = question("Where is it cheapest?", country=["spain", "italy", "france"])
    open_ = replace(found(spain, compared, sure=0.9), elsewhere=(italy, france))
    assert decided(enquiry(), open_).choices == (compared, spain, italy, france)


def test_what_is_hardly_near_is_offered_as_something_that_may_not_be_it() -> None:
    hardly = found(FEES, VISA, near=0.4)
    assert decided(enquiry(), hardly).words == "nearest_known"
    assert decided(enquiry(), UNSURE).words == "do_you_mean"
    assert decided(enquiry(text="visa"), found(FEES, VISA, near=0.2)).words == (
        "do_you_mean"
    )


def test_distress_that_is_only_half_heard_brings_a_person_without_an_alarm() -> None:
    half = decided(enquiry(wants=Want.DISTRESS, sure=0.5), SURE)
    assert half.handoff == Reason.MAY_BE_DISTRESS
    assert half.sections == (FEES,)
    plain = decided(enquiry(wants=Want.DISTRESS, sure=0.9), SURE)
    assert plain.handoff == Reason.DISTRESS


@pytest.mark.parametrize(
    ("text", "left"),
    [("How long? How much?", True), ("How long???", False), ("How long", False)],
)
def test_who_may_have_asked_two_things_is_told_to_send_what_is_left(
    text: str, *, left: bool
) -> None:
    assert ("part_left" in decided(enquiry(text=text), SURE).notes) is left


def test_a_section_that_catalogues_know_needs_a_little_more() -> None:
    known = replace(FEES, asks=(Ask(text="price?", language="en"),))
    weights = replace(WEIGHTS, sure=0.5)
    for section, told in ((FEES, (FEES,)), (known, ())):
        less = found(section, sure=0.55)
        assert decide(enquiry(), [less], weights=weights).sections == told
