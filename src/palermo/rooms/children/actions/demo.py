"""Invented children at different steps, through the same actions as real ones: for the demonstration country."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.children.actions.recording import add_record, begin_child
from palermo.rooms.children.actions.steps import take_step
from palermo.rooms.children.models import ChildProtection
from palermo.rooms.children.queries import codes
from palermo.web.room import subject

AGENCY, POLICE = "Child Protection Agency", "Coast Police, unit for children"
SAID = "Wants to sleep without noise, to telephone the sister, and not to meet the man with the car again."
HEARD = {"view_manner": "told_us", "view_language": "ar", "view_text": SAID}
WEIGHED = {
    "guardian_text": "Sees the child twice a week; asks for a school place soon.",
    "guardian_agrees": True,
    "text": "Safety weighs most now: far from the harbour, with people who speak the language.",
}


def demo_protectors(cast: Any) -> dict[str, Any]:
    """The child-protection worker and the police unit of the invented country, made by the command line."""
    with acting(Viewer.operator()):
        agency, _made = Organisation.objects.get_or_create(
            name=AGENCY, kind=OrganisationType.CENTRAL_GOVERNMENT
        )
        police, _made = Organisation.objects.get_or_create(name=POLICE, kind=OrganisationType.LAW_ENFORCEMENT)
        protector = member("child-protector", Role.CHILD_PROTECTION, agency)
        member("child-police", Role.FIRST_RESPONDER, police)
    return {"agency": agency, "police": police, "protector": protector}


def step_answers(staff: Any, office: Any) -> dict[str, dict[str, Any]]:
    """What each step is answered with."""
    elements = {
        f"on_{code}": "concern" if code == "exploiters" else "good" for code in codes.codes(codes.ELEMENT)
    }
    panel = {
        "met_on": timezone.localdate(),
        "chair_sector": "social",
        "chair": str(staff["protector"].pk),
        "sits_social": "agrees",
        "sits_health": "agrees",
        "sits_police": "dissents",
        "why_police": "Would rather have waited for the statement.",
        "text": "The child stays in protection; the statement waits until the doctor agrees.",
        **HEARD,
    }
    return {
        "notify": {
            "child_protection": staff["agency"].pk,
            "police": staff["police"].pk,
            "coordinator": office,
            **HEARD,
        },
        "place_safely": {"setting": "shelter", "service": None, "away": True, "family_checked": False},
        "appoint_guardian": {
            "kind": "state_guardian",
            "organisation": staff["agency"].pk,
            "name": "Wimbolda Tarrenfex",
            "reach": "+99 555 0101",
            "appointed_on": timezone.localdate(),
            "independent": True,
            "no_conflict": True,
        },
        "assess_provisionally": {**elements, **WEIGHED, **HEARD},
        "complete_bia": {**elements, **WEIGHED, **HEARD},
        "decide_panel": {**panel, "answer": "protect"},
        "begin_protection": {"measure": "residential", "text": ""},
    }


# (who, event): the way; each child of the demonstration stops somewhere on it.
WAY = (
    ("worker", "notify"),
    ("protector", "place_safely"),
    ("protector", "appoint_guardian"),
    ("worker", "assess_provisionally"),
    ("protector", "complete_bia"),
    ("protector", "decide_panel"),
    ("protector", "begin_protection"),
)
REASONS = {"decide_panel": "Decided in one meeting."}
STORIES = ((0, "unaccompanied", 13), (1, "separated", 15), (3, "unaccompanied", 16), (5, "child_of_victim", 9),
           (7, "unaccompanied", 17))  # fmt: skip


def demo_children(cast: Any, staff: Any) -> int:
    """Children between the first notice and the protection measure. Opens transactions of its own."""
    answers = step_answers(staff, cast.coordinator.viewer.organisation_id)
    for number, (steps, situation, age) in enumerate(STORIES):
        child_id = _opened(cast.case_worker.viewer, situation, age, number)
        for who, event in WAY[:steps]:
            viewer = staff["protector"].viewer if who == "protector" else cast.case_worker.viewer
            with acting(viewer):
                child = ChildProtection.objects.get(pk=child_id)
                take_step(
                    actor=viewer,
                    child=child,
                    event=event,
                    expected_version=child.version,
                    reason=REASONS.get(event, ""),
                    given=answers[event],
                )
    return len(STORIES)


def _opened(viewer: Viewer, situation: str, age: int, number: int) -> Any:
    today = timezone.localdate()
    month = date(today.year - age, 1 + (today.month + 4 * number) % 12, 1)
    born = min(month, today - timedelta(days=1)).replace(day=1)
    with acting(viewer):
        case = cases.open_case(
            actor=viewer,
            reason="A child alone at the harbour at night.",
            identity=Identity(family_name=f"Wexolina{number}", given_names="Tib"),
            crime="tip",
            child=True,
        )
        child = begin_child(
            actor=viewer,
            about=subject(viewer, "case", case.pk),
            situation=situation,
            age="not_sure" if number % 2 else "under_18",
            language="ar",
        )
        add_record(
            actor=viewer,
            child=child,
            what="birth",
            expected_version=child.version,
            given={"birth_month": born},
        )
        return child.pk
