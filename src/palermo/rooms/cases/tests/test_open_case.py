"""open_case: works, once, for those who may, with a trace and an event in the register."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.workflow.models import Transition
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case, Draft, Facts, Note, Reveal
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE, REASON, opened
from palermo.rooms.identification import actions as identification
from palermo.rooms.identification.tests.conftest import TRAFFICKED


def decided_screening(viewer: Any, answers: dict[str, dict[str, str]], outcome: str) -> Any:
    screening = identification.start_screening(actor=viewer)
    for version, (section, values) in enumerate(answers.items(), start=1):
        identification.save_answers(
            actor=viewer, screening=screening, section=section, answers=values, expected_version=version
        )
    suggestion = identification.compute_suggestion(actor=viewer, screening=screening)
    identification.decide(
        actor=viewer,
        screening=screening,
        suggestion=suggestion,
        outcome=outcome,
        reason="Told in detail and consistent.",
        expected_version=screening.version,
    )
    return screening


def test_it_opens_with_the_person_in_the_vault_and_a_code_in_the_case(as_worker: Any) -> None:
    made = opened(as_worker)
    assert made.state == "intake"
    assert made.code.startswith("C-")
    assert made.person_code.startswith("P-")
    assert made.status == "presumed"
    assert Transition.objects.filter(object_id=made.pk).count() == 1
    assert Entry.objects.filter(action="cases.case.open", object_id=made.pk).count() == 1


def test_no_identity_is_in_any_row_of_the_room_or_the_audit(as_worker: Any) -> None:
    opened(as_worker)
    with connection.cursor() as cursor:
        for table in ("cases_case", "cases_facts", "workflow_transition", "access_grant", "vault_person"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = str(cursor.fetchall())
            assert not any(word in rows for word in (FAMILY, GIVEN, PHONE)), table
    entries = str([vars(entry) for entry in Entry.objects.all()])
    assert not any(word in entries for word in (FAMILY, GIVEN, PHONE))


def test_from_a_decided_screening_it_takes_over_the_coded_answers(as_worker: Any) -> None:
    screening = decided_screening(as_worker, TRAFFICKED, "tip")
    made = opened(as_worker, screening_id=screening.pk, crime="")
    facts = Facts.objects.get(case=made)
    assert (made.crime, made.status, made.screening_id) == ("tip", "presumed", screening.pk)
    assert facts.forms_yes == ["forced_labour_or_services"]
    assert facts.controls_yes == ["WithholdsDocuments"]
    assert facts.forms_no == []


def test_a_smuggled_migrant_is_not_recorded_as_a_victim(as_worker: Any) -> None:
    made = opened(as_worker, crime="som")
    assert made.status == "smuggled_migrant"
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=made.pk).update(status="presumed")


def test_an_undecided_screening_opens_nothing(as_worker: Any) -> None:
    screening = identification.start_screening(actor=as_worker)
    with pytest.raises(Conflict):
        opened(as_worker, screening_id=screening.pk)


def test_one_screening_opens_one_case(as_worker: Any) -> None:
    screening = decided_screening(as_worker, TRAFFICKED, "tip")
    opened(as_worker, screening_id=screening.pk)
    with pytest.raises(Conflict):
        opened(as_worker, screening_id=screening.pk)


def test_a_form_sent_twice_opens_one_case(as_worker: Any) -> None:
    import uuid

    case_id = uuid.uuid4()
    assert opened(as_worker, case_id=case_id).pk == opened(as_worker, case_id=case_id).pk
    assert Case.objects.count() == 1


def test_it_validates_everything_at_once(as_worker: Any) -> None:
    with pytest.raises(Invalid) as caught:
        opened(as_worker, reason="x", crime="theft")
    assert {problem.field for problem in caught.value.problems} == {"reason", "crime"}


@pytest.mark.parametrize("who", ["analyst", "coordinator", "prosecutor", "administrator", "stranger"])
def test_it_refuses_those_who_do_not_help(people: Any, who: str) -> None:
    with acting(getattr(people, who).viewer) as viewer, pytest.raises(Refused):
        opened(viewer)


def test_a_foreign_person_or_screening_does_not_exist(people: Any) -> None:
    with acting(people.other_worker.viewer) as viewer:
        theirs = opened(viewer)
        screening = identification.start_screening(actor=viewer)
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            opened(viewer, identity=None, person_id=theirs.person_id)
        with pytest.raises(NotFound):
            opened(viewer, screening_id=screening.pk)


def test_strangers_get_no_row_at_all(people: Any, case: Case) -> None:
    for member in (
        people.other_worker, people.coordinator, people.analyst, people.prosecutor, people.administrator,
        people.stranger,
    ):  # fmt: skip
        with acting(member.viewer):
            # Straight at the tables: no filter of ours stands between.
            assert not any(model.objects.exists() for model in (Case, Facts, Note, Draft, Reveal))
        with acting(member.viewer) as viewer, pytest.raises(NotFound):
            queries.case(viewer, case.pk)


def test_nobody_opens_a_case_for_another_organisation(people: Any) -> None:
    import uuid

    with acting(people.case_worker.viewer), pytest.raises(ProgrammingError), transaction.atomic():
        Case.objects.create(
            code="C-X",
            state="intake",
            organisation=people.other_organisation,
            person_id=uuid.uuid4(),
            person_code="P-X",
            opening_reason=REASON,
            crime="tip",
            status="presumed",
        )


def test_a_case_has_an_owner_at_every_instant(as_worker: Any) -> None:
    made = opened(as_worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=made.pk).update(organisation=None)


def test_the_register_hears_of_it_without_a_way_back(as_worker: Any, cluster: Any) -> None:
    made = opened(as_worker)
    entries = Entry.objects.filter(action="register.case_event.record")
    assert [entry.object_id for entry in entries] == [None, None]
    assert str(made.pk) not in str([vars(entry) for entry in entries])
