"""The directory: who may change it, what is refused, versions and undo, and the confidential address."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale, StepUpNeeded
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import AddressReveal, SealedAddress, Service, ServiceVersion
from palermo.rooms.services.tests.conftest import SECRET, SHELTER

WHY = "I drive the person there tonight."


def change(viewer: Any, service: Service, **values: Any) -> Service:
    now = queries.service(viewer, service.pk)
    return actions.change_service(actor=viewer, service=now, values=values, expected_version=now.version)


def test_the_own_organisation_and_the_coordinator_change_an_entry_and_nobody_else(
    people: Any, shelter: Service
) -> None:
    for who in (people.case_worker, people.supervisor, people.coordinator):
        with acting(who.viewer) as viewer:
            change(viewer, shelter, about=f"Changed by {who.user.username}")
    for who in (people.other_worker, people.first_responder, people.analyst, people.administrator):
        with acting(who.viewer) as viewer, pytest.raises(Refused):
            change(viewer, shelter, about="No.")
    with acting(people.analyst.viewer) as viewer:
        assert queries.service(viewer, shelter.pk).about == "Changed by coordinator"


def test_every_problem_of_an_entry_is_told_at_once(people: Any) -> None:
    wrong = {
        "name": "  ", "kind": "castle", "age_from": 30, "age_until": 9, "languages": ["xx"], "areas": ["nowhere"],
        "phone": "call me", "website": "javascript:1", "hours": {"mon": [["25:00", "26:00"]]}, "step_free": 3,
        "free_beer": True,
    }  # fmt: skip
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Invalid) as caught:
        actions.add_service(actor=viewer, organisation_id=people.organisation.pk, values=wrong)
    assert {problem.field for problem in caught.value.problems} == set(wrong) - {"age_from"}


def test_nobody_enters_a_service_for_a_foreign_organisation(people: Any) -> None:
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Refused):
        actions.add_service(
            actor=viewer,
            organisation_id=people.other_organisation.pk,
            values={"name": "X", "kind": "medical"},
        )


def test_a_change_can_be_undone_and_two_savers_learn_of_each_other(people: Any, shelter: Service) -> None:
    with acting(people.supervisor.viewer) as viewer:
        change(viewer, shelter, name="House of Sleep", languages=["fr"])
        with pytest.raises(Stale):
            actions.change_service(actor=viewer, service=shelter, values={"name": "Mine"}, expected_version=1)
        now = queries.service(viewer, shelter.pk)
        actions.undo_change(actor=viewer, service=now, number=1, expected_version=now.version)
        now = queries.service(viewer, shelter.pk)
        assert (now.name, now.languages, now.confidential) == ("House of Rest", ["en", "ar"], True)
        kept = queries.versions(viewer, now)
        assert [(row.number, row.undoes) for row in kept] == [(3, 1), (2, None), (1, None)]
        assert set(kept[1].fields) == {"name", "languages"}
        assert queries.has_sealed_address(viewer, now)


def test_a_suspended_service_says_why_and_a_closed_one_stays_closed(people: Any, shelter: Service) -> None:
    with acting(people.supervisor.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.set_state(
                actor=viewer, service=shelter, state="suspended", reason=" ", expected_version=1
            )
        actions.set_state(
            actor=viewer, service=shelter, state="suspended", reason="Water damage", expected_version=1
        )
        actions.set_state(actor=viewer, service=shelter, state="active", reason="", expected_version=2)
        actions.set_state(
            actor=viewer, service=shelter, state="closed", reason="The house is sold", expected_version=3
        )
        with pytest.raises(Conflict):
            actions.set_state(actor=viewer, service=shelter, state="active", reason="", expected_version=4)


# --------------------------------------------------------------------------------- the confidential address


def test_a_confidential_address_is_in_no_table_in_the_clear(people: Any, shelter: Service) -> None:
    change_at = people.supervisor.viewer
    with acting(change_at) as viewer:
        change(viewer, shelter, about="Again")
    with acting(change_at), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'services\\_%'")
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) >= 9
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', ["%Nowhere Passage%"])
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("SELECT count(*) FROM services_sealedaddress")
        assert cursor.fetchone()[0] == 1


def test_an_address_that_becomes_confidential_leaves_the_entry_and_was_never_in_its_versions(
    people: Any,
) -> None:
    with acting(people.supervisor.viewer) as viewer:
        made = actions.add_service(
            actor=viewer,
            organisation_id=people.organisation.pk,
            values={**SHELTER, "confidential": False},
        )
        assert queries.service(viewer, made.pk).address == SECRET
        change(viewer, made, confidential=True, address=SECRET)
        assert queries.service(viewer, made.pk).address == ""
        assert all("address" not in row.values for row in ServiceVersion.objects.filter(service=made))
        change(viewer, made, confidential=False, address="5 Open Street")
        assert not SealedAddress.objects.filter(service=made).exists()


def test_the_address_opens_for_its_own_people_with_a_purpose_and_leaves_a_trace(
    people: Any, shelter: Service
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.reveal_address(actor=viewer, service=shelter, purpose="because", explanation="no")
        shown = actions.reveal_address(actor=viewer, service=shelter, purpose="accompany", explanation=WHY)
        assert shown == SECRET
    with acting(people.supervisor.viewer) as viewer:
        assert [(row.seen_by_id, row.purpose) for row in queries.address_reveals(viewer, shelter)] == [
            (people.case_worker.pk, "accompany")
        ]
        entry = Entry.objects.filter(action="services.address.reveal", object_id=shelter.pk).get()
        assert (entry.purpose, list(entry.fields)) == ("accompany", ["address"])


@pytest.mark.parametrize("who", ["other_worker", "prosecutor", "coordinator", "administrator", "stranger"])
def test_others_do_not_learn_that_there_is_an_address(people: Any, shelter: Service, who: str) -> None:
    with acting(getattr(people, who).viewer) as viewer, pytest.raises(NotFound):
        actions.reveal_address(actor=viewer, service=shelter, purpose="accompany", explanation=WHY)


def test_a_fresh_sign_in_is_needed(people: Any, shelter: Service) -> None:
    from dataclasses import replace

    tired = replace(people.case_worker.viewer, stepped_up=False)
    with acting(people.case_worker.viewer), pytest.raises(StepUpNeeded):
        actions.reveal_address(actor=tired, service=shelter, purpose="accompany", explanation=WHY)
    with acting(people.case_worker.viewer):
        assert not AddressReveal.objects.exists()


def test_an_address_is_shared_with_another_organisation_for_some_days(people: Any, shelter: Service) -> None:
    soon = timezone.now() + timedelta(days=2)
    given = {"organisation_id": people.other_organisation.pk, "until": soon, "purpose": "They bring a child."}
    with acting(people.case_worker.viewer) as viewer, pytest.raises(NotFound):
        actions.share_address(actor=viewer, service=shelter, **given)
    with acting(people.supervisor.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.share_address(
                actor=viewer, service=shelter, **{**given, "until": soon + timedelta(days=300)}
            )
        made = actions.share_address(actor=viewer, service=shelter, **given)
    with acting(people.other_worker.viewer) as viewer:
        shown = actions.reveal_address(actor=viewer, service=shelter, purpose="accompany", explanation=WHY)
        assert shown == SECRET
        with pytest.raises(NotFound):
            actions.share_address(actor=viewer, service=shelter, **given)
    with acting(people.supervisor.viewer) as viewer:
        assert [name for _row, name in queries.address_shares(viewer, shelter)] == ["Northern Shelter"]
        actions.end_address_share(actor=viewer, service=shelter, grant_id=made)
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        actions.reveal_address(actor=viewer, service=shelter, purpose="accompany", explanation=WHY)


def test_a_sealed_address_that_was_moved_does_not_open_and_raises_an_alarm(
    people: Any, shelter: Service
) -> None:
    with acting(people.supervisor.viewer) as viewer:
        other = actions.add_service(
            actor=viewer,
            organisation_id=people.organisation.pk,
            values={**SHELTER, "name": "Second house", "address": "1 Other Way"},
        )
        mine = SealedAddress.objects.get(service=shelter)
        SealedAddress.objects.filter(service=other).update(ciphertext=bytes(mine.ciphertext))
        shown = actions.reveal_address(actor=viewer, service=other, purpose="visit", explanation=WHY)
        assert shown is None
        assert Entry.objects.filter(action="vault.text.tampered", object_id=other.pk).exists()


# --------------------------------------------------------------------------------------- what the public sees


def test_the_public_gets_what_the_office_shows_and_no_staff_telephone(people: Any, shelter: Service) -> None:
    public = Viewer.anonymous()
    with acting(public):
        assert queries.public_services(public) == []
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Refused):
        actions.set_public(actor=viewer, service=shelter, public=True, expected_version=1)
    with acting(people.coordinator.viewer) as viewer:
        actions.set_public(actor=viewer, service=shelter, public=True, expected_version=1)
    with acting(public):
        (found,) = queries.public_services(public, language="ar")
        assert (found.name, found.phone, found.address, found.is_open) == (
            "House of Rest",
            "+99 555 7000",
            "",
            True,
        )
        assert "7001" not in repr(found)
        assert not Service.objects.exists()
    with acting(people.supervisor.viewer) as viewer:
        actions.set_state(actor=viewer, service=Service.objects.get(pk=shelter.pk), state="suspended",
                          reason="Water damage", expected_version=2)  # fmt: skip
    with acting(public):
        assert queries.public_services(public) == []
