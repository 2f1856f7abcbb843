"""What is done with partners, with what goes out and with what came in."""

from palermo.kernel.exchange.actions.arriving import answer_receipt, arrive, hand_in, handle, tell
from palermo.kernel.exchange.actions.cards import confirm, follow_card, make_card, propose, revoke
from palermo.kernel.exchange.actions.carrying import carry_in, carry_out
from palermo.kernel.exchange.actions.leaving import attempt, cancel, send, turn

__all__ = [
    "answer_receipt",
    "arrive",
    "attempt",
    "cancel",
    "carry_in",
    "carry_out",
    "confirm",
    "follow_card",
    "hand_in",
    "handle",
    "make_card",
    "propose",
    "revoke",
    "send",
    "tell",
    "turn",
]
