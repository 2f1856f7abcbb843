"""A report of the second analyst, submitted and waiting for its review, and one that is a draft."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.workflow.actions import transition
from palermo.rooms.reports import actions
from palermo.rooms.reports.actions.submitting import put_file
from palermo.rooms.reports.models import Report


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.second_analyst.viewer) as viewer:
        draft = actions.open_report(actor=viewer, year=2020)
        words = {"en": "Fewer persons were found."}
        section = actions.add_section(actor=viewer, report=draft, values={"kind": "text", "texts": words})
        advice = actions.recommend(actor=viewer, report=draft, texts={"en": "Train labour inspectors."})
        made = actions.open_report(actor=viewer, year=2021)
        # As submitting leaves it, without the time that drawing takes.
        made = Report.objects.get(pk=made.pk)
        made.change({"revision": 1, "content": {}}, expected_version=made.version)
        put_file(made, "", "report.json", "application/json", b"{}")
        transition(
            actor=viewer, obj=made, event="submit", expected_version=made.version, inputs={"revision": 1}
        )
    return {
        "report": made.pk, "report_draft": draft.pk, "report_section": section.pk, "report_advice": advice.pk,
    }  # fmt: skip
