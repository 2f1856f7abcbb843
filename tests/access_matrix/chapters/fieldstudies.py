"""A field study of the analyst's office: one raw source, one coded by the analyst, a finding, a source drawn twice."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.fieldstudies import actions
from palermo.rooms.fieldstudies.models import Code, Double, Finding, Segment, Source


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    study = actions.demo_fieldstudies(cast=people)
    with acting(people.analyst.viewer) as viewer:
        values = {
            "code": "M-99", "actor_type": "migrant", "month": "2026-03", "mode": "interview", "consent_version": "v1",
            "sensitivity": "high", "audio": False,
        }  # fmt: skip
        raw = actions.add_source(actor=viewer, study=study, values=values, text="Anna waited. Nobody came.")
        done = Source.objects.get(study=study, code="M-01")
        segment = Segment.objects.filter(source=done).order_by("start").last()
        code = Code.objects.get(study=study, name="Abuse")
        finding = Finding.objects.get(study=study)
        second = str(people.analyst.pk)
        double = Double.objects.create(
            study=study, source=Source.objects.get(study=study, code="O-01"), second_id=second, seed=1
        )
    return {
        "fs_study": study.pk, "fs_raw": raw.pk, "fs_done": done.pk, "fs_segment": segment.pk, "fs_code": code.pk,
        "fs_finding": finding.pk, "fs_double": double.pk,
    }  # fmt: skip
