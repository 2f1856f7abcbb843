"""Letters between two sovereign instances: signed, sealed end to end, arrived exactly once or known not to have.

Nothing here opens a socket or a file, or looks at a clock. `door.take` decides on what comes in, `sending` on what goes
out; who keeps what is theirs to say (`palermo.kernel.exchange` keeps it in the database).

    from palermo.exchange import Card, Letter, Private, Refusal, envelope, sign, take
"""

from palermo.exchange.cards import Card, Dated, follow, keep_older, thumbprint
from palermo.exchange.cards import read as read_card
from palermo.exchange.cards import write as write_card
from palermo.exchange.door import Answer, Known, Partner, Side, take
from palermo.exchange.errors import OUTWARD, Cause, Refusal
from palermo.exchange.keys import Private, Public, hybrid_possible
from palermo.exchange.kinds import Kind, may_be_read, may_leave
from palermo.exchange.letters import Letter
from palermo.exchange.receipts import Receipt, Stage
from palermo.exchange.sending import Fate, answered, envelope, pause, sign, sign_receipt, unanswered

__all__ = [
    "OUTWARD",
    "Answer",
    "Card",
    "Cause",
    "Dated",
    "Fate",
    "Kind",
    "Known",
    "Letter",
    "Partner",
    "Private",
    "Public",
    "Receipt",
    "Refusal",
    "Side",
    "Stage",
    "answered",
    "envelope",
    "follow",
    "hybrid_possible",
    "keep_older",
    "may_be_read",
    "may_leave",
    "pause",
    "read_card",
    "sign",
    "sign_receipt",
    "take",
    "thumbprint",
    "unanswered",
    "write_card",
]
