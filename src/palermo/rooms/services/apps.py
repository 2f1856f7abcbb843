"""Services: who helps with what, where there is a free place today, what was needed and what was done."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

STAFF = (
    "first_responder", "case_manager", "supervisor", "competent_authority", "child_protection", "prosecutor",
    "coordinator", "analyst", "editor", "programme_officer", "administrator",
)  # fmt: skip
WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
KEEPERS = ("case_manager", "supervisor")
REVIEWERS = ("coordinator", "competent_authority", "child_protection")


class ServicesConfig(RoomConfig):
    name = "palermo.rooms.services"
    label = "services"
    verbose_name = _("Services")
    permissions = (
        Permission("services.service.list", roles=STAFF),
        Permission("services.service.export", roles=STAFF),
        # Of one's own organisation; the coordinator keeps the entries of all, so that those without palermo are listed.
        Permission("services.service.edit", roles=(*KEEPERS, "coordinator")),
        Permission("services.service.publish", roles=("coordinator",)),
        Permission("services.public.view", public=True, operator=True),
        Permission("services.capacity.tell", roles=(*KEEPERS, "first_responder", "coordinator")),
        Permission("services.address.seal", roles=KEEPERS),
        Permission("services.address.share", roles=("supervisor",), grant="address"),
        Permission("services.address.reveal", roles=WORKERS, grant="address", step_up=True),
        Permission("services.admission.list", roles=(*KEEPERS, "child_protection")),
        Permission("services.admission.make", roles=KEEPERS),
        Permission("services.need.list", roles=WORKERS),
        Permission("services.need.view", roles=WORKERS, grant="case"),
        Permission("services.need.record", roles=WORKERS, grant="case"),
        Permission("services.unmet.view", roles=("coordinator", "analyst")),
        Permission("services.review.list", roles=(*KEEPERS, *REVIEWERS)),
        Permission("services.review.hold", roles=REVIEWERS),
        Permission("services.finding.answer", roles=KEEPERS),
    )
    menu = (
        Entry(
            label=_("Services"),
            url_name="services:list",
            permission="services.service.list",
            icon="lifebuoy",
            pillar="protection",
            order=30,
            description=_("Who helps with what, and where there is a place today"),
        ),
        Entry(
            label=_("Needs"),
            url_name="services:needs",
            permission="services.need.list",
            icon="heart-handshake",
            pillar="protection",
            order=32,
            description=_("What the people of your cases need, and what was done"),
        ),
        Entry(
            label=_("Unmet needs"),
            url_name="services:unmet",
            permission="services.unmet.view",
            icon="chart-bar",
            pillar="numbers",
            order=40,
            description=_("What was needed and could not be had, without identity"),
        ),
    )
    # What the trail of a case says of what is done here.
    deeds = {
        "services.need.record": _("recorded a need"),
        "services.need.reopen": _("opened a need again"),
        "services.need.unmet": _("recorded that a need could not be met"),
        "services.delivery.plan": _("planned a service"),
        "services.delivery.move": _("went on with a service"),
        "services.admission.make": _("recorded an admission"),
        "services.admission.end": _("recorded that a stay ended"),
    }
    tabs = (
        Tab(
            "case", _("Needs and services"), "services:case", "services.need.view", icon="lifebuoy", order=30
        ),
    )
    due = "palermo.rooms.services.queries.due_for"
