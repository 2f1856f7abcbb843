"""What the database refuses, whatever statement comes."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.reports import actions
from palermo.rooms.reports.models import Report, ReportFile, ReportReview, Section
from palermo.rooms.reports.tests.conftest import REASON, filled, judged, published, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walls are tested without the seconds that drawing takes."""
    drawn = [("report-en.docx", "application/octet-stream", b"drawn elsewhere")]
    monkeypatch.setattr(
        "palermo.rooms.reports.actions.submitting.files",
        lambda told, dated: drawn if told["language"] == "en" else [],
    )


def refused(viewer: Viewer, statement: str, *values: Any) -> None:
    """The statement fails, or touches no row."""
    with acting(viewer):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                assert cursor.rowcount == 0, statement
        except DatabaseError:
            pass


def test_a_published_report_never_changes(two_years: Any) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    for viewer in (two_years.analyst.viewer, two_years.coordinator.viewer):
        for change in ("content = '{}'", "changes = 'x'", "number = 9", "revision = 9", "state = 'draft'",
                       "published_at = now()", "prepared = '{}'", "identifier = 'x'"):  # fmt: skip
            refused(viewer, f"UPDATE reports_report SET {change} WHERE id = %s", made.pk)
        for table in ("reportfile", "reportreview", "section", "recommendation"):
            refused(viewer, f"DELETE FROM reports_{table} WHERE report_id = %s", made.pk)
            refused(viewer, f"UPDATE reports_{table} SET report_id = report_id WHERE report_id = %s", made.pk)


def test_no_step_is_skipped(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    for viewer in (two_years.analyst.viewer, two_years.second_analyst.viewer, two_years.coordinator.viewer):
        for state in ("published", "reviewed", "superseded", "withdrawn", "discarded"):
            refused(viewer, "UPDATE reports_report SET state = %s WHERE id = %s", state, made.pk)


def test_nobody_judges_in_the_name_of_another_or_what_he_wrote(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    given = {
        "report": made, "revision": made.revision, "stage": "review", "verdict": "agree", "reason": REASON,
        "at": made.created_at,
    }  # fmt: skip
    for who, named in ((two_years.analyst, two_years.second_analyst), (two_years.analyst, two_years.analyst)):
        with acting(who.viewer), pytest.raises(DatabaseError), transaction.atomic():
            ReportReview.objects.create(**given, person_id=named.pk)
    judged(two_years.second_analyst, made, actions.review)
    with acting(two_years.second_analyst.viewer), pytest.raises(DatabaseError), transaction.atomic():
        ReportReview.objects.create(**{**given, "stage": "approval"}, person_id=two_years.second_analyst.pk)


def test_others_see_nothing_of_a_draft(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    for viewer in (two_years.case_worker.viewer, two_years.supervisor.viewer, Viewer.anonymous()):
        with acting(viewer):
            assert not Report.objects.filter(pk=made.pk).exists()
            assert not Section.objects.exists()
            assert not ReportFile.objects.exists()


def test_only_who_is_named_as_a_writer_writes(two_years: Any) -> None:
    made = filled(two_years.analyst, two_years.new)
    with acting(two_years.coordinator.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Section.objects.create(report=made, kind="text", place=99, texts={"en": "Unnoticed."})
