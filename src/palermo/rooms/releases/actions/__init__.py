"""What people do with releases. Importing this registers the guards of the machine."""

from palermo.rooms.releases.actions import rules as rules
from palermo.rooms.releases.actions.attacking import attack_published
from palermo.rooms.releases.actions.drafting import change_release, discard, open_release
from palermo.rooms.releases.actions.files import draft_file, public_file
from palermo.rooms.releases.actions.judging import approve, reject, review, withdraw
from palermo.rooms.releases.actions.ledger import agree_to_cap, ask_for_cap, cost, reserve
from palermo.rooms.releases.actions.running import carry_out, start_run, stop_run

__all__ = [
    "agree_to_cap", "approve", "ask_for_cap", "attack_published", "carry_out", "change_release", "cost", "discard",
    "draft_file", "open_release", "public_file", "reject", "reserve", "review", "rules", "start_run", "stop_run",
    "withdraw",
]  # fmt: skip
