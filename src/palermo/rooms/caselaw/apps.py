"""Case law: decisions of courts as typed records, reviewed by a second person, found and cited by everybody."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

EDITORS = ("editor", "coordinator")


class CaselawConfig(RoomConfig):
    name = "palermo.rooms.caselaw"
    label = "caselaw"
    verbose_name = _("Case law")
    permissions = (
        Permission("caselaw.case.view", roles=EDITORS),
        Permission("caselaw.case.write", roles=EDITORS, operator=True),
        Permission("caselaw.case.review", roles=EDITORS, step_up=True),
        Permission("caselaw.case.withdraw", roles=EDITORS, step_up=True, operator=True),
        Permission("caselaw.search.keep", signed_in=True),
        Permission("caselaw.public.view", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("Case law"), url_name="caselaw:list", permission="caselaw.case.view", icon="scale",
            pillar="knowledge", order=20, description=_("Decisions of courts, as records that everybody may search"),
        ),
    )  # fmt: skip
    published = "palermo.rooms.caselaw.queries.published_tiles"
    searched = "palermo.rooms.caselaw.queries.offered.SOURCE"
    doctor = "palermo.rooms.caselaw.queries.checks"
    concept_links = "palermo.rooms.caselaw.queries.offered.concept_links"
