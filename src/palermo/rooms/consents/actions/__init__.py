"""Writing the ledger, asking it before something is told, and the form on paper."""

from palermo.rooms.consents.actions.ledger import (
    NAMED,
    REASON_AT_LEAST,
    ask_legal_basis,
    decide_legal_basis,
    record_consent,
    require_basis,
    withdraw_consent,
)
from palermo.rooms.consents.actions.printing import hand_out_form, show_form
from palermo.rooms.consents.models import FORM_VERSION

__all__ = [
    "FORM_VERSION",
    "NAMED",
    "REASON_AT_LEAST",
    "ask_legal_basis",
    "decide_legal_basis",
    "hand_out_form",
    "record_consent",
    "require_basis",
    "show_form",
    "withdraw_consent",
]
