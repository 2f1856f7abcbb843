"""share_case, end_share and reveal_identity."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Invalid, NotFound, Refused, StepUpNeeded
from palermo.kernel.organisations.models import Role
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Reveal
from palermo.rooms.cases.tests.conftest import FAMILY

WHY = "To book the doctor under the right name."


@pytest.fixture
def colleague(people: Any) -> Any:
    """Somebody of the same organisation, in no team."""
    with acting(Viewer.operator()):
        return member("night-worker", Role.CASE_MANAGER, people.organisation)


def share(viewer: Any, case: Case, colleague: Any, **more: Any) -> Any:
    given = {
        "grantee_kind": "person",
        "grantee_id": colleague.pk,
        "scopes": ("notes",),
        "purpose": "night shift",
    }
    return actions.share_case(actor=viewer, case=case, **(given | more))


def test_a_colleague_sees_a_case_once_it_is_shared_and_no_more_when_it_ends(
    people: Any, case: Case, colleague: Any
) -> None:
    with acting(colleague.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)
    with acting(people.case_worker.viewer) as viewer:
        made = share(viewer, case, colleague)
    with acting(colleague.viewer) as viewer:
        assert queries.case(viewer, case.pk).pk == case.pk
        with pytest.raises(NotFound):
            reveal(viewer, case)
    with acting(people.supervisor.viewer) as viewer:
        assert {"Night Worker"} <= {row.who for row in queries.shares(viewer, case)}
        actions.end_share(actor=viewer, case=case, grant_id=made)
    with acting(colleague.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)


def test_sharing_identity_lets_reveal_and_ending_it_ends_that_too(
    people: Any, case: Case, colleague: Any
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = share(viewer, case, colleague, scopes=("identity",))
    with acting(colleague.viewer) as viewer:
        assert reveal(viewer, case) == {"family_name": FAMILY}
    with acting(people.case_worker.viewer) as viewer:
        actions.end_share(actor=viewer, case=case, grant_id=made)
    with acting(colleague.viewer) as viewer:
        from palermo.kernel.vault.actions import reveal as vault_reveal

        with pytest.raises(NotFound):
            vault_reveal(actor=viewer, person_id=case.person_id, fields=["family_name"], purpose="contact")


def test_who_cannot_end_the_share_of_the_name_does_not_end_half_of_it(
    people: Any, case: Case, colleague: Any
) -> None:
    """A colleague who lost the case but kept the person could search for it and open a second case on it."""
    with acting(Viewer.operator()):
        by_code = member("day-worker", Role.CASE_MANAGER, people.organisation)
    with acting(people.case_worker.viewer) as viewer:
        share(viewer, case, by_code, scopes=())
        named = share(viewer, case, colleague, scopes=("identity",))
    with acting(by_code.viewer) as viewer, pytest.raises(Refused):
        actions.end_share(actor=viewer, case=case, grant_id=named)
    with acting(people.supervisor.viewer) as viewer:
        actions.end_share(actor=viewer, case=case, grant_id=named)
    with acting(colleague.viewer):
        assert not granted(case.pk, "case")
        assert not granted(case.person_id, "case")


def test_a_worker_cannot_send_his_supervisor_away(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        held = {row.who: row.id for row in queries.shares(viewer, case)}
        with pytest.raises(Refused):
            actions.end_share(actor=viewer, case=case, grant_id=held[str(people.supervisor.user)])


def test_it_is_not_shared_outside_the_organisation_or_without_a_purpose(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        share(
            viewer, case, people.other_worker, purpose="", scopes=("everything",),
            until=timezone.now() - timedelta(days=1),
        )  # fmt: skip
    assert {p.field for p in caught.value.problems} == {"grantee", "purpose", "scopes", "until"}


def test_strangers_share_and_end_nothing(people: Any, case: Case, colleague: Any) -> None:
    with acting(people.other_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            share(viewer, case, people.other_worker)
        with pytest.raises(NotFound):
            actions.end_share(actor=viewer, case=case, grant_id=case.pk)


def reveal(viewer: Any, case: Case, **more: Any) -> dict[str, str]:
    given = {"fields": ["family_name"], "purpose": "service", "explanation": WHY} | more
    return dict(actions.reveal_identity(actor=viewer, case=case, **given))


def test_a_reveal_shows_the_fields_and_writes_down_who_and_why(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        assert reveal(viewer, case) == {"family_name": FAMILY}
        entry = Entry.objects.get(action="cases.identity.reveal", object_id=case.pk)
        assert (entry.actor, entry.purpose, entry.fields) == (viewer.user_id, "service", ["family_name"])
        assert FAMILY not in str(vars(entry)) + WHY
        assert Reveal.objects.get(case=case).explanation == WHY
        assert any(deed.did == "saw the identity" for deed in queries.deeds(viewer, case))


def test_a_reveal_needs_a_fresh_sign_in(people: Any, case: Case) -> None:
    stale = replace(people.case_worker.viewer, stepped_up=False)
    with acting(stale), pytest.raises(StepUpNeeded):
        reveal(stale, case)


def test_a_reveal_needs_a_purpose_and_a_sentence(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        reveal(viewer, case, purpose="curious", explanation="x")
    assert {p.field for p in caught.value.problems} == {"purpose", "explanation"}


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "administrator", "prosecutor"])
def test_strangers_see_no_identity(people: Any, case: Case, who: str) -> None:
    viewer = getattr(people, who).viewer
    with acting(viewer), pytest.raises(NotFound):
        reveal(viewer, case)
