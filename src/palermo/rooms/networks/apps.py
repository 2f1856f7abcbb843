"""Networks of first responders: who belongs, who is trained, what was sent, and what the referrer hears back."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
# Who can belong to a network or lead one.
MEMBERS = (*WORKERS, "competent_authority", "coordinator", "programme_officer", "prosecutor")
# Who can open a case, and so send a notification about somebody.
SENDERS = ("first_responder", "case_manager")


class NetworksConfig(RoomConfig):
    name = "palermo.rooms.networks"
    label = "networks"
    verbose_name = _("Networks")
    permissions = (
        Permission("networks.network.list", roles=(*MEMBERS, "analyst")),
        # The database says in which: a supervisor of the coordinating organisation, or a coordinator.
        Permission("networks.network.open", roles=("supervisor", "coordinator")),
        # Who leads which network is asked in the database (networks_leads).
        Permission("networks.network.lead", roles=MEMBERS),
        Permission("networks.member.propose", roles=MEMBERS),
        Permission("networks.member.move", roles=MEMBERS, grant="case"),
        Permission("networks.notification.send", roles=SENDERS),
        Permission("networks.notification.view", roles=MEMBERS),
        Permission("networks.notification.receive", roles=WORKERS),
        Permission("networks.notification.answer", roles=WORKERS, grant="case"),
        Permission("networks.figures.view", roles=(*MEMBERS, "analyst")),
    )
    menu = (
        Entry(
            label=_("Notify"),
            url_name="networks:notify",
            permission="networks.notification.send",
            icon="send",
            pillar="protection",
            order=5,
            description=_("Two minutes: you met somebody who may be trafficked or needs help"),
        ),
        Entry(
            label=_("Networks"),
            url_name="networks:list",
            permission="networks.network.list",
            icon="users",
            pillar="protection",
            order=26,
            description=_("Networks of first responders: members, training, what became of it"),
        ),
        Entry(
            label=_("Answers to referrers"),
            url_name="networks:inbox",
            permission="networks.notification.receive",
            icon="mail",
            pillar="protection",
            order=27,
            description=_("Tell first responders in general terms what became of it"),
        ),
    )
    first = "palermo.rooms.networks.queries.first_for"
    due = "palermo.rooms.networks.queries.due_for"
    addresses = {"notification": "networks:notification"}
    # No name, no case and no kind of help.
    notices = {
        "network_asked": _("You are invited to a network of first responders"),
        "network_wish": _("Somebody asks to join a network that you lead"),
        "network_joined": _("A membership of a network was agreed"),
        "network_answered": _("What became of a notification of yours was told"),
        "network_sent": _("A first responder sent something to your organisation and waits for an answer"),
        "network_late": _("A first responder of your network got no answer in time"),
        "network_late_here": _("A first responder still waits for an answer of your organisation"),
    }

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
