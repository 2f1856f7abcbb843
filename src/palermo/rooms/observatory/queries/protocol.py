"""What a device is shown: the forms of its study, their XML and media."""

from uuid import UUID

from django.db.models import QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory.models import DeviceAccount, FormMedia, FormVersion, VersionState


def offered(
    viewer: Viewer, device: DeviceAccount, *, form_id: str = "", all_versions: bool = False
) -> QuerySet[FormVersion]:
    """Versions that are offered; with `all_versions` those, too, that are only taken still."""
    require(viewer, "observatory.protocol.use")
    states = [VersionState.PUBLISHED, *([VersionState.CLOSING] if all_versions else [])]
    rows = FormVersion.objects.filter(study_id=device.study_id, state__in=states).defer(
        "source", "xml", "schema"
    )
    rows = rows.select_related("form").prefetch_related("media").order_by("form__form_id", "-published_at")
    return rows.filter(form__form_id=form_id) if form_id else rows


def blank_form(viewer: Viewer, device: DeviceAccount, version_id: UUID) -> FormVersion:
    """A form that was offered at some time: a device may hold records of it."""
    require(viewer, "observatory.protocol.use")
    rows = FormVersion.objects.filter(pk=version_id, study_id=device.study_id)
    found = rows.exclude(state__in=(VersionState.DRAFT, VersionState.CLOSED)).select_related("form").first()
    if found is None:
        raise NotFound()
    return found


def media_file(viewer: Viewer, device: DeviceAccount, version_id: UUID, name: str) -> FormMedia:
    return file_of_form(blank_form(viewer, device, version_id), name)


def file_of_form(version: FormVersion, name: str) -> FormMedia:
    """A file that goes along with a version that was opened before."""
    found = FormMedia.objects.filter(form_version=version, name=name).first()
    if found is None:
        raise NotFound()
    return found
