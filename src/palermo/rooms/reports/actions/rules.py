"""What stands in the way of a step, in a sentence. The database asks the same once more."""

from typing import Any

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import guard
from palermo.rooms.reports import queries
from palermo.rooms.reports.models import Report, ReportFile, ReportReview, ReportTombstone

Inputs = Any


@guard("report_files_are_made", machine="report", from_form=True)
def report_files_are_made(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The files of this revision are there."""
    there = ReportFile.objects.filter(report_id=obj.pk, revision=obj.revision).exists()
    return (
        ""
        if there and inputs.get("revision") == obj.revision
        else _("Submit it from the page of the report.")
    )


@guard("actor_wrote_nothing", machine="report")
def actor_wrote_nothing(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Nobody judges what he wrote."""
    if actor.user_id in obj.prepared:
        return _("You wrote in this report: two other persons have to review and approve it.")
    return ""


@guard("sources_are_public", machine="report")
def sources_are_public(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """No release that it shows was withdrawn meanwhile."""
    gone = [name for name, _newest in queries.fallen(actor, obj)]
    if gone:
        return _("Figures in it were withdrawn: %(names)s. Send it back.") % {"names": _(", ").join(gone)}
    return ""


@guard("report_verdict_is_written", machine="report", from_form=True)
def report_verdict_is_written(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The actor has written what he answers for, of this revision."""
    stage = "review" if obj.state == "submitted" else "approval"
    mine = ReportReview.objects.filter(
        report_id=obj.pk, revision=obj.revision, stage=stage, verdict="agree", person_id=actor.user_id
    )
    return "" if mine.exists() else _("Write down first what you answer for.")


@guard("report_tombstone_is_written", machine="report", from_form=True)
def report_tombstone_is_written(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """What stays in its place is there, with the reason."""
    there = ReportTombstone.objects.filter(pk=obj.pk).exists()
    return "" if there else _("Say first why it is withdrawn.")


@guard("a_newer_edition_is_out", machine="report")
def a_newer_edition_is_out(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A later edition of the same year is public."""
    newer = Report.objects.filter(**obj.series, number__gt=obj.number, state="published")
    return "" if newer.exists() else _("No newer edition of it is public.")
