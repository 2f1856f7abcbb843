"""Identification: a screening, an explained suggestion, and a person's own decision."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

STARTERS = ("first_responder", "case_manager", "supervisor", "child_protection")
SCREENERS = (*STARTERS, "competent_authority")
BEGINNERS = ("first_responder", "case_manager", "supervisor", "child_protection")


class IdentificationConfig(RoomConfig):
    name = "palermo.rooms.identification"
    drafts = "palermo.rooms.identification.forms.drafts.draft_forms"
    label = "identification"
    verbose_name = _("Identification")
    permissions = (
        Permission("identification.screening.list", roles=SCREENERS),
        Permission("identification.screening.start", roles=STARTERS),
        Permission("identification.screening.view", roles=SCREENERS, grant="case"),
        Permission("identification.screening.answer", roles=SCREENERS, grant="case"),
        Permission("identification.screening.decide", roles=SCREENERS, grant="case"),
        Permission("identification.rights.view", public=True),
        # The legal status. A case is opened by its grant, the status by its own: an authority holds only the latter.
        Permission("identification.status.case", roles=STARTERS, grant="case"),
        Permission("identification.status.begin", roles=BEGINNERS, grant="case"),
        Permission("identification.status.list", roles=("competent_authority", "child_protection")),
        Permission("identification.status.view", roles=SCREENERS, grant="case"),
        Permission("identification.status.move", roles=SCREENERS, grant="case"),
        Permission(
            "identification.status.answer",
            roles=("first_responder", "case_manager", "child_protection"),
            grant="case",
        ),
        Permission("identification.letter.print", roles=SCREENERS, grant="case"),
        Permission("identification.status.detention", roles=STARTERS, grant="case"),
        Permission("identification.decision.serve", roles=SCREENERS, grant="case"),
        Permission("identification.notification.list", roles=("coordinator", "analyst")),
    )
    menu = (
        Entry(
            label=_("Screening"),
            url_name="identification:list",
            permission="identification.screening.list",
            icon="clipboard-check",
            pillar="protection",
            order=10,
            description=_("Recognise a presumed victim; urgent needs first"),
        ),
        Entry(
            label=_("Decisions"),
            url_name="identification:authority",
            permission="identification.status.list",
            icon="scale",
            pillar="protection",
            order=12,
            description=_("What was referred to your authority, the oldest deadline first"),
        ),
        Entry(
            label=_("Anonymous notifications"),
            url_name="identification:notifications",
            permission="identification.notification.list",
            icon="eye-off",
            pillar="numbers",
            order=60,
        ),
    )
    addresses = {"screening": "identification:summary"}
    tabs = (
        Tab(
            "case",
            _("Status"),
            "identification:of-case",
            "identification.status.case",
            icon="shield-check",
            order=15,
        ),
    )
    signs = {"case": "palermo.rooms.identification.queries.signs_of_case"}
    hears = {
        "consents.ended": "palermo.rooms.identification.actions.consent_ended",
        "cases.risk_assessed": "palermo.rooms.identification.actions.risk_assessed",
        "cases.taken_on": "palermo.rooms.identification.actions.pass_status_on",
        "cases.given_up": "palermo.rooms.identification.actions.end_status_of",
    }
    notices = {
        "identification_missing": _("A presumed victim is missing"),
        "identification_consent_ended": _(
            "Somebody took back the consent to be identified: meet the person alone and check for coercion"
        ),
    }
    due = "palermo.rooms.identification.queries.due_for"

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
