"""The digest: what courts made of evidence, coded issue by issue from the case law; frozen from time to time."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

EDITORS = ("editor", "coordinator")


class DigestConfig(RoomConfig):
    name = "palermo.rooms.digest"
    label = "digest"
    verbose_name = _("Digest")
    permissions = (
        Permission("digest.record.view", roles=EDITORS),
        Permission("digest.record.write", roles=EDITORS, operator=True),
        Permission("digest.record.review", roles=EDITORS, step_up=True),
        Permission("digest.edition.freeze", roles=EDITORS, step_up=True, operator=True),
        Permission("digest.public.view", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("Digest"), url_name="digest:list", permission="digest.record.view", icon="books",
            pillar="knowledge", order=25, description=_("What courts made of evidence, issue by issue"),
        ),
    )  # fmt: skip
    published = "palermo.rooms.digest.queries.published_tiles"
    searched = "palermo.rooms.digest.queries.offered.SOURCE"
    concept_links = "palermo.rooms.digest.queries.offered.concept_links"

    def ready(self) -> None:
        """Names that are taken out of a case go out of what the digest says of it."""
        super().ready()
        from palermo.rooms.caselaw.actions import names_out
        from palermo.rooms.digest.actions import take_out

        names_out.connect(take_out, dispatch_uid="digest")
