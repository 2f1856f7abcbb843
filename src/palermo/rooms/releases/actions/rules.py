"""What stands in the way of a step, in a sentence. The database asks the same once more."""

from typing import Any

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import guard
from palermo.rooms.releases.models import Check, Release, ReleaseTombstone, Review

Inputs = Any


@guard("release_was_begun", machine="release", from_form=True)
def release_was_begun(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The run has a revision of its own, booked in the ledger where it costs something."""
    return "" if inputs.get("revision") == obj.revision else _("Start the run from the page of the release.")


@guard("the_worker_says_so", machine="release", from_form=True)
def the_worker_says_so(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Only the run itself says what became of it."""
    ran = inputs.get("ran") == (obj.pk, obj.revision)
    return "" if ran else _("The run itself says when it is done.")


@guard("actor_prepared_nothing", machine="release")
def actor_prepared_nothing(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Nobody judges what he prepared."""
    if actor.user_id in obj.prepared:
        return _("You prepared this release, or ran it: two other persons have to review and approve it.")
    return ""


@guard("nothing_blocks", machine="release")
def nothing_blocks(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """No automatic check blocks this revision."""
    found = Check.objects.filter(release_id=obj.pk, revision=obj.revision)
    if not found.exists():
        return _("This revision was not checked yet.")
    if found.filter(level="block").exists():
        return _("An automatic check blocks this release. Change it and make it anew.")
    return ""


@guard("verdict_is_written", machine="release", from_form=True)
def verdict_is_written(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The actor has written what he answers for, of this revision."""
    stage = "review" if obj.state == "checked" else "approval"
    mine = Review.objects.filter(
        release_id=obj.pk, revision=obj.revision, stage=stage, verdict="agree", person_id=actor.user_id
    )
    return "" if mine.exists() else _("Write down first what you answer for.")


@guard("tombstone_is_written", machine="release", from_form=True)
def tombstone_is_written(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """What stays in its place is there, with the reason."""
    there = ReleaseTombstone.objects.filter(pk=obj.pk).exists()
    return "" if there else _("Say first why it is withdrawn.")


@guard("a_newer_version_is_out", machine="release")
def a_newer_version_is_out(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A later number of the same series and year is public."""
    newer = Release.objects.filter(
        series=obj.series, year=obj.year, number__gt=obj.number or 0, state="published"
    )
    return "" if newer.exists() else _("No newer version of it is public.")
