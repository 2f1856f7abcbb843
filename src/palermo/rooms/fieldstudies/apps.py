"""Field studies: few people listened to in one place, their words coded, findings that say what they stand on."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

LEADS = ("analyst",)
FIELD = ("analyst", "supervisor")


class FieldStudiesConfig(RoomConfig):
    name = "palermo.rooms.fieldstudies"
    label = "fieldstudies"
    verbose_name = _("Field studies")
    permissions = (
        Permission("fieldstudies.study.list", roles=FIELD),
        Permission("fieldstudies.study.open", roles=LEADS),
        Permission("fieldstudies.study.view", roles=FIELD, grant="case"),
        Permission("fieldstudies.study.change", roles=LEADS, grant="case"),
        # The wall asks besides: raw words are for the team of the study alone.
        Permission("fieldstudies.source.write", roles=FIELD, grant="case"),
        Permission("fieldstudies.source.approve", roles=LEADS, grant="case"),
        Permission("fieldstudies.source.code", roles=FIELD, grant="case"),
        Permission("fieldstudies.finding.write", roles=LEADS, grant="case"),
        Permission("fieldstudies.project.take", roles=LEADS, grant="case", step_up=True),
    )
    menu = (
        Entry(
            label=_("Field studies"),
            url_name="fieldstudies:list",
            permission="fieldstudies.study.list",
            icon="clipboard-list",
            pillar="numbers",
            order=26,
            description=_("Interviews coded against a codebook, and findings with what bears them out"),
        ),
    )
