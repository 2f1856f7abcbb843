"""Two invented networks, labour inspectors and health, through the same actions as real ones: for the demonstration."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.cast import Member as Colleague
from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.rooms.children import queries as children
from palermo.rooms.networks import queries
from palermo.rooms.networks.actions.anonymous import notify_anonymously
from palermo.rooms.networks.actions.answering import answer
from palermo.rooms.networks.actions.drafting import keep_draft
from palermo.rooms.networks.actions.members import ask_to_join, invite, move_member, write_training
from palermo.rooms.networks.actions.networks import open_network
from palermo.rooms.networks.actions.notifying import Sent, send_notification
from palermo.rooms.networks.models import Member as Row
from palermo.rooms.networks.models import Network, Part

HOUSES = {
    "labour_inspection": ("Labour Inspectorate", OrganisationType.CENTRAL_GOVERNMENT),
    "health": ("Harbour Clinic", OrganisationType.HEALTH),
}
NAMES = {
    "labour_inspection": (
        "Network of labour inspectors",
        "Inspectors who meet workers on farms, sites and boats.",
    ),
    "health": ("Network of health workers", "Nurses and doctors of emergency rooms and of the harbour."),
}
SEEN = {
    "labour_inspection": (
        ["there.documents", "there.wages", "work.living"],
        "Nine workers sleep in one container.",
    ),
    "health": (["there.influence", "there.violence"], "The man at the door answers every question."),
}
BED, DOCTOR, DANGER = "urgent.shelter", "urgent.medical", "urgent.danger"
URGENT: tuple[list[str], ...] = ([BED], [], [DOCTOR, BED], [], [], [DANGER])
TOLD = ("in_help", "looked_at", "", "not_for_us", "moved_on", "")


def demo_networks(*, cast: Any) -> int:
    """A labour inspectors' network and a health network with members, training and notifications. How many were sent.

    Opens transactions of its own; `cast` is `kernel.access.cast.Cast`.
    """
    made = 0
    for sector, people in demo_colleagues().items():
        network = _network(sector, people)
        made += _notifications(cast, network, sector, people["worker"])
    return made


def demo_colleagues() -> dict[str, dict[str, Colleague]]:
    """Sector -> the people of its network, made by the command line before accounts get their passwords."""
    return {sector: _staff(sector) for sector in HOUSES}


def _staff(sector: str) -> dict[str, Colleague]:
    """The coordinating house: a supervisor, a focal point, a member who is trained, one who is not."""
    name, kind = HOUSES[sector]
    short = {"labour_inspection": "labour", "health": "health"}[sector]
    worker = {"labour_inspection": "labour-inspector", "health": "health-worker"}[sector]
    with acting(Viewer.operator()):
        house, _made = Organisation.objects.get_or_create(name=name, defaults={"kind": kind})
        return {
            "head": member(f"{short}-supervisor", Role.SUPERVISOR, house),
            "focal": member(f"{short}-focal-point", Role.FIRST_RESPONDER, house),
            "worker": member(worker, Role.FIRST_RESPONDER, house),
            "second": member(f"second-{worker}", Role.FIRST_RESPONDER, house),
        }


def _network(sector: str, people: dict[str, Colleague]) -> Network:
    name, about = NAMES[sector]
    house = people["head"].viewer.organisation_id
    assert house is not None
    with acting(people["head"].viewer) as viewer:
        network = open_network(actor=viewer, name=name, sector=sector, organisation_id=house, about=about)
        point = invite(
            actor=viewer,
            network=network,
            user_id=people["focal"].pk,
            organisation_id=house,
            part=Part.FOCAL_POINT,
        )
    _agree(people["focal"], point)
    for key in ("worker", "second"):
        with acting(people[key].viewer) as viewer:
            wish = ask_to_join(actor=viewer, network=network, organisation_id=house)
        _agree(people["focal"], wish)
        if key == "worker":
            _train(people["focal"], wish)
    return network


def _agree(person: Colleague, row: Row) -> None:
    with acting(person.viewer) as viewer:
        found = queries.member(viewer, row.pk)
        move_member(actor=viewer, row=found, event="agree", expected_version=found.version)


def _train(person: Colleague, row: Row) -> None:
    with acting(person.viewer) as viewer:
        found = queries.member(viewer, row.pk)
        day = timezone.localdate() - timedelta(days=60)
        write_training(
            actor=viewer, row=found, course="recognise", taken_on=day, expected_version=found.version
        )


def _notifications(cast: Any, network: Network, sector: str, worker: Colleague) -> int:
    """Five about adults, one about a child, one anonymous; the shelter answers most of them."""
    seen, words = SEEN[sector]
    for number, urgent in enumerate(URGENT):
        child = number == 4
        answers = {
            "urgent": urgent,
            "age": "not_sure" if child else "adult",
            "seen": seen,
            "thinks": "tip",
            "words": words,
            "place": "North harbour",
        }
        with acting(worker.viewer) as viewer:
            draft = keep_draft(actor=viewer, network=network, answers=answers)
            sent = _child(viewer) if child else _adult(viewer, network, answers, cast.other_organisation.pk)
            row = send_notification(actor=viewer, draft=draft, sent=sent)
        if TOLD[number] and not child:
            _answer(cast.other_worker, row.pk, TOLD[number])
    with acting(worker.viewer) as viewer:
        draft = keep_draft(
            actor=viewer, network=network, answers={"age": "adult", "thinks": "tip", "seen": seen}
        )
        codes = {"crime": "tip", "rare_accepted": True, "support_offered": True}
        notify_anonymously(actor=viewer, draft=draft, given=codes)
    return len(URGENT)


def _adult(viewer: Viewer, network: Network, answers: dict[str, Any], house: Any) -> Sent:
    targets = queries.receivers(viewer, network, queries.kinds_of(answers))
    return Sent(
        agrees=True,
        target=next(target for target in targets if target.receiver_id == house),
        language="ar",
        interpreting="phone",
    )


def _child(viewer: Viewer) -> Sent:
    bodies = {}
    for body in ("child_protection", "police", "coordinator"):
        bodies[body] = children.bodies(body)[0][0]
    said = "Wants to sleep, and to telephone the sister."
    return Sent(
        language="ar", situation="unaccompanied", bodies=bodies,
        view={"view_manner": "told_us", "view_text": said},
    )  # fmt: skip


def _answer(person: Any, key: Any, code: str) -> None:
    with acting(person.viewer) as viewer:
        row = queries.notification(viewer, key)
        answer(actor=viewer, row=row, code=code, expected_version=row.version)
