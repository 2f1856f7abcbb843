"""Invented services of invented organisations, through the same actions as real ones: for the demonstration country."""

from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.actions import add_organisation
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.cases import queries as cases
from palermo.rooms.services.actions import needing, reviewing
from palermo.rooms.services.actions.admissions import admit, discharge
from palermo.rooms.services.actions.capacity import set_places, tell_capacity
from palermo.rooms.services.actions.demo_entries import HARBOUR, LISTED, NEEDS, NORTHERN, OTHERS, UNMET
from palermo.rooms.services.actions.keeping import add_service, set_public, set_state
from palermo.rooms.services.models import Service


def demo_services(rng: np.random.Generator, *, cast: Any) -> int:
    """The directory, places, a few admissions, needs and a review. Returns how many services there are.

    `cast` is `kernel.access.cast.Cast`; call it after the cases. Opens transactions of its own.
    """
    _offices()
    shelter = _own(cast.supervisor.viewer, cast.organisation.pk, HARBOUR)
    _own(cast.other_worker.viewer, cast.other_organisation.pk, NORTHERN)
    _listed(cast.coordinator.viewer)
    _publish(cast.coordinator.viewer)
    _guests(rng, cast.supervisor.viewer, shelter)
    _needs(rng, cast.case_worker.viewer)
    _reviewed(cast, shelter)
    with acting(cast.coordinator.viewer):
        return Service.objects.count()


def _offices() -> None:
    with acting(Viewer.operator()) as viewer:
        known = set(Organisation.objects.values_list("name", flat=True))
        for name, kind in OTHERS:
            if name not in known:
                add_organisation(actor=viewer, name=name, kind=kind)


def _own(viewer: Viewer, organisation_id: Any, entries: Any) -> Service:
    """Services that their own organisation enters; the first one is returned."""
    made = []
    for values, totals, free, _public in entries:
        with acting(viewer):
            service = add_service(actor=viewer, organisation_id=organisation_id, values=values)
            rows = set_places(actor=viewer, service=service, totals=totals)
            if free:
                versions = {row.group: row.version for row in rows}
                tell_capacity(actor=viewer, service=service, free=free, versions=versions)
            made.append(service)
    return made[0]


def _listed(viewer: Viewer) -> None:
    """Services whose organisations have no palermo: the coordinator's office keeps their entries."""
    with acting(viewer):
        ids = dict(Organisation.objects.values_list("name", "pk"))
        for name, values, _public in LISTED:
            add_service(actor=viewer, organisation_id=ids[name], values=values)
        closed = Service.objects.get(name="Family tracing")
        set_state(
            actor=viewer, service=closed, state="suspended", expected_version=closed.version,
            reason="No caseworker until next month",
        )  # fmt: skip


def _publish(viewer: Viewer) -> None:
    public = [row[0]["name"] for row in HARBOUR if row[3]] + [
        values["name"] for _n, values, shown in LISTED if shown
    ]
    with acting(viewer):
        for service in Service.objects.filter(name__in=public):
            set_public(actor=viewer, service=service, public=True, expected_version=service.version)


def _guests(rng: np.random.Generator, viewer: Viewer, shelter: Service) -> None:
    with acting(viewer):
        held = [row for row in cases.cases(viewer).rows if row.state not in ("closed", "follow_up")]
    today = timezone.localdate()
    for number, case in enumerate(held[:4]):
        with acting(viewer):
            admission = admit(
                actor=viewer,
                service=shelter,
                case_id=case.pk,
                group=("women", "women", "families", "girls")[number],
                until=today + timedelta(days=int(rng.integers(10, 90))),
                care=(("interpreter",), ("medical", "medicine"), ("infant",), ())[number],
            )
            if number == 3:
                discharge(
                    actor=viewer,
                    admission_id=admission.pk,
                    leaving="foster",
                    expected_version=admission.version,
                )


def _needs(rng: np.random.Generator, viewer: Viewer) -> None:
    with acting(viewer):
        held = list(cases.cases(viewer).rows)
        offered = {service.kind: service.pk for service in Service.objects.filter(state="active")}
    for number, case in enumerate(held[:18]):
        with acting(viewer):
            kind = NEEDS[number % len(NEEDS)]
            need = needing.record_need(
                actor=viewer,
                case_id=case.pk,
                kind=kind,
                urgency=("today", "days", "weeks")[number % 3],
                area="PX-01" if number % 4 else "PX-09",
            )
            if kind in offered and number % 3:
                made = needing.plan_delivery(actor=viewer, need_id=need.pk, service_id=offered[kind])
                if number % 2:
                    needing.move_delivery(
                        actor=viewer, delivery_id=made.pk, state="delivered",
                        outcome="helped", expected_version=made.version,
                    )  # fmt: skip
            if number % 2 == 0:
                lacking = needing.record_need(
                    actor=viewer, case_id=case.pk, kind="shelter", urgency="today", area="PX-09"
                )
                needing.say_unmet(
                    actor=viewer,
                    need_id=lacking.pk,
                    reason=UNMET[int(rng.integers(len(UNMET)))],
                    expected_version=lacking.version,
                )


def _reviewed(cast: Any, shelter: Service) -> None:
    """The office visited the shelter ten months ago and found two things."""
    viewer, today = cast.coordinator.viewer, timezone.localdate()
    answers = dict.fromkeys(reviewing.standards(), "met") | {
        "personnel.night": "partly",
        "house.fire": "not_met",
    }
    with acting(viewer):
        review = reviewing.begin_review(actor=viewer, service=shelter, visited_on=today - timedelta(days=335))
        review = reviewing.save_review(
            actor=viewer, review_id=review.pk, answers=answers, expected_version=review.version,
            summary="A calm house that knows its residents. Two things to put right.",
        )  # fmt: skip
        review = reviewing.finish_review(
            actor=viewer,
            review_id=review.pk,
            expected_version=review.version,
            findings={
                "personnel.night": (
                    "On two nights of the month nobody was awake.",
                    today + timedelta(days=20),
                ),
                "house.fire": ("The back door was blocked by boxes.", today + timedelta(days=5)),
            },
        )
        found = review.findings.get(standard="house.fire")
    with acting(cast.supervisor.viewer):
        reviewing.answer_finding(
            actor=cast.supervisor.viewer, finding_id=found.pk, expected_version=found.version,
            answer="Boxes are gone; the door is checked each evening.",
        )  # fmt: skip
