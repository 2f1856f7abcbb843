"""A release of the second analyst, checked and waiting for its review; one that is a draft; and an open account."""

from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.workflow.actions import transition
from palermo.rooms.releases import actions
from palermo.rooms.releases.actions.running import put_file
from palermo.rooms.releases.models import Check, LedgerEntry, Release

PURPOSE = "For the yearly report of the national rapporteur."
ROWS = {
    "product": "microdata", "source": "register", "title": "Synthetic victims", "series": "VICTIMS", "year": 2026,
    "year_from": 2024, "year_to": 2024, "purpose": PURPOSE, "columns": ["sex", "majority"],
    "parameters": {"epsilon": 1.0, "delta": 1e-6},
}  # fmt: skip


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.second_analyst.viewer) as viewer:
        running = actions.open_release(actor=viewer, values={**ROWS, "title": "Still running"})
        actions.start_run(actor=viewer, release=running, expected_version=running.version)
        draft = actions.open_release(actor=viewer, values={**ROWS, "title": "A draft"})
        made = actions.open_release(actor=viewer, values=ROWS)
        actions.start_run(actor=viewer, release=made, expected_version=made.version)
        # As the worker leaves it, without the time that synthesis takes.
        put_file(made, "data.csv", "public", "text/csv", b"sex,majority\n")
        Check.objects.create(
            release=made,
            revision=made.revision,
            code="codebook",
            level="ok",
            sentence="Checked.",
            at=timezone.now(),
        )
        Release.objects.filter(pk=made.pk).update(run_at=timezone.now())
        transition(
            actor=viewer, obj=made, event="finish", expected_version=made.version,
            inputs={"ran": (made.pk, made.revision)},
        )  # fmt: skip
        entry = LedgerEntry.objects.filter(release=made).get()
        decision = actions.ask_for_cap(
            actor=viewer, population_id=entry.population_id, cap="0.75",
            reason="Researchers asked for the sector of work as well.",
        )  # fmt: skip
    return {
        "release": made.pk, "release_draft": draft.pk, "release_running": running.pk,
        "population": entry.population_id, "cap_decision": decision.pk,
    }  # fmt: skip
