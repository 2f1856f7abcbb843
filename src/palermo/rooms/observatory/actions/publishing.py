"""Forms of a study: uploaded as drafts, offered to devices, closed; and the files that go along with them."""

import hashlib
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.rooms.observatory.actions.converting import converted, validate
from palermo.rooms.observatory.actions.opening import KIND
from palermo.rooms.observatory.models import Form, FormMedia, FormVersion, Study, VersionState

MOST_MEDIA = 10_000_000
STEPS = {
    VersionState.PUBLISHED: (VersionState.CLOSING, VersionState.CLOSED),
    VersionState.CLOSING: (VersionState.PUBLISHED, VersionState.CLOSED),
    VersionState.CLOSED: (VersionState.CLOSING,),
}


def fingerprint(content: bytes) -> str:
    """MD5, as the OpenRosa form list asks for it: tells versions apart, protects nothing."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@transaction.atomic
def add_form(*, actor: Viewer, study: Study, source: bytes, kind: str = "xlsx") -> FormVersion:
    """An XLSForm becomes a draft version of its form, converted and judged. Files of the last version are kept.

    Raises Invalid with the converter's or validator's sentence, NoValidator where nothing can judge it.
    """
    require(actor, "observatory.form.publish", study.pk)
    found = converted(source, kind)
    form_id, label = found.schema["form_id"], found.schema["version"]
    problems = []
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", form_id):
        words = _("Give the form a form_id of Latin letters, digits and underscores in its settings sheet.")
        problems.append(FieldProblem("file", words, "form_id"))
    if not 1 <= len(label) <= 64:
        problems.append(FieldProblem("file", _("Give the form a version in its settings sheet."), "version"))
    form = Form.objects.filter(study=study, form_id=form_id).first()
    if form is not None and form.versions.filter(label=label).exists():
        words = _("This version is here already. Give the form a new version in its settings sheet.")
        problems.append(FieldProblem("file", words, "version"))
    if problems:
        raise Invalid(_("The form was not taken."), problems=problems, rule="observatory.form")
    if form is None:
        form = Form.objects.create(
            study=study, form_id=form_id, title=(found.schema["title"] or form_id)[:200]
        )
    before = form.versions.order_by("-created_at").first()
    made = FormVersion.objects.create(
        form=form, study=study, label=label, source=source, source_kind=kind, xml=found.xml,
        md5=fingerprint(found.xml), schema=found.schema, validator=found.validator,
        warnings=[one[:500] for one in found.warnings[:50]], made_by_id=actor.user_id,
    )  # fmt: skip
    if before is not None:
        for one in before.media.filter(name__in=found.schema["media"]):
            FormMedia.objects.create(
                form_version=made, study=study, name=one.name, md5=one.md5, size=one.size, content=one.content
            )
    _trace(actor, "observatory.form.add", made)
    return made


@transaction.atomic
def publish_form(*, actor: Viewer, version: FormVersion, expected_version: int) -> FormVersion:
    """Offer a draft to the devices; the version offered before is taken still, and offered no more.

    It is judged once more, so that what is offered was judged by the engine that is here now.
    """
    require(actor, "observatory.form.publish", version.study_id)
    if version.state != VersionState.DRAFT:
        raise Conflict(_("This version was published already."), rule="observatory.form", state=version.state)
    missing = missing_media(version)
    if missing:
        words = _("These files are missing: %(names)s.") % {"names": ", ".join(missing)}
        problem = FieldProblem("media", words, "media")
        raise Invalid(_("The form was not published."), problems=[problem], rule="observatory.form.media")
    validate(bytes(version.xml))
    for old in version.form.versions.filter(state=VersionState.PUBLISHED):
        old.change({"state": VersionState.CLOSING}, expected_version=old.version)
    values = {"state": VersionState.PUBLISHED, "published_at": timezone.now()}
    version.change(values, expected_version=expected_version)
    title = (version.schema.get("title") or version.form.form_id)[:200]
    if version.form.title != title:
        version.form.change({"title": title}, expected_version=version.form.version)
    _trace(actor, "observatory.form.publish", version)
    return version


@transaction.atomic
def set_state(*, actor: Viewer, version: FormVersion, state: str, expected_version: int) -> FormVersion:
    """Close a version in two steps, or open it again. Only one version of a form is offered at a time."""
    require(actor, "observatory.form.publish", version.study_id)
    if state not in STEPS.get(VersionState(version.state), ()):
        raise Conflict(_("That is no step from here."), rule="observatory.form", state=version.state)
    others = version.form.versions.filter(state=VersionState.PUBLISHED).exclude(pk=version.pk)
    if state == VersionState.PUBLISHED and others.exists():
        words = _("Another version of this form is offered. Close that one first.")
        raise Conflict(words, rule="observatory.form", state=version.state)
    version.change({"state": state}, expected_version=expected_version)
    _trace(actor, f"observatory.form.{state}", version)
    return version


@transaction.atomic
def discard_form(*, actor: Viewer, version: FormVersion) -> None:
    """A draft that nobody ever got goes away."""
    require(actor, "observatory.form.publish", version.study_id)
    if version.state != VersionState.DRAFT:
        raise Conflict(_("This version was published already."), rule="observatory.form", state=version.state)
    version.media.all().delete()
    _trace(actor, "observatory.form.discard", version)
    FormVersion.objects.filter(pk=version.pk).delete()


@transaction.atomic
def add_media(*, actor: Viewer, version: FormVersion, name: str, content: bytes) -> FormMedia:
    """A file that the form names. The same name again replaces it: devices see the new hash. Raises Invalid."""
    require(actor, "observatory.form.publish", version.study_id)
    problems = []
    name = name.replace("\\", "/").rpartition("/")[2]
    if name not in version.schema.get("media", []):
        words = _("The form names no such file. It asks for: %(names)s.")
        asked = ", ".join(version.schema.get("media", [])) or "–"
        problems.append(FieldProblem("file", words % {"names": asked}, "name"))
    if not 0 < len(content) <= MOST_MEDIA:
        problems.append(FieldProblem("file", _("From 1 byte to 10 MB."), "size"))
    if name.endswith(".csv") and not _is_table(content):
        words = _("This is no CSV in UTF-8 with the columns name and label.")
        problems.append(FieldProblem("file", words, "csv"))
    if problems:
        raise Invalid(_("The file was not taken."), problems=problems, rule="observatory.media")
    values = {"md5": fingerprint(content), "size": len(content), "content": content}
    there = FormMedia.objects.filter(form_version=version, name=name).first()
    before = there.md5 if there is not None else ""
    if there is None:
        there = FormMedia.objects.create(form_version=version, study_id=version.study_id, name=name, **values)
    else:
        there.change(values, expected_version=there.version)
    detail = {"version": str(version.pk), "md5": str(values["md5"]), "before": before}
    record(
        actor=actor,
        action="observatory.media.add",
        object_kind=KIND,
        object_id=version.study_id,
        detail=detail,
    )
    return there


def missing_media(version: FormVersion) -> list[str]:
    """Files that the form names and nobody has uploaded."""
    there = set(version.media.values_list("name", flat=True))
    return [name for name in version.schema.get("media", []) if name not in there]


def _is_table(content: bytes) -> bool:
    try:
        first = content.decode("utf-8-sig").split("\n", 1)[0]
    except UnicodeDecodeError:
        return False
    return {"name", "label"} <= {part.strip().strip('"') for part in first.split(",")}


def _trace(actor: Viewer, action: str, version: FormVersion) -> None:
    detail = {"form": version.form.form_id, "version": version.label, "md5": version.md5}
    record(actor=actor, action=action, object_kind=KIND, object_id=version.study_id, detail=detail)
