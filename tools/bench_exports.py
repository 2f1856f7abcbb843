"""A study leaves whole: CSV, workbook and SPSS of 100,000 records of six legs, and how much memory that takes."""

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench_measure import Figure, ready, scaled, tell, timed

ROOM = "palermo.rooms.observatory.actions"
TARGET = "under 10 min"
LEGS = 6
VALUES = {
    "code": "bench-exports",
    "title": "Bench",
    "kind": "survey",
    "round": 1,
    "ethics_reference": "Board, 1",
}
# Past the protocol: what the worker would have laid out, straight into its tables.
RECORDS = """
INSERT INTO observatory_submission (id, version, created_at, updated_at, study_id, form_id, form_version_id, root_id,
  current_instance, received_at, state, flags, flattening, problem)
SELECT gen_random_uuid(), 1, now(), now(), %(study)s, %(form)s, %(version)s, 'uuid:bench-' || n, 'uuid:bench-' || n,
  now() - n * interval '1 second', 'received', '{}', 'done', '' FROM generate_series(%(first)s::int, %(last)s::int) n
"""
ANSWERS = """
INSERT INTO observatory_answerrow (id, submission_id, repeat_path, ordinals, values, sealed)
SELECT gen_random_uuid(), s.id, CASE WHEN leg = 0 THEN '' ELSE '/leg' END,
  CASE WHEN leg = 0 THEN '{}'::int[] ELSE ARRAY[leg] END,
  CASE WHEN leg = 0 THEN '{"age": 31, "site": "harbour", "today": "2026-01-05"}'::jsonb
    ELSE jsonb_build_object('mode', (ARRAY['sea', 'road', 'foot'])[1 + leg %% 3], 'fee', 100.5 * leg,
      'bought', jsonb_build_array('transport', 'papers')) END,
  decode(repeat('5a', 150), 'hex')
FROM observatory_submission s, generate_series(0, %(legs)s::int) leg WHERE s.form_id = %(form)s
  AND NOT EXISTS (SELECT 1 FROM observatory_answerrow known WHERE known.submission_id = s.id)
"""


def _form(cast: Any) -> Any:
    from palermo.kernel.access.context import acting
    from palermo.rooms.observatory import actions
    from palermo.rooms.observatory.actions.demo import CSV, PILOT

    taken = {"return_value": "a bench"}  # without the seconds of the validator
    with acting(cast.analyst.viewer) as viewer:
        study = actions.open_study(actor=viewer, values=VALUES)
        with patch(f"{ROOM}.converting.validate", **taken), patch(f"{ROOM}.publishing.validate", **taken):
            version = actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
            actions.add_media(actor=viewer, version=version, name="sites.csv", content=CSV.encode())
            return actions.publish_form(actor=viewer, version=version, expected_version=version.version)


def _fill(version: Any, first: int, last: int) -> None:
    from django.db import connection

    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer

    given = {
        "study": version.study_id, "form": version.form_id, "version": version.pk, "first": first, "last": last,
        "legs": LEGS,
    }  # fmt: skip
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute(RECORDS, given)
        cursor.execute(ANSWERS, given)


def _peak(reset: bool = False) -> float:
    """The most memory since the last reset, in MB (Linux; elsewhere nothing)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(found[1]) / 1024 if found else 0.0


def _made(cast: Any, version: Any, format: str) -> tuple[float, float, int]:
    """Seconds, peak in MB and bytes of one export, as the worker makes it."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.jobs.models import Effect
    from palermo.rooms.observatory import actions
    from palermo.rooms.observatory.actions.exporting import carry_out_export
    from palermo.rooms.observatory.models import Export

    with acting(cast.analyst.viewer) as viewer:
        asked = actions.ask_export(actor=viewer, form=version.form, format=format, options={})
    _peak(reset=True)

    def make() -> None:
        with acting(cast.analyst.viewer) as viewer:
            carry_out_export(viewer, Effect.objects.get(object_id=asked.pk, kind="observatory.export"))

    seconds = timed(make) / 1000
    peak = _peak()
    with acting(cast.analyst.viewer):
        done = Export.objects.get(pk=asked.pk)
    assert done.state == "done", done.problem
    return seconds, peak, done.size


def figures(scale: float) -> list[Figure]:
    cast = ready()
    version = _form(cast)
    number, small = scaled(100_000, scale, 400), scaled(25_000, scale, 100)
    found: dict[tuple[str, int], tuple[float, float, int]] = {}
    before = 0
    for size in (small, number):
        _fill(version, before + 1, size)
        before = size
        for format in ("csv", "xlsx", "spss"):
            found[format, size] = _made(cast, version, format)
            tell(f"{format} of {size:,}: {found[format, size]}")
    out = []
    for format in ("csv", "xlsx", "spss"):
        seconds, peak, size = found[format, number]
        rate = number / seconds
        beside = (
            f"{rate:,.0f} records/s, {size / 1e6:.1f} MB; peak {found[format, small][1]:.0f} MB at {small:,}"
        )
        out += [
            Figure(f"{number:,} records of {LEGS} legs as {format.upper()}", TARGET if format != "spss" else "",
                   seconds, "s", seconds < 600 if format != "spss" and scale >= 1 else None, beside=beside),
            Figure(f"peak memory of the worker, {format.upper()}", "at most 20 MB over a quarter", peak, "MB",
                   peak - found[format, small][1] <= 20 if peak else None),
        ]  # fmt: skip
    return out
