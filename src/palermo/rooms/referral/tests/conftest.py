"""A case with a planted name, a consent to tell Northern Shelter, and what both sides can do. All invented."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.models import Referral
from palermo.web.room import Subject, subject

FAMILY = "Vibbletonova"
NEEDS = "A safe bed for tonight and a doctor."


def open_case(people: Any, **more: Any) -> Subject:
    """A case of the case worker, as other rooms see it."""
    given = {"identity": Identity(family_name=FAMILY, given_names="Zarquella", phone="+99 555 1")} | more
    with acting(people.case_worker.viewer) as viewer:
        made = cases.open_case(
            actor=viewer,
            **({"reason": "Asked for help at the desk.", "crime": "tip", "child": False} | given),
        )
        return subject(viewer, "case", made.pk)


def agree_to(
    people: Any,
    about: Subject,
    *categories: str,
    purpose: str = "referral",
    recipients: Any = None,
    **more: Any,
) -> Any:
    """The person agrees that these categories are told to Northern Shelter (or others)."""
    with acting(people.case_worker.viewer) as viewer:
        return consents.record_consent(
            actor=viewer,
            about=about,
            purpose=purpose,
            categories=list(categories or ("needs",)),
            recipients=recipients or [people.other_organisation.pk],
            decision=more.get("decision", "given"),
            language="en",
            interpreting="shared",
            valid_until=timezone.now() + timedelta(days=30),
            **({"speaker": "person_and_guardian", "child_view": "agrees"} if about.child else {}),
        )


def drafted(people: Any, about: Subject, *categories: str, **more: Any) -> Referral:
    given = {"receiver_id": people.other_organisation.pk, "kind": "shelter", "texts": {"needs": NEEDS}} | more
    with acting(people.case_worker.viewer) as viewer:
        return actions.draft(actor=viewer, about=about, categories=categories, **given)


def step(person: Any, row: Any, event: str, **answers: Any) -> Referral:
    """One move by that person, on the row as it is now."""
    with acting(person.viewer) as viewer:
        now = queries.referral(viewer, row.pk)
        return actions.move(actor=viewer, row=now, event=event, expected_version=now.version, answers=answers)


def state_of(row: Any) -> str:
    with acting(Viewer.operator()):
        return Referral.objects.get(pk=row.pk).state


def brought(people: Any, about: Subject, state: str, **more: Any) -> Referral:
    """A referral brought to that state by its two sides."""
    row = drafted(people, about, **more)
    way: list[tuple[Any, str, dict[str, Any]]] = [
        (people.case_worker, "send", {}),
        (people.other_worker, "acknowledge", {}),
        (people.other_worker, "accept", {}),
        (people.other_worker, "first_service", {}),
        (people.other_worker, "complete", {"outcome": "helped"}),
        (people.case_worker, "confirm", {"arrived": "yes"}),
    ]
    for person, event, answers in way:
        if state_of(row) == state:
            break
        row = step(person, row, event, **answers)
    assert row.state == state
    return row


@pytest.fixture
def about(people: Any) -> Subject:
    return open_case(people)


@pytest.fixture
def agreed(people: Any, about: Subject) -> Any:
    return agree_to(people, about)


@pytest.fixture
def third(people: Any) -> Any:
    """A case manager of a third house, which has nothing to do with any of it."""
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Hill Clinic", kind=OrganisationType.HEALTH)
        return member("third-worker", Role.CASE_MANAGER, house)


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
