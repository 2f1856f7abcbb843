"""In an emergency a case opens by its code: for an hour, with a reason, and those who answer for it are told."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.errors import Invalid, NotFound, Refused
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests.conftest import FAMILY

WHY = "She stands in our clinic and must be moved this night."


def opened_by(person: Any, code: str, **more: Any) -> Any:
    with acting(person.viewer) as viewer:
        return actions.open_in_emergency(actor=viewer, code=code, reason=WHY, **more)


def test_it_opens_for_an_hour_and_both_supervisors_are_told(people: Any, case: Case) -> None:
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)
    assert opened_by(people.other_worker, case.code.lower()) == case.pk
    with acting(people.other_worker.viewer) as viewer:
        assert queries.case(viewer, case.pk).code == case.code
        with pytest.raises(NotFound):
            actions.reveal_identity(
                actor=viewer,
                case=case,
                fields=["family_name"],
                purpose="protect",
                explanation="To call her tonight.",
            )
    with acting(people.supervisor.viewer), connection.cursor() as cursor:
        assert Notice.objects.filter(kind="break_glass").count() == 1
        cursor.execute(
            "SELECT valid_until - valid_from FROM access_grants_of(%s) WHERE break_glass", [case.pk]
        )
        assert cursor.fetchone()[0].total_seconds() == pytest.approx(3600, abs=1)


def test_who_it_is_opens_only_when_asked_for(people: Any, case: Case) -> None:
    opened_by(people.other_worker, case.code, who_it_is=True)
    with acting(people.other_worker.viewer) as viewer:
        shown = actions.reveal_identity(
            actor=viewer,
            case=case,
            fields=["family_name"],
            purpose="protect",
            explanation="To call her by name.",
        )
    assert shown["family_name"] == FAMILY


@pytest.mark.parametrize(
    ("code", "reason"), [("C-0000-00", WHY), ("nonsense", WHY), ("", WHY), (None, "too short")]
)
def test_what_is_wrong_is_said_and_nothing_opens(
    people: Any, case: Case, code: str | None, reason: str
) -> None:
    with acting(people.other_worker.viewer) as viewer, pytest.raises(Invalid):
        actions.open_in_emergency(actor=viewer, code=case.code if code is None else code, reason=reason)
    with acting(people.other_worker.viewer):
        assert not Case.objects.exists()


def test_it_is_for_case_roles_alone(people: Any, case: Case) -> None:
    for person in (people.analyst, people.prosecutor, people.administrator):
        with pytest.raises(Refused):
            opened_by(person, case.code)


def test_the_page_leads_there_and_back(people: Any, case: Case, client_for: Any) -> None:
    client = client_for(people.other_worker)
    assert reverse("cases:emergency") in client.get(reverse("cases:list")).content.decode()
    wrong = client.post(reverse("cases:emergency"), {"code": "C-0000-00", "reason": WHY})
    assert wrong.status_code == 422
    assert "C-0000-00" in wrong.content.decode()
    right = client.post(reverse("cases:emergency"), {"code": case.code, "reason": WHY})
    assert right["Location"] == reverse("cases:case", args=[case.pk])
    assert client.get(right["Location"]).status_code == 200
