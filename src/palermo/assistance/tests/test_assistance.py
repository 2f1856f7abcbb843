"""A request names what it lacks; an answer names its ground; two laws are compared element by element."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from palermo.assistance import (
    Answer,
    Element,
    Elements,
    Kind,
    Offence,
    Person,
    Request,
    Route,
    Side,
    compared,
    missing,
    unreasoned,
)

WHOLE = Request(
    authority="Ministry of Justice of Palermia, central authority",
    conducting="Prosecutor's office of the harbour district",
    functions="Investigating prosecutor",
    subject="Trafficking in persons for forced labour on farms",
    nature="Criminal investigation",
    offences=(Offence("Trafficking in persons", "Act 9, s. 2", "3 to 12 years", "Annex 1"),),
    facts="Between March and June 2025 six persons were brought to a farm and made to work.",
    link="The fees went to an account in the State asked.",
    asked=((Kind.DOCUMENTS, "Statements of account from March to June 2025"),),
    persons=(Person("suspect", "A., born 1980", "Known address", "XPB"),),
    purpose="Evidence for trial",
    language="fr",
    accepted=frozenset({"fr", "en"}),
)
DAY = date(2026, 1, 1)


def points(request: Request) -> list[tuple[str, str, int]]:
    return [(one.point, one.code, one.place) for one in missing(request)]


def test_a_whole_request_lacks_nothing() -> None:
    assert points(WHOLE) == []


def test_an_empty_one_lacks_every_point_that_the_article_demands() -> None:
    found = missing(Request())
    assert {one.point for one in found if one.mandatory} == {
        "14",
        "15(a)",
        "15(b)",
        "15(c)",
        "15(d)",
        "15(f)",
    }
    assert ("15(b)", "functions", 0) in points(Request())


def test_each_part_alone_is_named_by_its_letter() -> None:
    for code, point in (
        ("authority", "15(a)"), ("subject", "15(b)"), ("nature", "15(b)"), ("conducting", "15(b)"),
        ("functions", "15(b)"), ("facts", "15(c)"), ("purpose", "15(f)"), ("language", "14"), ("link", "usual"),
    ):  # fmt: skip
        assert points(replace(WHOLE, **{code: "  "})) == [(point, code, 0)]


def test_no_facts_are_demanded_for_the_service_of_documents_alone() -> None:
    service = ((Kind.SERVICE, "A summons to the hearing"),)
    assert points(replace(WHOLE, facts="", link="", asked=service)) == []
    both = (*service, (Kind.SEARCH, "The farm"))
    assert ("15(c)", "facts", 0) in points(replace(WHOLE, facts="", asked=both))


def test_who_is_not_known_is_not_missing_once_it_is_said() -> None:
    somebody = Person("witness", "B.")
    assert points(replace(WHOLE, persons=(somebody,))) == [
        ("15(e)", "location", 1),
        ("15(e)", "nationality", 1),
    ]
    told = replace(somebody, unknown=frozenset({"location", "nationality"}))
    assert points(replace(WHOLE, persons=(told,))) == []


def test_a_protected_person_is_not_asked_who_and_where() -> None:
    assert points(replace(WHOLE, persons=(Person("victim", nationality="XPB", protected=True),))) == []


def test_an_oral_request_is_urgent_and_confirmed() -> None:
    assert points(replace(WHOLE, oral=True)) == [("14", "oral", 0), ("14", "confirmed", 0)]
    urgent = replace(
        WHOLE, oral=True, urgent=True, why_urgent="A child is held.", reply_by=DAY, confirmed=DAY
    )
    assert points(urgent) == []


def test_interpol_is_for_what_is_urgent() -> None:
    assert points(replace(WHOLE, route=Route.INTERPOL)) == [("13", "route", 0)]


def test_a_language_that_the_other_state_does_not_take_is_named() -> None:
    assert points(replace(WHOLE, language="ar")) == [("14", "accepted", 0)]
    assert points(replace(WHOLE, language="ar", accepted=frozenset())) == []


@given(
    st.sets(
        st.sampled_from(["authority", "subject", "nature", "conducting", "functions", "facts", "purpose"])
    )
)
def test_what_is_taken_away_is_what_is_missing(gone: set[str]) -> None:
    assert {one.code for one in missing(replace(WHOLE, **dict.fromkeys(gone, "")))} == gone


def test_nothing_of_a_person_stands_in_a_traceback() -> None:
    assert "A., born 1980" not in repr(WHOLE) + repr(WHOLE.persons[0])


def test_who_declines_says_why_and_bank_secrecy_is_no_ground() -> None:
    assert unreasoned(Answer.GIVEN, (), "") == []
    assert unreasoned(Answer.DECLINED, ("21(b)",), "It touches a trial of ours.") == ["26"]
    assert unreasoned(Answer.DECLINED, (), "") == ["23", "21", "26"]
    assert unreasoned(Answer.DECLINED, ("8", "22"), "Bank secrecy.") == ["8", "22", "21", "26"]
    assert unreasoned(Answer.POSTPONED, (), "Our own investigation goes on.") == ["26"]


def test_two_laws_are_compared_by_elements() -> None:
    ours = Elements(
        "s. 2",
        "Gazette",
        DAY,
        {Element.ACT: Side.DEMANDED, Element.PURPOSE: Side.DEMANDED, Element.MEANS: Side.NOT_DEMANDED},
    )
    theirs = Elements(
        "art. 5", "Code", DAY, dict.fromkeys((Element.ACT, Element.MEANS, Element.PURPOSE), Side.DEMANDED)
    )
    assert [(one.element.value, one.check) for one in compared(ours, theirs)] == [
        ("act", False), ("means", True), ("purpose", False),
    ]  # fmt: skip
    assert not any(one.check for one in compared(theirs, ours))
    assert compared(ours, theirs, child=True)[1].check, (
        "their law demands means of a child too: somebody looks"
    )
    silent = Elements("art. 5", "", DAY, {Element.ACT: Side.DEMANDED, Element.PURPOSE: Side.DEMANDED})
    assert [one.check for one in compared(ours, silent, child=True)] == [False, True, False], "nobody knows"
    unread = Elements("s. 1", "", DAY, {})
    assert [one.check for one in compared(unread, ours, child=True)] == [True, False, True]
    assert [one.check for one in compared(ours, silent)] == [False, True, False]
    assert [one.element for one in compared(ours, theirs, smuggling=True)] == [
        Element.ACT,
        Element.CROSSING,
        Element.BENEFIT,
    ]
