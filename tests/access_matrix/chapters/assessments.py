"""Two assessments that the coordinator leads: one half reconciled, one that the analyst answers."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.assessments import actions
from palermo.rooms.assessments.models import Assessment, Recommendation


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    made = actions.demo_assessments(cast=people)
    with acting(people.coordinator.viewer):
        begun = Assessment.objects.exclude(pk=made.pk).get()
        advice = Recommendation.objects.filter(assessment=made).order_by("number").first()
    return {"as_done": made.pk, "as_open": begun.pk, "as_advice": advice.pk}
