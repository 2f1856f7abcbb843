"""Pages of the networks."""

from palermo.rooms.networks.views.figures import figures, network_figures
from palermo.rooms.networks.views.leading import (
    close_network,
    edit_network,
    invite,
    member,
    move_member,
    open_network,
    people,
    training,
)
from palermo.rooms.networks.views.networks import guide, join, network, network_list, sent
from palermo.rooms.networks.views.notifications import answer, inbox, notification
from palermo.rooms.networks.views.notifying import anonymous, drop, edit_draft, notify, send, thanks

__all__ = [
    "anonymous",
    "answer",
    "close_network",
    "drop",
    "edit_draft",
    "edit_network",
    "figures",
    "guide",
    "inbox",
    "invite",
    "join",
    "member",
    "move_member",
    "network",
    "network_figures",
    "network_list",
    "notification",
    "notify",
    "open_network",
    "people",
    "send",
    "sent",
    "thanks",
    "training",
]
