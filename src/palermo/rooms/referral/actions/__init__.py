"""Changes that a person would name: draft, send, answer, give feedback, take back, agree, read the packet."""

from palermo.rooms.referral.actions import effects, rules
from palermo.rooms.referral.actions.demo import demo_referrals
from palermo.rooms.referral.actions.drafting import agree, change_draft, draft, put_aside
from palermo.rooms.referral.actions.hearing import age_settled, consents_ended, organisation_closed
from palermo.rooms.referral.actions.moving import move
from palermo.rooms.referral.actions.reading import (
    hand_out_sheet,
    open_identity,
    open_packet,
    open_period,
    read_packet,
    show_sheet,
)

__all__ = [
    "age_settled",
    "agree",
    "change_draft",
    "consents_ended",
    "demo_referrals",
    "draft",
    "effects",
    "hand_out_sheet",
    "move",
    "open_identity",
    "open_packet",
    "open_period",
    "organisation_closed",
    "put_aside",
    "read_packet",
    "rules",
    "show_sheet",
]
