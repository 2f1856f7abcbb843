"""A network of labour inspectors with a focal point, two members and somebody outside; Northern Shelter helps."""

from dataclasses import dataclass
from typing import Any

import pytest

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.rooms.children.actions import demo_protectors
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Draft, Member, Network, Notification, Part

ADULT = {
    "age": "adult",
    "thinks": "tip",
    "seen": ["there.documents", "there.wages"],
    "urgent": ["urgent.shelter"],
    "words": "Sleeps in the container behind the packing hall.",
    "place": "North harbour",
}
FAMILY = "Vibbletonova"


@dataclass(frozen=True)
class Inspectors:
    """The coordinating house and its people; `outsider` works elsewhere and belongs to nothing."""

    house: Organisation
    head: Any
    focal: Any
    inspector: Any
    second: Any
    outsider: Any
    network: Network


def agreed(person: Any, row: Member) -> Member:
    with acting(person.viewer) as viewer:
        found = queries.member(viewer, row.pk)
        return actions.move_member(actor=viewer, row=found, event="agree", expected_version=found.version)


def founded(people: Any) -> Inspectors:
    """The network with a focal point who was invited and a member who asked."""
    with acting(Viewer.operator()):
        kind = OrganisationType.CENTRAL_GOVERNMENT
        house = Organisation.objects.create(name="Labour Inspectorate", kind=kind)
        clinic = Organisation.objects.create(name="Hill Clinic", kind=OrganisationType.HEALTH)
        head = member("labour-supervisor", Role.SUPERVISOR, house)
        focal = member("labour-focal-point", Role.FIRST_RESPONDER, house)
        inspector = member("labour-inspector", Role.FIRST_RESPONDER, house)
        second = member("second-inspector", Role.FIRST_RESPONDER, house)
        outsider = member("hill-nurse", Role.FIRST_RESPONDER, clinic)
    with acting(head.viewer) as viewer:
        network = actions.open_network(
            actor=viewer,
            name="Network of labour inspectors",
            sector="labour_inspection",
            organisation_id=house.pk,
        )
        point = actions.invite(
            actor=viewer, network=network, user_id=focal.pk, organisation_id=house.pk, part=Part.FOCAL_POINT
        )
    agreed(focal, point)
    with acting(inspector.viewer) as viewer:
        wish = actions.ask_to_join(actor=viewer, network=network, organisation_id=house.pk)
    agreed(focal, wish)
    return Inspectors(house, head, focal, inspector, second, outsider, network)


def kept(who: Any, network: Network, **more: Any) -> Draft:
    with acting(who.viewer) as viewer:
        return actions.keep_draft(actor=viewer, network=network, answers=ADULT | more)


def target_of(viewer: Viewer, network: Network, house: Any) -> queries.Target:
    found = queries.receivers(viewer, network, [])
    return next(target for target in found if target.receiver_id == house)


def sent(who: Any, network: Network, people: Any, draft: Draft | None = None, **more: Any) -> Notification:
    """An adult who agreed, sent to Northern Shelter."""
    draft = draft or kept(who, network)
    with acting(who.viewer) as viewer:
        given = {
            "agrees": True,
            "target": target_of(viewer, network, people.other_organisation.pk),
            "language": "ar",
            "interpreting": "phone",
        } | more
        return actions.send_notification(actor=viewer, draft=draft, sent=actions.Sent(**given))


def child_given(protectors: Any, people: Any) -> dict[str, Any]:
    """What a child's notification is sent with."""
    return {
        "language": "ar",
        "situation": "unaccompanied",
        "bodies": {
            "child_protection": str(protectors["agency"].pk),
            "police": str(protectors["police"].pk),
            "coordinator": str(people.coordinator.viewer.organisation_id),
        },
        "view": {"view_manner": "told_us", "view_text": "Wants to sleep."},
    }


@pytest.fixture
def inspectors(people: Any) -> Inspectors:
    return founded(people)


@pytest.fixture
def protectors(people: Any) -> Any:
    with acting(Viewer.operator()):
        return demo_protectors(people)


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
