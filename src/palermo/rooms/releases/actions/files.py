"""Files on their way out: of a public release for everybody, of a draft for its judges. Internal ones stay."""

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import File
from palermo.rooms.releases import queries
from palermo.rooms.releases.models import Release, ReleaseFile


def public_file(*, actor: Viewer, identifier: str, name: str) -> File:
    """A file of a published release, byte for byte. Not on record: readers are not followed."""
    return _handed(queries.landing(actor, identifier).release, name)


def draft_file(*, actor: Viewer, release: Release, name: str) -> File:
    """A file that is to be published, for those who judge it. On record."""
    found = _handed(release, name)
    record(
        actor=actor, action="releases.file.look", object_kind="release", object_id=release.pk,
        detail={"name": name, "revision": release.revision},
    )  # fmt: skip
    return found


def _handed(release: Release, name: str) -> File:
    found = ReleaseFile.objects.filter(
        release=release, revision=release.revision, name=name, kind="public"
    ).first()
    if found is None:
        raise NotFound()
    stem = release.identifier or f"draft-{release.revision}"
    return File(f"{stem}-{found.name}", bytes(found.content), found.content_type)
