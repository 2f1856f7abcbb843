"""Studies, their forms, sites and devices: all behind the wall of the grant."""

from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Unit
from palermo.rooms.observatory.models import (
    DeviceAccount,
    DeviceKind,
    Form,
    FormVersion,
    Site,
    Study,
    Submission,
)

MOST_SHOWN = 200
HEAVY = ("source", "xml", "schema")


def studies(viewer: Viewer) -> QuerySet[Study]:
    """Studies of the viewer's organisations, the newest first, each with how many records came in."""
    require(viewer, "observatory.study.list")
    count = (
        Submission.objects.filter(study=OuterRef("pk"))
        .order_by()
        .values("study")
        .annotate(n=Count("*"))
        .values("n")
    )
    return Study.objects.annotate(records=Coalesce(Subquery(count), 0)).select_related("organisation")


def study(viewer: Viewer, study_id: UUID) -> Study:
    """One study. Raises NotFound for one that is not there and one that is not the viewer's."""
    require(viewer, "observatory.study.view", study_id)
    found = Study.objects.select_related("organisation").filter(pk=study_id).first()
    if found is None:
        raise NotFound()
    return found


def forms(viewer: Viewer, of: Study) -> list[Form]:
    """Forms with their versions and media, without their content."""
    versions = FormVersion.objects.defer("source", "xml").prefetch_related(
        Prefetch("media", queryset=_light_media())
    )
    return list(Form.objects.filter(study=of).prefetch_related(Prefetch("versions", queryset=versions)))


def _light_media() -> Any:
    from palermo.rooms.observatory.models import FormMedia

    return FormMedia.objects.defer("content")


def version(viewer: Viewer, of: Study, version_id: UUID) -> FormVersion:
    """One version of a form of this study."""
    found = FormVersion.objects.select_related("form", "study").filter(pk=version_id, study=of).first()
    if found is None:
        raise NotFound()
    return found


def sites(viewer: Viewer, of: Study) -> list[Site]:
    return list(Site.objects.filter(study=of).select_related("unit"))


def site(viewer: Viewer, of: Study, site_id: str) -> Site | None:
    """A site by the key that a form sends; None for none."""
    return next((one for one in sites(viewer, of) if str(one.pk) == site_id), None)


def units(viewer: Viewer, of: Study) -> list[tuple[str, str]]:
    """The teams of the organisation, for a form."""
    return [(str(one.pk), one.name) for one in Unit.objects.filter(organisation_id=of.organisation_id)]


def devices(viewer: Viewer, of: Study) -> list[DeviceAccount]:
    """Accounts of devices and links to a form, the live ones first. Seats come and go with who works here."""
    rows = DeviceAccount.objects.filter(study=of).exclude(kind=DeviceKind.SEAT)
    rows = rows.select_related("site", "form").defer("sealed_ha1", "token_sha256")
    return sorted(rows[:MOST_SHOWN], key=lambda one: (one.revoked_at is not None, one.label))


def device(viewer: Viewer, of: Study, device_id: UUID) -> DeviceAccount:
    found = DeviceAccount.objects.select_related("study", "site").filter(pk=device_id, study=of).first()
    if found is None:
        raise NotFound()
    return found
