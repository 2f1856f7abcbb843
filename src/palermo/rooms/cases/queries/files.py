"""The files of a case, for whoever holds the scope that each of them needs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.cases.models import Attachment, Case
from palermo.rooms.cases.queries.sealed import description_of, opened, removal_reason_of

TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF", "text/plain": "TXT"}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file as the list shows it. Its name is not read before it is opened."""

    id: UUID
    kind: str
    kind_name: str
    description: str
    shows_identity: bool
    type: str
    size: int
    added_by: str
    added_at: datetime
    removed_at: datetime | None
    removed_by: str
    removal_reason: str


def case_files(viewer: Viewer, case: Case) -> list[CaseFile]:
    """The files that the viewer's scopes open, newest first; those taken away at the end."""
    require(viewer, "cases.file.list", case.pk)
    rows = list(
        Attachment.objects.filter(case=case)
        .select_related("file__uploaded_by", "removed_by")
        .order_by("removed_at", "-file__created_at")
    )
    texts = opened(viewer, case, [said(row) for row in rows for said in (description_of, removal_reason_of)])
    found = [
        _line(row, *pair) for row, pair in zip(rows, zip(texts[::2], texts[1::2], strict=True), strict=True)
    ]
    return [line for line in found if line.removed_at is None] + [line for line in found if line.removed_at]


def _line(row: Attachment, description: str, reason: str) -> CaseFile:
    return CaseFile(
        id=row.pk,
        kind=row.kind,
        kind_name=row.get_kind_display(),
        description=description,
        shows_identity=row.scope == "identity",
        type=TYPES.get(row.file.media_type, row.file.media_type),
        size=row.file.size,
        added_by=str(row.file.uploaded_by),
        added_at=row.file.created_at,
        removed_at=row.removed_at,
        removed_by=str(row.removed_by) if row.removed_by else "",
        removal_reason=reason,
    )


def attachment(viewer: Viewer, case: Case, file_id: UUID) -> Attachment:
    """One file of this case; NotFound where the viewer lacks its scope, as where it does not exist."""
    require(viewer, "cases.file.list", case.pk)
    row = Attachment.objects.filter(pk=file_id, case=case).first()
    if row is None:
        raise NotFound()
    return row
