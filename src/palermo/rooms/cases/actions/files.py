"""Files of a case: taken in, opened, taken away and put back. Nothing of a file is destroyed here."""

from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import granted, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.files.actions import Opened, add_file, open_file
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Attachment, Case, Paper
from palermo.rooms.cases.queries.sealed import description_of, owner_of, removal_reason_of

TEXT_AT_LEAST, TEXT_AT_MOST = 3, 300


@transaction.atomic
def add_case_file(
    *,
    actor: Viewer,
    case: Case,
    kind: str,
    description: str,
    name: str,
    content: BinaryIO,
    shows_identity: bool = True,
) -> Attachment:
    """Keep a file with the case, cleaned and encrypted. Raises Invalid with the field.

    What shows who the person is needs the scope "identity" of everybody who opens it; an identity document always does.
    """
    require(actor, "cases.file.add", case.pk)
    scope = "identity" if shows_identity or kind == Paper.IDENTITY else "notes"
    description = description.strip()
    problems = _problems("description", description)
    if kind not in Paper.values:
        problems.append(FieldProblem("kind", _("Choose what it is."), "choice"))
    if not granted(case.pk, scope):
        words = _("You do not hold the identity in this case. Ask somebody who does to add this file.")
        problems.append(FieldProblem("shows_identity", words, "scope"))
    if problems:
        raise Invalid(_("The file was not taken."), problems=problems)
    file = add_file(
        actor=actor, object_kind="case", object_id=case.pk, scope=scope, name=name, content=content
    )
    made = Attachment(file=file, case=case, scope=scope, kind=kind)
    made.sealed_description = seal_text(owner=owner_of(case), place=description_of(made)[0], text=description)
    made.save(force_insert=True)
    return made


@transaction.atomic
def open_case_file(*, actor: Viewer, case: Case, file_id: UUID) -> Opened:
    """The file, with the trace of kernel.files. What shows the identity needs what revealing it needs."""
    require(actor, "cases.file.open", case.pk)
    row = queries.attachment(actor, case, file_id)
    if row.scope == "identity":
        require(actor, "cases.identity.reveal", case.pk)
    if row.removed_at is not None:
        raise Conflict(
            _("This file was removed. Put it back first."), rule="cases.file.removed", state="removed"
        )
    return open_file(actor=actor, file_id=file_id)


@transaction.atomic
def remove_case_file(*, actor: Viewer, case: Case, file_id: UUID, reason: str) -> Attachment:
    """Take a file out of the list. It stays sealed as it is and can be put back."""
    require(actor, "cases.file.remove", case.pk)
    reason = reason.strip()
    if problems := _problems("reason", reason):
        raise Invalid(_("The file was not removed."), problems=problems)
    row = _locked(case, file_id)
    if row.removed_at is not None:
        raise Conflict(_("This file is removed already."), rule="cases.file.removed", state="removed")
    assert actor.user_id is not None
    row.removed_at, row.removed_by_id = timezone.now(), actor.user_id
    row.sealed_removal_reason = seal_text(owner=owner_of(case), place=removal_reason_of(row)[0], text=reason)
    return _saved(actor, row, "cases.file.remove")


@transaction.atomic
def restore_case_file(*, actor: Viewer, case: Case, file_id: UUID) -> Attachment:
    """Put back a file that was taken away."""
    require(actor, "cases.file.remove", case.pk)
    row = _locked(case, file_id)
    if row.removed_at is None:
        raise Conflict(_("This file is not removed."), rule="cases.file.removed", state="kept")
    row.removed_at, row.removed_by_id, row.sealed_removal_reason = None, None, b""
    return _saved(actor, row, "cases.file.restore")


def _locked(case: Case, file_id: UUID) -> Attachment:
    row = Attachment.objects.select_for_update().filter(pk=file_id, case=case).first()
    if row is None:
        raise NotFound()
    return row


def _saved(actor: Viewer, row: Attachment, action: str) -> Attachment:
    row.save(update_fields=["removed_at", "removed_by", "sealed_removal_reason"])
    detail = {"file": str(row.pk)}
    record(actor=actor, action=action, object_kind="case", object_id=row.case_id, detail=detail)
    return row


def _problems(field: str, text: str) -> list[FieldProblem]:
    if TEXT_AT_LEAST <= len(text) <= TEXT_AT_MOST:
        return []
    words = _("Write %(least)s to %(most)s characters.") % {"least": TEXT_AT_LEAST, "most": TEXT_AT_MOST}
    return [FieldProblem(field, words, "length")]
