"""Reading services, places, needs and reviews. Every function takes the viewer; the database says it once more."""

from palermo.rooms.services.queries.directory import (
    WHO,
    Page,
    Row,
    has_sealed_address,
    may_admit,
    may_keep,
    may_see_guests,
    may_tell,
    organisations_to_keep,
    row_of,
    service,
    services,
    versions,
)
from palermo.rooms.services.queries.due import due_for
from palermo.rooms.services.queries.guests import (
    Guest,
    NeedRow,
    admission,
    delivery,
    guests,
    my_needs,
    need,
    needs_of,
)
from palermo.rooms.services.queries.matching import Match, Want, find_services
from palermo.rooms.services.queries.public import PublicService, public_services
from palermo.rooms.services.queries.reviewing import (
    checklist,
    finding,
    findings,
    may_read_reviews,
    may_review,
    review,
    reviews,
)
from palermo.rooms.services.queries.trail import address_reveals, address_shares, possible_recipients
from palermo.rooms.services.queries.unmet import Unmet, unmet_counts

__all__ = [
    "WHO",
    "Guest",
    "Match",
    "NeedRow",
    "Page",
    "PublicService",
    "Row",
    "Unmet",
    "Want",
    "address_reveals",
    "address_shares",
    "admission",
    "checklist",
    "delivery",
    "due_for",
    "find_services",
    "finding",
    "findings",
    "guests",
    "has_sealed_address",
    "may_admit",
    "may_keep",
    "may_read_reviews",
    "may_review",
    "may_see_guests",
    "may_tell",
    "my_needs",
    "need",
    "needs_of",
    "organisations_to_keep",
    "possible_recipients",
    "public_services",
    "review",
    "reviews",
    "row_of",
    "service",
    "services",
    "unmet_counts",
    "versions",
]
