"""change_facts and assess_risk: coded, ternary, never last-write-wins."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Invalid, NotFound, Stale
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.forms import FactsForm
from palermo.rooms.cases.forms.facts import initial_of
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.cases.tests.conftest import opened


@pytest.fixture
def facts(as_worker: Any) -> Facts:
    return Facts.objects.get(case=opened(as_worker))


def change(viewer: Any, facts: Facts, version: int, **values: Any) -> Facts:
    return actions.change_facts(actor=viewer, facts=facts, values=values, expected_version=version)


def test_it_saves_codes_and_writes_which_fields(as_worker: Any, facts: Facts) -> None:
    change(
        as_worker, facts, 1, sex="female", forms_yes=["begging"], forms_no=["servitude"], citizenships=["NPL"]
    )
    saved = Facts.objects.get(pk=facts.pk)
    assert (saved.sex, saved.forms_yes, saved.forms_no, saved.version) == (
        "female",
        ["begging"],
        ["servitude"],
        2,
    )
    entry = Entry.objects.get(action="cases.facts.change", object_id=facts.case_id)
    assert set(entry.fields) == {"sex", "forms_yes", "forms_no", "citizenships"}


def test_unknown_codes_are_all_listed(as_worker: Any, facts: Facts) -> None:
    with pytest.raises(Invalid) as caught:
        change(as_worker, facts, 1, sex="f", country="ZZZ", forms_yes=["x"], name="y")
    assert {problem.field for problem in caught.value.problems} == {"sex", "country", "forms_yes", "name"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sex", {"a": 1}), ("sex", None), ("sex", ["female"]), ("sex", 1), ("country", [["NPL"]]),
        ("forms_yes", 5), ("forms_yes", None), ("forms_yes", "begging"), ("forms_no", [["begging"]]),
        ("controls_yes", [{"a": 1}]), ("citizenships", {"NPL": 1}),
    ],
)  # fmt: skip
def test_a_value_of_a_wrong_type_is_named_by_its_field(
    as_worker: Any, facts: Facts, name: str, value: Any
) -> None:
    with pytest.raises(Invalid) as caught:
        change(as_worker, facts, 1, **{name: value})
    assert [problem.field for problem in caught.value.problems] == [name]


def test_a_flag_is_not_both_yes_and_no(as_worker: Any, facts: Facts) -> None:
    with pytest.raises(Invalid):
        change(as_worker, facts, 1, forms_yes=["begging"], forms_no=["begging"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Facts.objects.filter(pk=facts.pk).update(controls_yes=["Threats"], controls_no=["Threats"])


def test_the_second_saver_gets_three_versions_and_changes_nothing(as_worker: Any, facts: Facts) -> None:
    change(as_worker, facts, 1, sex="female")
    late = Facts.objects.get(pk=facts.pk)
    with pytest.raises(Stale) as caught:
        actions.change_facts(
            actor=as_worker, facts=late, values={"sex": "male"}, expected_version=1, base={"sex": ""}
        )
    assert (caught.value.base, caught.value.mine, caught.value.theirs) == (
        {"sex": ""},
        {"sex": "male"},
        {"sex": "female"},
    )
    assert Facts.objects.get(pk=facts.pk).sex == "female"


def test_the_form_gives_back_what_it_was_given(as_worker: Any, facts: Facts) -> None:
    wanted = {
        "sex": "female", "age_group": "adult", "age_at_exploitation": "child", "country": "NPL",
        "recruiter": "family", "citizenships": ["NPL", "IND"], "forms_yes": ["begging"], "forms_no": ["servitude"],
        "controls_yes": ["DebtBondage"], "controls_no": ["Threats"], "labour": ["construction"], "sexual": [],
    }  # fmt: skip
    change(as_worker, facts, 1, **wanted)
    form = FactsForm("en", initial_of(facts))
    assert form.is_valid(), form.errors
    assert form.values() == wanted


def test_it_refuses_strangers(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer):
        facts = Facts.objects.get(case=case)
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        change(viewer, facts, 1, sex="male")


def test_risk_needs_a_reason_which_is_kept_with_it(as_worker: Any) -> None:
    made = opened(as_worker)
    with pytest.raises(Invalid):
        actions.assess_risk(actor=as_worker, case=made, risk="high", reason="x", expected_version=1)
    actions.assess_risk(
        actor=as_worker, case=made, risk="high", reason="Followed twice this week.", expected_version=1
    )
    assert Case.objects.get(pk=made.pk).risk == "high"
    assert queries.risks(as_worker, made)[0].text == "Followed twice this week."
    with pytest.raises(Stale):
        actions.assess_risk(
            actor=as_worker, case=made, risk="low", reason="All calm since then.", expected_version=1
        )
