"""A child's case changes its owner: the file goes along, the authority stays, the old house keeps its own period."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Role
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases.models import Case
from palermo.rooms.children import actions as children
from palermo.rooms.children import queries as read
from palermo.rooms.children.tests.conftest import Way, way  # noqa: F401
from palermo.rooms.referral import actions, queries

from .conftest import agree_to, drafted, step

GUARDIAN = "Wimbolda Tarrenfex"
OWN = ("view", "told", "placement", "guardian", "guardianname", "assessment", "panel", "panelmember", "kept")


@pytest.fixture
def over(people: Any, way: Way) -> Any:  # noqa: F811
    """The way of a child as far as the protection measure, then its case handed over to Northern Shelter."""
    with acting(Viewer.operator()):
        member("north-chief", Role.SUPERVISOR, people.other_organisation)
    way.walk()
    return hand_over(people, way)


def hand_over(people: Any, way: Way) -> Any:  # noqa: F811
    """The authority agrees, and Northern Shelter accepts the case."""
    agree_to(people, way.about, "needs", "identity", purpose="transfer")
    row = drafted(people, way.about, "identity", transfer=True)
    with acting(way.protector.viewer) as viewer:
        actions.agree(actor=viewer, row=row)
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    step(people.other_worker, row, "accept")
    return row


def rows(who: Any, table: str, child: Any) -> int:
    column = {"guardianname": "guardian_id", "panelmember": "panel_id"}.get(table, "child_id")
    inner = {
        "guardianname": "SELECT id FROM children_guardian WHERE child_id = %s",
        "panelmember": "SELECT id FROM children_panel WHERE child_id = %s",
    }.get(table, "SELECT %s::uuid")
    with acting(who.viewer), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM children_{table} WHERE {column} IN ({inner})", [child])
        return int(cursor.fetchone()[0])


def test_the_new_house_holds_the_whole_file(people: Any, way: Way, over: Any, client_for: Any) -> None:  # noqa: F811
    for table in OWN:
        assert rows(people.other_worker, table, way.about.key) > 0, table
    with acting(people.other_worker.viewer) as viewer:
        child = read.child(viewer, way.about.key)
        assert child.organisation_id == people.other_organisation.pk
    page = client_for(people.other_worker).get(reverse("children:of-case", args=[way.about.key]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Safety weighs most now" in text
    assert "changed outside palermo" not in text
    assert GUARDIAN not in text


def test_the_old_house_keeps_nothing_of_the_file(people: Any, way: Way, over: Any) -> None:  # noqa: F811
    for who in (people.case_worker, people.supervisor):
        for table in OWN:
            assert rows(who, table, way.about.key) == 0, table
        with acting(who.viewer) as viewer, pytest.raises(NotFound):
            read.child(viewer, way.about.key)


def test_the_authority_stays_with_the_child(people: Any, way: Way, over: Any) -> None:  # noqa: F811
    with acting(way.protector.viewer) as viewer:
        child = read.child(viewer, way.about.key)
        assert child.organisation_id == people.other_organisation.pk
        assert Notice.objects.filter(kind="child_moved", object_id=way.about.key).count() == 1
        assert children.reveal_guardian(actor=viewer, child=child, purpose="service")["name"] == GUARDIAN
    assert rows(way.protector, "guardianname", way.about.key) == 1
    with acting(way.protector.viewer), connection.cursor() as cursor:
        # No part of a past: it is not the old house's.
        cursor.execute("SELECT count(*) FROM referral_past WHERE case_id = %s", [way.about.key])
        assert cursor.fetchone() == (0,)


def test_who_protects_in_the_old_house_keeps_his_own_period_alone(
    people: Any,
    way: Way,  # noqa: F811
) -> None:
    """An authority that has the case itself and hands it over is the old house."""
    with acting(Viewer.operator()):
        inside = member("harbour-protector", Role.CHILD_PROTECTION, people.organisation)
    way.walk()
    with acting(people.case_worker.viewer) as viewer:
        cases.share_case(
            actor=viewer,
            case=Case.objects.get(pk=way.about.key),
            grantee_kind="person",
            grantee_id=inside.pk,
            scopes=["case", "notes", "identity"],
            purpose="Looks after the child at night.",
            until=None,
        )
    assert rows(inside, "guardian", way.about.key) == 1
    hand_over(people, way)
    assert rows(inside, "guardian", way.about.key) == 0
    assert rows(way.protector, "guardian", way.about.key) == 1


def test_the_new_house_goes_on_with_the_child(people: Any, way: Way, over: Any) -> None:  # noqa: F811
    with acting(people.other_worker.viewer) as viewer:
        child = read.child(viewer, way.about.key)
        assert children.reveal_guardian(actor=viewer, child=child, purpose="service")["name"] == GUARDIAN
        children.add_record(
            actor=viewer, child=child, what="situation", expected_version=child.version,
            given={"situation": "separated"},
        )  # fmt: skip
        assert Entry.objects.filter(action="children.child.follow", object_id=way.about.key).count() == 1
    # What happens to the child from now on is not the old house's to read; what happened before is its own period.
    with acting(people.case_worker.viewer) as viewer, connection.cursor() as cursor:
        found = actions.open_period(actor=viewer, row=queries.referral(viewer, over.pk))
        assert all(passage.at <= found.until for passage in found.passages)
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE event = 'appoint_guardian') FROM workflow_transition "
            "WHERE object_id = %s AND machine = 'child_protection'",
            [way.about.key],
        )
        everything, guardian = cursor.fetchone()
        assert guardian == 1
        assert everything >= 7
