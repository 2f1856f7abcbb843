"""Assessments: a State's response by a toolkit, answered by two apart, reconciled, with recommendations."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

LEADS = ("coordinator", "editor", "programme_officer")
FIELD = (*LEADS, "analyst", "prosecutor", "supervisor", "competent_authority", "child_protection")


class AssessmentsConfig(RoomConfig):
    name = "palermo.rooms.assessments"
    label = "assessments"
    verbose_name = _("Assessments")
    permissions = (
        Permission("assessments.assessment.list", roles=FIELD, operator=True),
        Permission("assessments.assessment.open", roles=LEADS),
        Permission("assessments.assessment.view", roles=FIELD, grant="case", operator=True),
        # The wall asks besides: while an assessment is open, each assessor sees the own answers alone.
        Permission("assessments.answer.write", roles=FIELD, grant="case", operator=True),
        # The action asks besides whether the person is the lead of this very assessment.
        Permission("assessments.assessment.lead", roles=LEADS, grant="case"),
        Permission("assessments.report.take", roles=FIELD, grant="case", operator=True),
    )
    menu = (
        Entry(
            label=_("Assessments"), url_name="assessments:list", permission="assessments.assessment.list",
            icon="clipboard-check", pillar="knowledge", order=60,
            description=_("A State's response by a toolkit: two assess apart, then reconcile and recommend"),
        ),
    )  # fmt: skip
    addresses = {"assessment": "assessments:assessment"}
