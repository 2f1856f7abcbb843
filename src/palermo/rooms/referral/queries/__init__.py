"""Reading referrals. Both sides see the envelope; each sees its own half; the database says so a second time."""

from palermo.rooms.referral.queries.lists import (
    INBOX,
    OUTBOX,
    Line,
    codes_of,
    due_for,
    lines,
    of_case,
    referral,
    side_of,
)
from palermo.rooms.referral.queries.pages import (
    Choice,
    Paper,
    choices_of,
    feedback_of,
    identity_of,
    moves_of,
    paper,
    purpose_of,
    receiving,
    sending,
    texts_of,
)
from palermo.rooms.referral.queries.period import Period, had, period
from palermo.rooms.referral.queries.targets import Target, receivers, service_name, targets

__all__ = [
    "INBOX",
    "OUTBOX",
    "Choice",
    "Line",
    "Paper",
    "Period",
    "Target",
    "choices_of",
    "codes_of",
    "due_for",
    "feedback_of",
    "had",
    "identity_of",
    "lines",
    "moves_of",
    "of_case",
    "paper",
    "period",
    "purpose_of",
    "receivers",
    "receiving",
    "referral",
    "sending",
    "service_name",
    "side_of",
    "targets",
    "texts_of",
]
