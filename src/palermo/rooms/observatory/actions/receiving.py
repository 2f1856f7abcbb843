"""Taking a filled form in: locked, judged, stored raw before anything else happens to it.

A retry meets what its first try left; an edit follows the newest edit or is refused; nothing that was taken is lost.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import DomainError
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.vault.texts import Owner
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.instances import MOST_XML, Instance, Unreadable, leaves, read_instance
from palermo.rooms.observatory.actions.keeping import Sent
from palermo.rooms.observatory.actions.keys import fingerprint_of
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.actions.wordings import known, without_weight
from palermo.rooms.observatory.models import (
    Attachment,
    DeviceAccount,
    Envelope,
    Flattening,
    Form,
    FormVersion,
    ReviewState,
    Submission,
    SubmissionRevision,
    VersionState,
)

JOB = "observatory.flatten"
MOST_UNNAMED = 20  # files that the XML does not name, of one revision


class NotTaken(DomainError):
    """Why a record was not taken: the status that the protocol has for it, and a sentence without an answer in it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message, rule=f"observatory.submission.{status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. fresh: stored now; else it was here already, and files that were missing were added."""

    submission_id: uuid.UUID
    fresh: bool
    files: int


@transaction.atomic
def receive(*, actor: Viewer, device: DeviceAccount, xml: bytes, files: Sequence[Sent]) -> Taken:
    """Store a record of this device's study. Raises NotTaken; then nothing of it is kept."""
    require(actor, "observatory.protocol.use")
    if len(xml) > MOST_XML:
        raise NotTaken(413, "The XML is larger than 2 MB.")
    try:
        instance = read_instance(xml)
    except Unreadable as error:
        raise NotTaken(400, str(error)) from None
    form, version = _wanted(device, instance)
    take_turns(form.pk, instance.instance_id)  # who sends the same one waits until the first is through
    with asked_once():
        there = SubmissionRevision.objects.filter(form=form, instance_id=instance.instance_id).first()
        if there is not None:
            return _again(actor, device, there, xml, files)
        if not version.takes_submissions:
            raise NotTaken(409, "This form is closed.")
        revision = _begun(device, form, version, instance, xml)
        expect(actor, owner_of(device.study), revision, version, instance)
        stored = _put(actor, device, revision, files)
    enqueue(JOB, revision.submission_id)
    _trace(actor, device, revision, "observatory.submission.receive", stored)
    return Taken(revision.submission_id, True, stored)


def _wanted(device: DeviceAccount, instance: Instance) -> tuple[Form, FormVersion]:
    form = Form.objects.filter(study_id=device.study_id, form_id=instance.form_id).first()
    if form is None:
        raise NotTaken(404, "There is no such form in this study.")
    offered = form.versions.filter(label=instance.version).exclude(state=VersionState.DRAFT)
    version = offered.defer(*without_weight()).first()
    if version is None:
        raise NotTaken(404, "There is no such version of this form.")
    version = known(version)
    if version.schema.get("encrypted") and not instance.encrypted:
        raise NotTaken(
            400, "Records of this form are taken encrypted only. Fetch the form anew and fill it again."
        )
    if instance.encrypted and not version.schema.get("encrypted"):
        raise NotTaken(
            400, "Records of this form are not encrypted: there is no key here that could open one."
        )
    return form, version


def _again(
    actor: Viewer, device: DeviceAccount, there: SubmissionRevision, xml: bytes, files: Sequence[Sent]
) -> Taken:
    """The same instance once more: only the same bytes are welcome, and bring the files that were missing."""
    if not there.sealed_xml:
        return Taken(
            there.submission_id, False, 0
        )  # withdrawn: said to be taken, so that the device lets go of it
    if keeping.open_xml(actor, owner_of(device.study), there) != xml:
        raise NotTaken(409, "Another record came under this instanceID before.")
    _mine(device, there)
    stored = _put(actor, device, there, files)
    if stored:
        if Envelope.objects.filter(revision=there, sealed_xml=b"").exists():
            enqueue(JOB, there.submission_id)
        _trace(actor, device, there, "observatory.submission.complete", stored)
    return Taken(there.submission_id, False, stored)


def _mine(device: DeviceAccount, revision: SubmissionRevision) -> None:
    """An enumerator adds to what the same enumerator sent; a lost device is followed by one with the same code."""
    sender = revision.device
    if sender is None or (sender.pk != device.pk and sender.label != device.label):
        raise NotTaken(403, "This record is another enumerator's.")


def _begun(
    device: DeviceAccount, form: Form, version: FormVersion, instance: Instance, xml: bytes
) -> SubmissionRevision:
    flags = flags_of(version, instance)
    if instance.deprecated_id:
        submission, number = _edited(device, form, version, instance, flags)
    else:
        number = 1
        submission = Submission.objects.create(
            study_id=device.study_id, form=form, form_version=version, device=device, site=device.site,
            unit_id=device.site.unit_id if device.site else None, root_id=instance.instance_id,
            current_instance=instance.instance_id, flags=flags,
            state=ReviewState.FLAGGED if flags else ReviewState.RECEIVED, flattening=_waits(instance),
        )  # fmt: skip
    revision_id = uuid.uuid4()
    try:
        sealed = keeping.seal_xml(owner_of(device.study), revision_id, xml)
    except ValueError:
        raise NotTaken(413, "The XML is too large to be sealed.") from None
    revision = SubmissionRevision.objects.create(
        id=revision_id, submission=submission, form=form, form_version=version, number=number,
        instance_id=instance.instance_id, deprecated_id=instance.deprecated_id, sealed_xml=sealed, size=len(xml),
        device=device,
    )  # fmt: skip
    if instance.encrypted:
        key = fingerprint_of(version.schema["key"])
        Envelope.objects.create(revision=revision, submission=submission, fingerprint=key)
    return revision


def _waits(instance: Instance) -> str:
    """For the worker; or for a key, where it is encrypted."""
    return Flattening.LOCKED if instance.encrypted else Flattening.WAITING


def _edited(
    device: DeviceAccount, form: Form, version: FormVersion, instance: Instance, flags: list[str]
) -> tuple[Submission, int]:
    """The record that this one edits, if it edits the newest wording of it."""
    before = SubmissionRevision.objects.filter(form=form, instance_id=instance.deprecated_id).first()
    if before is None:
        raise NotTaken(404, "The record that this one replaces is not here.")
    rows = Submission.objects.select_for_update(of=("self",), no_key=True)
    submission = rows.get(pk=before.submission_id)
    if submission.state == ReviewState.WITHDRAWN:
        raise NotTaken(410, "The record was withdrawn.")
    _mine(device, before)
    if submission.current_instance != instance.deprecated_id:
        raise NotTaken(409, "The record was edited meanwhile. Fetch the newest wording and edit that.")
    looked_at = submission.state in (ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.ON_HOLD)
    new = sorted({*submission.flags, *flags, *(["edited_after_review"] if looked_at else [])})
    values: dict[str, Any] = {
        "current_instance": instance.instance_id, "form_version_id": version.pk, "flags": new, "problem": "",
        "flattening": _waits(instance), "state": ReviewState.FLAGGED if new else ReviewState.RECEIVED,
    }  # fmt: skip
    submission.change(values, expected_version=submission.version)
    newest = submission.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    return submission, newest + 1


def flags_of(version: FormVersion, instance: Instance) -> list[str]:
    """What the machine notices without judging: a clock that was set wrong."""
    clocks = {f["path"] for f in version.schema["fields"] if f["preload"] in ("timestamp", "date")}
    today = timezone.now().date()
    offered = version.published_at.date() if version.published_at else today
    for path, text in leaves(instance.root):
        if path in clocks and text:
            try:
                told = date.fromisoformat(text[:10])
            except ValueError:
                return ["clock"]
            if not offered - timedelta(days=1) <= told <= today + timedelta(days=1):
                return ["clock"]
    return []


def expect(
    actor: Viewer,
    owner: Owner,
    revision: SubmissionRevision,
    version: FormVersion,
    instance: Instance,
    coming: Collection[str] = (),
) -> None:
    """A row for each file that the XML names; what an edit keeps is carried forward, but for those that are `coming`.

    Files of an encrypted record are never carried: each record has a key of its own. Once it is open it is asked again.
    """
    binary = {f["path"] for f in version.schema["fields"] if f["type"] == "binary"}
    named = [base(text) for path, text in leaves(instance.root) if path in binary and text]
    wanted = dict.fromkeys(instance.files or named)
    if not wanted:
        return
    kept: dict[str, Attachment] = {}
    if revision.number > 1 and not instance.encrypted:
        old = SubmissionRevision.objects.get(form_id=revision.form_id, instance_id=revision.deprecated_id)
        kept = {
            name: row for row, name in keeping.names_of(actor, owner, old.attachments.filter(present=True))
        }
    for number, name in enumerate(wanted, 1 + revision.attachments.count()):
        row = keeping.add_row(owner, revision, number, name, expected=True)
        if name in kept and name not in coming:
            keeping.carry(actor, owner, kept[name], row)


def base(name: str) -> str:
    """Names are cut to their last part, as clients do."""
    return name.replace("\\", "/").rpartition("/")[2][:200]


def _put(actor: Viewer, device: DeviceAccount, revision: SubmissionRevision, files: Sequence[Sent]) -> int:
    """Keep the files that are missing. One that differs from what is here is kept beside it: nothing is overwritten."""
    if not files:
        return 0
    owner, stored = owner_of(device.study), 0
    rows = keeping.names_of(actor, owner, revision.attachments.all())
    number = max((row.number for row, _name in rows), default=0)
    for sent in files:
        name = base(sent.name)
        same = [row for row, known in rows if known == name]
        if any(row.present and keeping.is_same(row, sent.content) for row in same):
            continue
        place = next((row for row in same if not row.present), None)
        if place is None:
            if sum(not row.expected for row, _name in rows) >= MOST_UNNAMED:
                raise NotTaken(413, "There are too many files that the form does not name.")
            number += 1
            place = keeping.add_row(owner, revision, number, name, expected=False)
            rows.append((place, name))
        keeping.put_content(owner, place, sent.content)
        stored += 1
    return stored


def _trace(
    actor: Viewer, device: DeviceAccount, revision: SubmissionRevision, action: str, stored: int
) -> None:
    detail: dict[str, Scalar] = {"device": str(device.pk), "revision": revision.number, "files": stored}
    record(
        actor=actor, action=action, object_kind="submission", object_id=revision.submission_id, detail=detail
    )
