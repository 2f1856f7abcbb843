"""Where a report comes from decides who is suggested; whose network it is stays; what a yes needs is said."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.organisations.models import Membership, Organisation
from palermo.rooms.networks import actions, queries
from palermo.rooms.services import actions as services
from palermo.rooms.services.queries.labels import area_names

from .conftest import ADULT, Inspectors, kept


@pytest.fixture
def far_and_near(inspectors: Inspectors, people: Any) -> tuple[str, str]:
    """Harbour House works in the first area of the country, Northern Shelter in the second."""
    here, there = list(area_names())[:2]
    with acting(Viewer.operator()):
        Organisation.objects.filter(pk=people.organisation.pk).update(area=here)
        Organisation.objects.filter(pk=people.other_organisation.pk).update(area=there)
    return here, there


def first_of(inspectors: Inspectors, area: str, *kinds: str) -> Any:
    with acting(inspectors.inspector.viewer) as viewer:
        network = queries.network(viewer, inspectors.network.pk)
        return queries.receivers(viewer, network, list(kinds), area)[0].receiver_id


def test_who_works_where_the_report_comes_from_is_suggested(
    inspectors: Inspectors, people: Any, far_and_near: tuple[str, str]
) -> None:
    here, there = far_and_near
    assert first_of(inspectors, here) == people.organisation.pk
    assert first_of(inspectors, there) == people.other_organisation.pk


def test_a_service_of_the_area_comes_before_one_elsewhere(
    inspectors: Inspectors, people: Any, far_and_near: tuple[str, str]
) -> None:
    here, there = far_and_near
    for person, area in ((people.supervisor, here), (people.other_worker, there)):
        with acting(Viewer.operator()):
            Membership.objects.get_or_create(
                user_id=person.pk, organisation_id=person.viewer.organisation_id, role="supervisor", unit=None
            )
        viewer = viewer_for(User.objects.get(pk=person.pk), session_ref="t", stepped_up=True)
        with acting(viewer):
            services.add_service(
                actor=viewer,
                organisation_id=viewer.organisation_id,
                values={"name": f"Beds in {area}", "kind": "shelter", "areas": [area], "crime": "both"},
            )
    assert first_of(inspectors, here, "shelter") == people.organisation.pk
    assert first_of(inspectors, there, "shelter") == people.other_organisation.pk
    # The usual place has no first claim on what happens in another part of the country.
    with acting(inspectors.head.viewer) as viewer:
        actions.change_network(
            actor=viewer,
            network=queries.network(viewer, inspectors.network.pk),
            expected_version=1,
            values={"receiver_id": people.organisation.pk, "service_id": None},
        )
    assert first_of(inspectors, here, "shelter") == people.organisation.pk
    assert first_of(inspectors, there, "shelter") == people.other_organisation.pk


def test_the_area_begins_as_the_one_of_the_house_and_is_kept(inspectors: Inspectors) -> None:
    here, there = list(area_names())[:2]
    with acting(inspectors.inspector.viewer) as viewer:
        network = queries.network(viewer, inspectors.network.pk)
        assert queries.area_of(viewer, network) == ""
    with acting(Viewer.operator()):
        Organisation.objects.filter(pk=inspectors.house.pk).update(area=here)
    with acting(inspectors.inspector.viewer) as viewer:
        assert queries.area_of(viewer, network) == here
        draft = actions.keep_draft(actor=viewer, network=network, answers=ADULT | {"area": there})
        assert queries.answers_of(viewer, draft)["area"] == there


@pytest.mark.parametrize(
    ("column", "value"), [("organisation_id", "other"), ("sector", "health"), ("opened_by_id", "focal")]
)
def test_who_leads_a_network_cannot_give_it_to_another_house(
    inspectors: Inspectors, people: Any, column: str, value: Any
) -> None:
    known = {"other": people.other_organisation.pk, "focal": inspectors.focal.pk}
    for who in (inspectors.focal, inspectors.head, people.coordinator):
        with (
            pytest.raises(IntegrityError, match="whose network"),
            acting(who.viewer),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"UPDATE networks_network SET {column} = %s WHERE id = %s",
                [known.get(value, value), inspectors.network.pk],
            )
    with acting(inspectors.focal.viewer) as viewer:
        changed = actions.change_network(
            actor=viewer,
            network=queries.network(viewer, inspectors.network.pk),
            expected_version=1,
            values={"about": "What it is for."},
        )
    assert changed.organisation_id == inspectors.house.pk


def test_the_form_says_that_a_yes_needs_the_language(inspectors: Inspectors, client_for: Any) -> None:
    draft = kept(inspectors.inspector, inspectors.network)
    url = reverse("networks:send", args=[draft.pk])
    page = client_for(inspectors.inspector).get(url).content.decode()
    for label in ("Language of the person", "How did you understand one another?"):
        assert re.search(rf"{re.escape(label)} <span[^>]*>\(needed for a yes\)", page), label
    child = kept(inspectors.inspector, inspectors.network, age="under_18")
    page = client_for(inspectors.inspector).get(reverse("networks:send", args=[child.pk])).content.decode()
    assert "needed for a yes" not in page
