"""Capture histories of a run, given to estimation with the draws that carry the doubt about the links along."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.reconciliation import queries
from palermo.rooms.reconciliation.models import Handover, Run, RunState


@transaction.atomic
def hand_over(*, actor: Viewer, run: Run, by_stratum: str = "") -> Handover:
    """Keep the capture histories of a run, with strata or without, for a study. Raises Conflict."""
    require(actor, "reconciliation.histories.make")
    if actor.user_id is None:
        raise Refused(_("Histories are handed over by a person."), rule="reconciliation.person")
    if run.state != RunState.DONE or by_stratum not in run.histories:
        words = _("This run has no capture histories: they need two lists at least.")
        raise Conflict(words, rule="reconciliation.histories", state=run.state)
    kept = run.histories[by_stratum]
    years = run.summary.get("years") or [run.created_at.year] * 2
    made = Handover.objects.create(
        project_id=run.project_id, run=run, by_stratum=by_stratum, year_from=years[0], year_to=years[1],
        lists=[one["name"] for one in run.lists], tables=kept["tables"], draws=kept["draws"],
        reviewed=run.summary.get("reviewed", 0.0), made_by_id=actor.user_id,
    )  # fmt: skip
    record(
        actor=actor, action="reconciliation.histories.hand_over", object_kind="reconciliation_run", object_id=run.pk,
        detail={"handover": str(made.pk), "strata": by_stratum or "none", "draws": len(kept["draws"])},
    )  # fmt: skip
    return made


def export_quality(*, actor: Viewer, project: Any) -> File:
    """The quality of each list as CSV: counts and shares only."""
    rows: list[dict[str, Any]] = []
    for found in queries.quality(actor, project):
        rows.append(
            {
                "list": found.name, "records": found.records, "score": found.score,
                **{f"filled_{name}": share for name, share in found.filled},
                "days_to_arrival": "" if found.days is None else found.days, "duplicates": found.duplicates,
                **{code: count for code, count in found.faults},
                "drift": found.drift or "",
                **dict(zip(("filled", "plausible", "prompt", "once"), found.parts, strict=False)),
                **{f"score_{year}": points for year, points in found.years},
                **{f"days_{year}": days for year, days in found.arrivals},
            }
        )  # fmt: skip
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return hand_out(
        actor=actor, permission="reconciliation.quality.view", what="quality-of-lists", format="csv",
        content=csv_bytes(rows, columns), object_kind="reconciliation", object_id=project.pk,
    )  # fmt: skip
