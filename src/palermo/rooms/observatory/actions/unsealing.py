"""Opening what devices encrypted: each revision by itself, each failure told by a code, nothing of it lost."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from defusedxml.ElementTree import fromstring
from django.utils import timezone

from palermo.fieldwork.encryption import Locked, Manifest, Unlocked, read_manifest, unlock
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import Owner
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.instances import Instance, Unreadable, read_instance
from palermo.rooms.observatory.actions.keys import workers_key
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.actions.receiving import expect, flags_of
from palermo.rooms.observatory.models import Envelope, Submission, SubmissionRevision

MOST_OPENED = 250_000_000  # bytes of one record that are held in memory to open it


@dataclass(frozen=True, slots=True)
class _Found:
    """An opened revision: what was inside, read."""

    unlocked: Unlocked
    inner: Instance


def open_all(system: Viewer, submission: Submission, key: RSAPrivateKey | None) -> tuple[bool, set[str]]:
    """Open every revision of a record that is still closed, oldest first.

    Returns whether the newest one is open then, and what the machine noticed of those that it opened. Without a key
    the one that the worker has is tried. For the operator's eyes, with the record locked.
    """
    rows = submission.revisions.select_related("envelope", "form", "form_version").order_by("number")
    rows = rows.defer("form_version__source", "form_version__xml", "form_version__schema")
    newest = True
    marks: set[str] = set()
    for revision in rows:
        envelope = getattr(revision, "envelope", None)
        if envelope is not None and revision.sealed_xml and not envelope.sealed_xml:
            marks |= _try(system, submission, revision, envelope, key)
        newest = envelope is None or bool(envelope.sealed_xml)
    return newest, marks


def _try(
    system: Viewer, submission: Submission, revision: SubmissionRevision, envelope: Envelope,
    key: RSAPrivateKey | None,
) -> set[str]:  # fmt: skip
    owner = owner_of(submission.study)
    key = key or workers_key(envelope.fingerprint)
    problem = ""
    found = None
    try:
        root = fromstring(keeping.open_xml(system, owner, revision), forbid_dtd=True)
        manifest = read_manifest(root)
        contents = _contents(system, owner, revision, manifest, read=key is not None)
        if key is not None:
            found = _read(revision, unlock(manifest, contents, key))
    except Locked as error:
        problem = str(error)
    except (Tampered, ValueError):
        problem = "unreadable"
    if found is not None:
        return _keep(system, owner, revision, envelope, found)
    if problem:
        envelope.problem, envelope.tried_at = (
            problem,
            timezone.now() if key is not None else envelope.tried_at,
        )
        envelope.save(update_fields=["problem", "tried_at"])
    return set()


def _contents(
    system: Viewer, owner: Owner, revision: SubmissionRevision, manifest: Manifest, *, read: bool
) -> dict[str, bytes]:
    """The encrypted files that have come, by name. Raises Locked for the first that has not."""
    rows = keeping.names_of(system, owner, revision.attachments.filter(expected=True, present=True))
    there = {name: row for row, name in rows}
    for place, name in (*enumerate(manifest.media, 1), (0, manifest.xml_file)):
        if name not in there:
            raise Locked("missing", place)
    if sum(there[name].size for name in manifest.files) > MOST_OPENED:
        raise Locked("large")
    return {name: keeping.content_of(system, owner, there[name]) for name in manifest.files} if read else {}


def _read(revision: SubmissionRevision, unlocked: Unlocked) -> _Found:
    """What was inside is a record of the form and under the id that stand outside. Raises Locked."""
    try:
        inner = read_instance(unlocked.xml)
    except Unreadable:
        raise Locked("unreadable", 0) from None
    said = (inner.form_id, inner.version, inner.instance_id, inner.encrypted)
    if said != (revision.form.form_id, revision.form_version.label, revision.instance_id, False):
        raise Locked("other", 0)
    return _Found(unlocked, inner)


def _keep(
    system: Viewer, owner: Owner, revision: SubmissionRevision, envelope: Envelope, found: _Found
) -> set[str]:
    """The XML and the files in clear, sealed like those of any record; then it is looked at like any record."""
    media = found.unlocked.media
    expect(
        system, owner, revision, revision.form_version, found.inner, coming=[name for name, _content in media]
    )
    keeping.put_named(system, owner, revision, media)
    envelope.sealed_xml = keeping.seal_opened(owner, envelope.pk, found.unlocked.xml)
    envelope.signed, envelope.problem = found.unlocked.signed, ""
    envelope.tried_at = envelope.opened_at = timezone.now()
    envelope.save()
    marks = {*flags_of(revision.form_version, found.inner)}
    if not found.unlocked.signed:
        marks.add("unsigned")
    if found.inner.deprecated_id != revision.deprecated_id:
        marks.add("edit_inside")
    return marks
