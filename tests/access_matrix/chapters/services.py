"""A shelter of the team with a guest, its address shared once, two reviews, and a need that is being met."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.actions import add_organisation
from palermo.rooms.services import actions as services

PLANTED = "Vibbletonova Passage"


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    with acting(Viewer.operator()) as viewer:
        far = add_organisation(actor=viewer, name="Far House", kind="NGO")
    with acting(people.supervisor.viewer) as viewer:
        service = services.add_service(
            actor=viewer,
            organisation_id=people.organisation.pk,
            values={"name": "House of Rest", "kind": "shelter", "phone": "+99 555 7000", "confidential": True,
                    "address": f"9 {PLANTED}"},
        )  # fmt: skip
        services.set_places(actor=viewer, service=service, totals={"women": 3})
        share = services.share_address(
            actor=viewer, service=service, organisation_id=far.pk,
            until=timezone.now() + timedelta(days=3), purpose="A visit",
        )  # fmt: skip
    with acting(people.case_worker.viewer) as viewer:
        admission = services.admit(actor=viewer, service=service, case_id=ids["case"], group="women")
        need = services.record_need(actor=viewer, case_id=ids["case"], kind="shelter", urgency="today")
        delivery = services.plan_delivery(actor=viewer, need_id=need.pk, service_id=service.pk)
    with acting(people.coordinator.viewer) as viewer:
        first = services.begin_review(actor=viewer, service=service, visited_on=today)
        answers = dict.fromkeys(services.standards(), "met") | {"house.fire": "not_met"}
        services.save_review(
            actor=viewer, review_id=first.pk, answers=answers, summary="", expected_version=1
        )
        done = services.finish_review(
            actor=viewer, review_id=first.pk, findings={"house.fire": ("Boxes at the door.", today)},
            expected_version=2,
        )  # fmt: skip
        finding = done.findings.get()
        review = services.begin_review(actor=viewer, service=service, visited_on=today)
    return {
        "service": service.pk,
        "address_share": share,
        "admission": admission.pk,
        "need": need.pk,
        "delivery": delivery.pk,
        "review": review.pk,
        "finding": finding.pk,
    }
