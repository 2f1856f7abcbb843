"""compute_suggestion and decide: the rule suggests, a person decides, nothing is edited."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Stale
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Decision, Screening, Suggestion
from palermo.rooms.identification.tests.conftest import TRAFFICKED

REASON = "Passport taken and work under threat, told consistently."


@pytest.fixture
def suggested(as_worker: Any, screening: Screening, answer: Any) -> Suggestion:
    answer(as_worker, screening, TRAFFICKED)
    return actions.compute_suggestion(actor=as_worker, screening=screening)


def decide(viewer: Any, screening: Screening, suggestion: Suggestion, **more: Any) -> Decision:
    given = {"outcome": "tip", "reason": REASON, "expected_version": screening.version} | more
    return actions.decide(actor=viewer, screening=screening, suggestion=suggestion, **given)


def test_the_suggestion_is_stored_with_both_versions(suggested: Suggestion) -> None:
    assert suggested.outcome == "tip"
    assert (suggested.instrument_version, suggested.rule_version) == ("1.0", "1.0")
    assert suggested.answers_version == 4


def test_the_same_answers_are_worked_out_once(
    as_worker: Any, screening: Screening, suggested: Suggestion
) -> None:
    again = actions.compute_suggestion(actor=as_worker, screening=screening)
    assert again.pk == suggested.pk
    assert Entry.objects.filter(action="identification.suggestion.compute").count() == 1


def test_a_suggestion_decides_nothing(screening: Screening, suggested: Suggestion) -> None:
    screening.refresh_from_db()
    assert screening.state == "open"
    assert not Decision.objects.exists()


def test_a_person_decides_and_may_differ(as_worker: Any, screening: Screening, suggested: Suggestion) -> None:
    made = decide(as_worker, screening, suggested, outcome="neither_yet")
    assert made.outcome == "neither_yet"
    assert queries.differs(suggested, made.outcome)
    screening.refresh_from_db()
    assert screening.state == "decided"
    entry = Entry.objects.get(action="identification.screening.decide", object_id=screening.pk)
    assert entry.detail["suggested"] == "tip"
    assert REASON not in str(vars(entry))


def test_a_later_decision_supersedes_and_the_first_stays(
    as_worker: Any, screening: Screening, suggested: Suggestion
) -> None:
    first = decide(as_worker, screening, suggested)
    second = decide(as_worker, screening, suggested, outcome="tip_and_som", supersedes=first)
    assert [d.pk for d in queries.decisions(as_worker, screening)] == [second.pk, first.pk]
    assert Decision.objects.get(pk=first.pk).outcome == "tip"


def test_two_first_decisions_cannot_both_win(
    as_worker: Any, screening: Screening, suggested: Suggestion
) -> None:
    decide(as_worker, screening, suggested)
    with pytest.raises(Conflict):
        decide(as_worker, screening, suggested)


def test_no_decision_on_a_suggestion_of_other_answers(
    as_worker: Any, screening: Screening, suggested: Suggestion, answer: Any
) -> None:
    answer(as_worker, screening, {"act": {"act.harboured": "yes"}})
    with pytest.raises(Conflict) as caught:
        decide(as_worker, screening, suggested)
    assert caught.value.rule == "identification.suggestion.current"


def test_a_stale_version_is_refused(as_worker: Any, screening: Screening, suggested: Suggestion) -> None:
    with pytest.raises(Stale):
        decide(as_worker, screening, suggested, expected_version=9)


@pytest.mark.parametrize(
    ("field", "more"), [("reason", {"reason": "short"}), ("outcome", {"outcome": "victim"})]
)
def test_it_validates(
    as_worker: Any, screening: Screening, suggested: Suggestion, field: str, more: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        decide(as_worker, screening, suggested, **more)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_strangers_get_not_found(people: Any, answer: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.start_screening(actor=viewer)
        suggestion = actions.compute_suggestion(actor=viewer, screening=made)
    for member in (people.other_worker, people.coordinator):
        with acting(member.viewer) as viewer, pytest.raises(NotFound):
            decide(viewer, made, suggestion)


def test_the_database_lets_nobody_edit_a_decision_or_a_suggestion(
    as_worker: Any, screening: Screening, suggested: Suggestion
) -> None:
    made = decide(as_worker, screening, suggested)
    for row in (made, suggested):
        with pytest.raises(ProgrammingError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(outcome="som")
        rows = type(row).objects.filter(pk=row.pk)
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows._raw_delete(rows.db)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"act": {"act.recruited": "yes"}}, "Not known yet: the means, the purpose."),
        (
            {
                "journey": {
                    "som.entry": "yes",
                    "som.foreign": "yes",
                    "som.money": "no",
                    "som.other_benefit": "no",
                }
            },
            "Missing: the financial or other material benefit.",
        ),
        ({**TRAFFICKED}, "Act, means and purpose are all present."),
        (
            {
                "age": {"age.doubt": "yes"},
                "act": {"act.received": "yes"},
                "exploitation": {"form.begging": "yes"},
            },
            "For a child that is enough; the means is not needed.",
        ),
    ],
)
def test_the_explanation_says_in_words_what_is_missing(
    as_worker: Any, screening: Screening, answer: Any, answers: dict[str, dict[str, str]], says: str
) -> None:
    answer(as_worker, screening, answers)
    found = queries.explain(actions.compute_suggestion(actor=as_worker, screening=screening))
    assert says in f"{found.trafficking.verdict} {found.smuggling.verdict}"


def test_a_smuggled_migrant_is_never_called_a_victim(
    as_worker: Any, screening: Screening, answer: Any
) -> None:
    answer(as_worker, screening, {"journey": {"som.entry": "yes", "som.foreign": "yes", "som.money": "yes"}})
    found = queries.explain(actions.compute_suggestion(actor=as_worker, screening=screening))
    words = " ".join([found.headline, found.smuggling.verdict, *found.notes])
    assert found.outcome == "som"
    assert "victim" not in words
    assert "SOM Protocol art. 5" in words
