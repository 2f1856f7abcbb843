"""The rule, against the Protocols' own definitions, and the instrument it reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards.codes import codelist
from palermo.standards.instruments import indicators, instrument, rights, version
from palermo.standards.instruments import rule as r

QUESTIONS = tuple(instrument().questions())
ACT, FORCE, LABOUR = "act.recruited", "start.violence", "form.labour"
SMUGGLED = ("som.entry", "som.foreign", "som.money")


def suggest(*yes: str, no: tuple[str, ...] = ()) -> r.Suggestion:
    return r.suggest({**dict.fromkeys(yes, "yes"), **dict.fromkeys(no, "no")}, QUESTIONS, indicators())


def no_to(element: str) -> tuple[str, ...]:
    return tuple(q.code for q in QUESTIONS if q.element == element)


@pytest.mark.parametrize(
    ("yes", "outcome"),
    [
        ((), r.NEITHER_YET),
        ((ACT, FORCE, LABOUR), r.TIP),
        ((ACT, FORCE), r.NEITHER_YET),
        ((ACT, LABOUR), r.NEITHER_YET),
        ((FORCE, LABOUR), r.NEITHER_YET),
        ((ACT, LABOUR, "age.child_now"), r.TIP),
        ((ACT, LABOUR, "age.child_then"), r.TIP),
        ((ACT, LABOUR, "age.doubt"), r.TIP),
        ((ACT, "age.child_now"), r.NEITHER_YET),
        ((ACT, FORCE, "form.planned"), r.TIP),
        (SMUGGLED, r.SOM),
        (("som.stay", "som.foreign", "som.other_benefit"), r.SOM),
        (("som.entry", "som.foreign"), r.NEITHER_YET),
        (("som.entry", "som.money"), r.NEITHER_YET),
        (("som.documents", "som.foreign", "som.money"), r.NEITHER_YET),
        ((*SMUGGLED, "som.danger"), r.AGGRAVATED_SOM),
        ((*SMUGGLED, "som.degrading"), r.AGGRAVATED_SOM),
        (("som.danger",), r.NEITHER_YET),
        ((*SMUGGLED, ACT, FORCE, LABOUR), r.BOTH),
    ],
)
def test_the_definitions_of_the_protocols(yes: tuple[str, ...], outcome: str) -> None:
    assert suggest(*yes).outcome == outcome


def test_exploitation_without_act_or_means_is_not_trafficking() -> None:
    found = suggest(LABOUR, "work.hours", "work.low_pay", no=no_to(r.MEANS))
    assert found.outcome == r.NEITHER_YET
    assert found.state(r.MEANS) == r.ABSENT
    assert found.state(r.PURPOSE) == r.PRESENT


def test_an_element_is_absent_only_when_every_question_was_answered_no() -> None:
    showing = tuple(q.code for q in QUESTIONS if q.element == r.ACT)
    assert suggest(no=showing).state(r.ACT) == r.ABSENT
    assert suggest(no=showing[:-1]).state(r.ACT) == r.NOT_KNOWN


def test_one_weak_circumstance_is_no_means_but_three_medium_ones_are() -> None:
    assert suggest("start.poverty").state(r.MEANS) == r.NOT_KNOWN
    found = suggest("start.poverty", "start.language", "start.no_status")
    assert found.state(r.MEANS) == r.PRESENT
    assert found.finding(r.MEANS).by_indicators
    assert found.positive_dimensions == ("recruitment_by_abuse_of_vulnerability",)


def test_bad_work_alone_is_a_positive_dimension_by_the_ilo_rule() -> None:
    assert suggest("work.hours").state(r.PURPOSE) == r.NOT_KNOWN
    assert suggest("work.hours", "work.low_pay").state(r.PURPOSE) == r.PRESENT


def test_aggravation_survives_when_both_crimes_are_suggested() -> None:
    found = suggest(*SMUGGLED, "som.danger", ACT, FORCE, LABOUR)
    assert (found.outcome, found.aggravated) == (r.BOTH, True)


def test_every_present_element_names_the_answers_that_show_it() -> None:
    found = suggest(*SMUGGLED, ACT, FORCE, LABOUR)
    assert found.finding(r.MEANS).because == (FORCE,)
    assert found.finding(r.BENEFIT).because == ("som.money",)


answers = st.dictionaries(
    st.sampled_from([q.code for q in QUESTIONS]), st.sampled_from(["yes", "no", "not_known"])
)


@given(answers, st.sampled_from([q.code for q in QUESTIONS]))
def test_one_more_yes_never_takes_an_element_away(given_answers: dict[str, str], code: str) -> None:
    without = {k: v for k, v in given_answers.items() if k != code}
    before = r.suggest(without, QUESTIONS, indicators())
    after = r.suggest({**without, code: "yes"}, QUESTIONS, indicators())
    # Children have other ILO weights; the comparison holds where the age rule stays the same.
    if before.child_rule == after.child_rule:
        for element in r.ELEMENTS:
            if before.state(element) == r.PRESENT:
                assert after.state(element) == r.PRESENT


@given(answers)
def test_not_known_is_the_same_as_not_asked(given_answers: dict[str, str]) -> None:
    asked = {k: v for k, v in given_answers.items() if v != "not_known"}
    assert r.suggest(given_answers, QUESTIONS, indicators()) == r.suggest(asked, QUESTIONS, indicators())


@given(answers)
def test_adult_trafficking_needs_all_three_elements(given_answers: dict[str, str]) -> None:
    found = r.suggest(given_answers, QUESTIONS, indicators())
    if found.outcome in (r.TIP, r.BOTH) and not found.child_rule:
        assert {found.state(e) for e in (r.ACT, r.MEANS, r.PURPOSE)} == {r.PRESENT}


def test_the_instrument_refers_only_to_codes_that_exist() -> None:
    for question in QUESTIONS:
        assert not question.ilo or question.ilo in indicators(), question.code
        assert not question.control or question.control in codelist("palermo/control"), question.code
        assert not question.form or question.form in codelist("palermo/form"), question.code
    assert set(r.OUTCOMES) == {c.code for c in codelist("palermo/crime")}
    assert len({q.ilo for q in QUESTIONS if q.ilo}) == sum(1 for q in QUESTIONS if q.ilo)


def test_every_text_is_there_in_english_french_and_arabic() -> None:
    texts = [text for s in instrument().sections for text in (s.title, s.intro)]
    texts += [text for q in QUESTIONS for text in (q.ask, q.do) if text is not None]
    texts += [rights().title, *(text for text, _source in rights().points)]
    for text in texts:
        assert len({text[language] for language in ("en", "fr", "ar")}) == 3, text["en"]


def test_urgent_needs_come_before_any_question_about_the_crime() -> None:
    order = [section.code for section in instrument().sections]
    assert order[:2] == ["private", "urgent"]
    assert all(question.do for question in instrument().section("urgent").questions)


def test_a_published_version_can_be_found_again() -> None:
    assert version("1.0") == instrument()
    with pytest.raises(KeyError):
        version("0.0")
