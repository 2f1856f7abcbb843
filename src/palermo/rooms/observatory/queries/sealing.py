"""Keys of a study, and the encrypted records that wait for one."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.models import Envelope, Study, StudyKey, Submission

MOST_SHOWN = 200
# What stands in `Envelope.problem`, in words; a place after the code says which file.
REASONS = {
    "": _("Waits for its key."),
    "key": _("It was encrypted with another key than its form names, or its key was altered."),
    "missing": _("A file has not come yet. The device sends it when it tries again."),
    "cut": _("A file was cut or is damaged. If the device has it still, let it send the record again."),
    "order": _("The files are whole, but their order in the manifest was changed."),
    "altered": _("The device's own check does not hold: an answer, a file or the manifest was altered."),
    "unreadable": _("What is inside cannot be read as a record."),
    "other": _("What is inside is a record of another form, version or id than stands outside."),
    "large": _("The record is larger than 250 MB. Open it outside of palermo."),
}


def study_keys(viewer: Viewer, of: Study) -> list[StudyKey]:
    """Public keys of a study, the newest first."""
    require(viewer, "observatory.study.view", of.pk)
    return list(StudyKey.objects.filter(study=of))


def locked(viewer: Viewer, of: Study) -> list[tuple[Envelope, str, str]]:
    """What is not open yet: the envelope, why, and which of its files it is about."""
    require(viewer, "observatory.study.view", of.pk)
    rows: QuerySet[Envelope] = Envelope.objects.filter(submission__study=of, opened_at=None)
    rows = rows.exclude(submission__state="withdrawn").select_related(
        "submission__form", "submission__device"
    )
    return [(one, *reason(one)) for one in rows.order_by("-revision__received_at")[:MOST_SHOWN]]


def reason(envelope: Envelope) -> tuple[str, str]:
    """Why an envelope is closed, in words, and the number of the file it is about ("0": the XML; "": none)."""
    code, _space, place = envelope.problem.partition(" ")
    return str(REASONS.get(code, REASONS["unreadable"])), place


def closed(of: Submission) -> str:
    """Why the newest wording of a record that the viewer opened is not open; empty where it is."""
    found = Envelope.objects.filter(submission=of, revision__instance_id=of.current_instance, opened_at=None)
    envelope = found.first()
    return reason(envelope)[0] if envelope is not None else ""
