"""Why something that came from outside, or shall go outside, is refused. The cause is for this side's own eyes."""

from enum import StrEnum


class Cause(StrEnum):
    """What was wrong. Outside everybody hears the same (`OUTWARD`), whatever it was."""

    MALFORMED = "malformed"
    OVERSIZE = "oversize"
    UNKNOWN_VERSION = "unknown_version"
    DOWNGRADE = "downgrade"
    UNKNOWN_KEY = "unknown_key"  # sealed to no key that lives here
    STALE_KEY = "stale_key"  # sealed to a key whose days are over
    NOT_OPENED = "not_opened"  # the sealing does not hold: changed on the way, or not for this key
    STRANGER = "stranger"  # signed by nobody whose card is pinned here
    REVOKED = "revoked"
    FORGED = "forged"  # the signature does not hold
    WRONG_AUDIENCE = "wrong_audience"
    FROM_THE_FUTURE = "from_the_future"
    EXPIRED = "expired"
    CHANGED = "changed"  # the same id came before with other words
    UNKNOWN_KIND = "unknown_kind"
    NOT_ALLOWED = "not_allowed"  # a kind, a purpose or a field outside what was agreed
    OLD_CARD = "old_card"


OUTWARD = "refused"


class Refusal(Exception):
    """Nothing was taken in. `cause` goes into this side's audit; `detail` names a field or a key id, no content."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause} {detail}".strip())
        self.cause = cause
        self.detail = detail
