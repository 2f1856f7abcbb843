"""A study's table and a run's results as files: what anybody needs to repeat the estimate elsewhere."""

from typing import Any

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes, json_bytes
from palermo.rooms.estimates.actions.studies import tables_of
from palermo.rooms.estimates.models import Run, RunState, Study


def export_table(*, actor: Viewer, study: Study) -> File:
    """The capture histories as CSV, one row for each that was seen; `palermo estimate mse` reads it back."""
    tables = tables_of(study)
    lists = list(dict.fromkeys(name for table in tables.values() for name in table.lists))
    strata = ["stratum"] if len(tables) > 1 else []
    rows: list[dict[str, Any]] = []
    for stratum, table in tables.items():
        # A list that a stratum did without is blank there, never 0.
        places = {name: j for j, name in enumerate(table.lists)}
        hidden = {mask: f"{low}-{high}" for mask, (low, high) in table.suppressed.items()}
        cells = sorted({mask for mask, _count in table.cells()} | set(hidden))
        for mask in cells:
            bits = {name: "" if name not in places else mask >> places[name] & 1 for name in lists}
            rows.append({"stratum": stratum, **bits, "count": hidden.get(mask, int(table.counts[mask]))})
    content = csv_bytes(rows, [*strata, *lists, "count"])
    return _handed(actor, study, "capture-histories", "csv", content)


def export_run(*, actor: Viewer, study: Study, run: Run) -> File:
    """Everything that came out, with data, settings, seed and version, as JSON."""
    if run.state != RunState.DONE:
        raise NotFound()
    content = json_bytes(
        {
            "study": study.title, "crime": study.crime, "years": [study.year_from, study.year_to],
            "tables": study.tables, "data_hash": study.data_hash, "methods": run.methods, "settings": run.options,
            "library": run.library, "results": run.results, "refused": run.refused,
        }
    )  # fmt: skip
    return _handed(actor, study, "estimates", "json", content)


def _handed(actor: Viewer, study: Study, what: str, format: str, content: bytes) -> File:
    return hand_out(
        actor=actor, permission="estimates.study.export", what=what, format=format, content=content,
        object_id=study.pk, object_kind="study",
    )  # fmt: skip
