"""Releases of two years, a report of the second, and the three persons whom it needs."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.workflow.actions import transition
from palermo.rooms.releases import actions as releases
from palermo.rooms.releases.actions.running import put_file
from palermo.rooms.releases.models import Check, Release
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.models import Report

PURPOSE = "For the yearly report of the national rapporteur."
REASON = "I read it in English and French and compared every table."
SECRET = 4711  # A count that nobody released.
NEEDED = {
    "product": "count_tables", "source": "glotip", "title": "Detected victims", "series": "GLOTIP",
    "purpose": PURPOSE, "changes": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def rows(year: int, women: int | None, men: int | None, girls: int | None) -> list[dict[str, Any]]:
    """The lines of a public file: two years of three categories. None is withheld."""
    found = []
    for when, values in ((year - 1, (30, 20, None)), (year, (women, men, girls))):
        for code, value in zip(("women", "men", "girls"), values, strict=True):
            found.append(
                {
                    "table": "glotip", "part": "who", "row_dimension": "year", "row": str(when), "row_label": str(when),
                    "column_dimension": "who", "column": code, "column_label": code.title(), "value": value,
                    "status": "shown" if value is not None else "withheld",
                }
            )  # fmt: skip
    return found


def released(
    people: Any, year: int, women: int | None, men: int | None, girls: int | None, *, out: bool = True
) -> Release:
    """A release with these figures, as three persons leave it; `out`: published, else waiting for its review."""
    with acting(people.analyst.viewer) as viewer:
        values = {**NEEDED, "year": year, "year_from": year - 1, "year_to": year}
        made = releases.open_release(actor=viewer, values=values)
        releases.start_run(actor=viewer, release=made, expected_version=made.version)
        told = {
            "title": "Detected victims",
            "columns": [],
            "notes": [],
            "rows": rows(year, women, men, girls),
        }
        put_file(made, "data.json", "public", "application/json", json.dumps(told).encode())
        put_file(made, "exact.json", "internal", "application/json", json.dumps({"girls": SECRET}).encode())
        Check.objects.create(
            release=made, revision=made.revision, code="codebook", level="ok", sentence="Checked.", at=timezone.now()
        )  # fmt: skip
        Release.objects.filter(pk=made.pk).update(run_at=timezone.now())
        transition(
            actor=viewer, obj=made, event="finish", expected_version=made.version,
            inputs={"ran": (made.pk, made.revision)},
        )  # fmt: skip
    if out:
        for someone, what in (
            (people.second_analyst, releases.review),
            (people.coordinator, releases.approve),
        ):
            with acting(someone.viewer) as viewer:
                fresh = Release.objects.get(pk=made.pk)
                what(actor=viewer, release=fresh, reason=REASON, expected_version=fresh.version)
    with acting(people.analyst.viewer):
        return Release.objects.get(pk=made.pk)


@pytest.fixture
def two_years(people: Any) -> Any:
    """2025: 31 women, 22 men, girls withheld. 2026: 44 women, men withheld, 12 girls."""
    old, new = released(people, 2025, 31, 22, None), released(people, 2026, 44, None, 12)
    named = ("analyst", "second_analyst", "coordinator", "case_worker", "supervisor")
    return SimpleNamespace(old=old, new=new, people=people, **{name: getattr(people, name) for name in named})


def words(text: str) -> dict[str, str]:
    return {code: f"{text} ({code})" for code, _name in configured.LANGUAGES}


def begun(someone: Any, year: int = 2026) -> Report:
    with acting(someone.viewer) as viewer:
        return actions.open_report(actor=viewer, year=year)


def put(someone: Any, report: Report, **values: Any) -> Any:
    with acting(someone.viewer) as viewer:
        return actions.add_section(actor=viewer, report=report, values=values)


def filled(someone: Any, release: Release, year: int = 2026) -> Report:
    """A report with a text, a table, two charts and a recommendation."""
    made = begun(someone, year)
    put(someone, made, kind="text", titles=words("Opening"), texts=words("Fewer were found.\n\n- one\n- two"))
    for kind, layout in (("table", "years"), ("chart", "years"), ("chart", "trend")):
        put(
            someone, made, kind=kind, layout=layout, titles=words(f"{kind} {layout}"), source=release.identifier,
            part="who",
        )  # fmt: skip
    with acting(someone.viewer) as viewer:
        actions.recommend(actor=viewer, report=made, texts=words("Train labour inspectors"))
    return made


def fresh(someone: Any, key: UUID) -> Report:
    with acting(someone.viewer) as viewer:
        return queries.one(viewer, key)


def submitted(someone: Any, report: Report) -> Report:
    with acting(someone.viewer) as viewer:
        found = queries.one(viewer, report.pk)
        return actions.submit(actor=viewer, report=found, expected_version=found.version)


def judged(someone: Any, report: Report, what: Any, reason: str = REASON) -> Report:
    with acting(someone.viewer) as viewer:
        found = queries.one(viewer, report.pk)
        return what(actor=viewer, report=found, reason=reason, expected_version=found.version)


def published(people: Any, report: Report) -> Report:
    """Submitted by the analyst, reviewed by the second, approved by the coordinator."""
    submitted(people.analyst, report)
    judged(people.second_analyst, report, actions.review)
    return judged(people.coordinator, report, actions.approve)
