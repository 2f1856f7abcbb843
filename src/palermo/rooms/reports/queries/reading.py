"""Reports as those see them who write and judge them."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow.models import Transition
from palermo.rooms.reports.models import Form, Recommendation, Report, ReportFile, ReportReview, Section
from palermo.rooms.reports.queries.composing import title_of
from palermo.rooms.reports.queries.figures import standing
from palermo.standards.workflows import machine
from palermo.web.room import Due


def state_label(code: str) -> str:
    return machine("report").state(code).label(get_language() or "en")


def reports(viewer: Viewer, form: str = Form.NATIONAL) -> QuerySet[Report]:
    """Every edition of national reports or of stories, the newest first."""
    require(viewer, "reports.report.view")
    rows = Report.objects.filter(form=form).select_related("made_by").defer("content")
    return rows.order_by("-year", "slug", "-number")


def one(viewer: Viewer, report_id: UUID) -> Report:
    """A report. NotFound for who writes and judges none."""
    if not can(viewer, "reports.report.view"):
        raise NotFound()
    found = Report.objects.select_related("made_by").filter(pk=report_id).first()
    if found is None:
        raise NotFound()
    return found


def section(viewer: Viewer, report: Report, section_id: UUID) -> Section:
    """A section of this report."""
    found = Section.objects.filter(pk=section_id, report=report).first()
    if found is None:
        raise NotFound()
    return found


def recommendation(viewer: Viewer, report: Report, recommendation_id: UUID) -> Recommendation:
    """A recommendation of this report."""
    found = Recommendation.objects.select_related("of").filter(pk=recommendation_id, report=report).first()
    if found is None:
        raise NotFound()
    return found


def files(report: Report) -> QuerySet[ReportFile]:
    """The files of the present revision, without their bytes."""
    return report.files.filter(revision=report.revision).defer("content").order_by("name")


def reviews(report: Report) -> list[ReportReview]:
    """Who answered for which revision, the newest first."""
    return list(report.reviews.select_related("person").order_by("-at"))


def history(report: Report) -> list[tuple[Transition, str]]:
    """What happened to it: the row and the event in words; the newest first."""
    m, language = machine("report"), get_language() or "en"
    words = {event.code: event.label(language) for event in m.events}
    rows = Transition.objects.filter(object_id=report.pk, machine="report").select_related("actor")
    return [(row, words.get(row.event, _("Opened"))) for row in rows.order_by("-object_version")]


def sources_of(report: Report) -> list[str]:
    """The identifiers of the releases that its submitted content shows."""
    told = next(iter(report.content.values()), {})
    return [one["identifier"] for one in told.get("sources", [])]


def fallen(viewer: Viewer, report: Report) -> list[tuple[str, str]]:
    """Releases shown in it that were withdrawn since: (identifier, what stands now or nothing)."""
    found = [(name, *standing(viewer, name)) for name in sources_of(report)]
    return [(name, newest) for name, state, newest in found if state == "withdrawn"]


def due_for(viewer: Viewer) -> list[Due]:
    """Reports that wait for this person, and published ones whose figures were withdrawn."""
    return list(_due(viewer)) if can(viewer, "reports.report.view") else []


def _due(viewer: Viewer) -> Iterator[Due]:
    reviewed = set(
        ReportReview.objects.filter(report__state="reviewed", stage="review", person_id=viewer.user_id)
        .values_list("report_id", "revision")
    )  # fmt: skip
    waiting = Report.objects.filter(state__in=("submitted", "reviewed", "published"))
    for found in waiting.order_by("updated_at")[:40]:
        address = reverse("reports:report", args=[found.pk])
        name = {"title": title_of(found)}
        if found.state == "published":
            if fallen(viewer, found) and not _drafted(found):
                words = _("“%(title)s” shows withdrawn figures: make a new edition")
                yield Due(words % name, address, level="soon")
        elif viewer.user_id not in found.prepared and (found.pk, found.revision) not in reviewed:
            words = _("Review “%(title)s”") if found.state == "submitted" else _("Approve “%(title)s”")
            yield Due(words % name, address)


def _drafted(report: Report) -> bool:
    """Whether a later edition of the same year is being written."""
    later = Report.objects.filter(**report.series, number__gt=report.number)
    return later.exclude(state__in=("discarded", "withdrawn")).exists()
