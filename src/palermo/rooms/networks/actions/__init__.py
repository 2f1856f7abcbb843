"""Changes that a person would name: open a network, belong to it, train, notify, answer the referrer."""

from palermo.rooms.networks.actions import rules as _rules  # noqa: F401  guards and effects of the machines
from palermo.rooms.networks.actions.anonymous import notify_anonymously
from palermo.rooms.networks.actions.answering import answer
from palermo.rooms.networks.actions.demo import demo_colleagues, demo_networks
from palermo.rooms.networks.actions.drafting import drop_draft, keep_draft
from palermo.rooms.networks.actions.exporting import export_figures
from palermo.rooms.networks.actions.members import ask_to_join, invite, move_member, write_training
from palermo.rooms.networks.actions.networks import change_network, close_network, open_network
from palermo.rooms.networks.actions.notifying import Sent, send_notification

__all__ = [
    "Sent",
    "answer",
    "ask_to_join",
    "change_network",
    "close_network",
    "demo_colleagues",
    "demo_networks",
    "drop_draft",
    "export_figures",
    "invite",
    "keep_draft",
    "move_member",
    "notify_anonymously",
    "open_network",
    "send_notification",
    "write_training",
]
