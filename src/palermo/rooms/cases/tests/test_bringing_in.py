"""An authority of child protection outside: by duty for a child, else on consent; and shares that are not doubled."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice, User
from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.organisations.models import Membership, Organisation, Role
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.actions.bringing_in import bring_in_authority
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests.conftest import opened
from palermo.rooms.consents import actions as consents
from palermo.web.room import subject

SOON = timezone.now() + timedelta(days=30)


@pytest.fixture
def agency(people: Any) -> Any:
    """Somebody who protects children in a house of their own."""
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Agency for Children", kind="government")
        return member("protector-outside", Role.CHILD_PROTECTION, house)


def bring(viewer: Any, case: Case, agency: Any, **more: Any) -> int:
    given: dict[str, Any] = {"scopes": ("notes",), "purpose": "Best interests assessment.", "until": SOON}
    organisation = agency.viewer.organisation_ids[0]
    return bring_in_authority(actor=viewer, case=case, organisation_id=organisation, **(given | more))


def child_case(people: Any) -> Case:
    with acting(people.case_worker.viewer) as viewer:
        return opened(viewer, child=True)


def test_for_a_child_nobody_is_asked_and_the_authority_is_told(people: Any, agency: Any) -> None:
    case = child_case(people)
    with acting(people.case_worker.viewer) as viewer:
        assert bring(viewer, case, agency) == 1
    with acting(agency.viewer) as viewer:
        assert queries.case(viewer, case.pk).code == case.code
        assert Notice.objects.filter(kind="case_shared", object_id=case.pk).exists()
        with pytest.raises(NotFound):
            actions.reveal_identity(
                actor=viewer, case=case, fields=["family_name"], purpose="service", explanation="To see whom."
            )
    with acting(people.case_worker.viewer) as viewer:
        mine = queries.case(viewer, case.pk)
        share = next(row for row in queries.shares(viewer, mine) if row.who == "Agency for Children")
        assert share.until == SOON
        assert any("brought in an authority" in deed.did for deed in queries.deeds(viewer, mine))
        actions.end_share(actor=viewer, case=mine, grant_id=share.id)
        assert any(
            "ended the access of Agency for Children" in deed.did for deed in queries.deeds(viewer, mine)
        )
    with acting(agency.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)


def test_who_begins_at_the_authority_later_reads_it_and_nobody_else_there(people: Any, agency: Any) -> None:
    case = child_case(people)
    with acting(people.case_worker.viewer) as viewer:
        bring(viewer, case, agency, scopes=("notes", "identity"))
    with acting(Viewer.operator()):
        house = Organisation.objects.get(pk=agency.viewer.organisation_ids[0])
        later = member("protector-of-tomorrow", Role.CHILD_PROTECTION, house)
        beside = member("manager-of-the-agency", Role.CASE_MANAGER, house)
    with acting(later.viewer) as viewer:
        assert queries.case(viewer, case.pk).code == case.code
        assert granted(case.person_id, "identity")
    with acting(beside.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)
    with acting(Viewer.operator()):
        Membership.objects.filter(user_id=later.pk).update(ended_at=timezone.now())
    gone = viewer_for(User.objects.get(pk=later.pk), session_ref="t", stepped_up=True)
    with acting(gone) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)


@pytest.mark.parametrize("child", [None, False])
def test_for_anybody_else_a_consent_that_names_the_authority_is_needed(
    people: Any, agency: Any, child: bool | None
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        case = opened(viewer, child=child)
        with pytest.raises(Conflict, match="no consent"):
            bring(viewer, case, agency)
        consents.record_consent(
            actor=viewer, about=subject(viewer, "case", case.pk), purpose="referral",
            categories=["needs", "exploitation", "health", "family", "location"],
            recipients=[agency.viewer.organisation_ids[0]], language="en", decision="given",
            interpreting="shared",
        )  # fmt: skip
        with pytest.raises(Conflict):
            bring(viewer, case, agency, scopes=("notes", "identity"))
        assert bring(viewer, case, agency) == 1


def test_what_is_wrong_is_said_at_once(people: Any, agency: Any) -> None:
    case = child_case(people)
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        bring_in_authority(
            actor=viewer,
            case=case,
            organisation_id=case.organisation_id,
            scopes=("all",),
            purpose="",
            until=None,
        )
    assert {p.field for p in caught.value.problems} == {"organisation", "scopes", "purpose", "until"}


def test_strangers_bring_nobody_in(people: Any, agency: Any) -> None:
    case = child_case(people)
    for stranger in (people.other_worker, people.coordinator, agency):
        with acting(stranger.viewer) as viewer, pytest.raises((NotFound, Exception)):
            bring(viewer, case, agency)
    with acting(agency.viewer) as viewer, pytest.raises(NotFound):
        queries.case(viewer, case.pk)


def test_the_page_leads_to_the_consents_where_one_is_missing(
    people: Any, client_for: Any, agency: Any, case: Case
) -> None:
    url, client = reverse("cases:bring-in", args=[case.pk]), client_for(people.case_worker)
    assert url in client.get(reverse("cases:access", args=[case.pk])).content.decode()
    form = {
        "organisation": agency.viewer.organisation_ids[0],
        "scopes": ["notes"],
        "purpose": "Best interests.",
        "until": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert reverse("consents:of-case", args=[case.pk]) in answer.content.decode()
    child = child_case(people)
    url = reverse("cases:bring-in", args=[child.pk])
    assert client.post(url, form | {"until": ""}).status_code == 422
    assert client.post(url, form).url == reverse("cases:access", args=[child.pk])


# Shares inside the house


def share(viewer: Any, case: Case, unit: Any, scopes: tuple[str, ...], until: Any = None) -> Any:
    return actions.share_case(
        actor=viewer, case=case, grantee_kind="unit", grantee_id=unit.pk, scopes=scopes,
        purpose="Night shifts.", until=until,
    )  # fmt: skip


def lines(viewer: Any, case: Case, who: str) -> list[tuple[str, ...]]:
    return [row.scopes for row in queries.shares(viewer, case) if row.who == who and row.live]


def test_a_team_that_has_the_case_is_not_given_it_twice(people: Any, client_for: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        team = str(people.unit)
        before = lines(viewer, case, team)
        assert len(before) == 1
        with pytest.raises(Invalid) as caught:
            share(viewer, case, people.unit, ("notes",))
        assert caught.value.problems[0].rule == "cases.grant.held"
        assert lines(viewer, case, team) == before
    form = {"grantee": f"unit:{people.unit.pk}", "scopes": ["notes"], "purpose": "Night shifts."}
    answer = client_for(people.case_worker).post(reverse("cases:access", args=[case.pk]), form)
    assert answer.status_code == 422
    assert "have this access already" in answer.content.decode()


def test_more_or_longer_widens_the_line_that_is_there(people: Any, case: Case) -> None:
    from palermo.kernel.organisations.models import Unit

    with acting(Viewer.operator()):
        night = Unit.objects.create(organisation=people.organisation, name="Night team")
    with acting(people.case_worker.viewer) as viewer:
        share(viewer, case, night, (), until=SOON)
        share(viewer, case, night, ("notes",), until=SOON + timedelta(days=1))
        assert lines(viewer, case, "Night team") == [("case", "notes")]
        # Wider but shorter says something else: both stand.
        share(viewer, case, night, ("notes", "identity"), until=SOON)
        assert len(lines(viewer, case, "Night team")) == 2


def test_the_trail_says_whose_access_ended(people: Any, agency: Any) -> None:
    case = child_case(people)
    with acting(people.case_worker.viewer) as viewer:
        bring(viewer, case, agency)
        made = actions.share_case(
            actor=viewer, case=case, grantee_kind="person", grantee_id=people.first_responder.pk,
            scopes=("notes",), purpose="Takes the night.", until=None,
        )  # fmt: skip
        mine = queries.case(viewer, case.pk)
        outside = next(row.id for row in queries.shares(viewer, mine) if row.who == "Agency for Children")
        actions.end_share(actor=viewer, case=mine, grant_id=made)
        actions.end_share(actor=viewer, case=mine, grant_id=outside)
        said = [deed.did for deed in queries.deeds(viewer, mine) if "ended" in deed.did]
    assert said == [
        "ended the access of Agency for Children",
        f"ended the access of {people.first_responder.user}",
    ]


def test_what_ended_before_the_trail_named_whose_it_was_is_told_without(people: Any) -> None:
    case = child_case(people)
    with acting(people.case_worker.viewer) as viewer:
        record(actor=viewer, action="access.grant.revoke", object_kind="grant", object_id=case.pk)
        assert queries.deeds(viewer, case)[0].did == "ended access"
