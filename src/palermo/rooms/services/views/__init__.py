"""Pages of the services room."""

from palermo.rooms.services.views.address import address, address_end, address_share
from palermo.rooms.services.views.directory import (
    service_export,
    service_list,
    service_page,
    service_print,
)
from palermo.rooms.services.views.keeping import (
    service_add,
    service_edit,
    service_history,
    service_public,
    service_state,
    service_undo,
)
from palermo.rooms.services.views.needs import (
    case_needs,
    delivery,
    need_again,
    need_plan,
    need_unmet,
    needs,
    unmet,
)
from palermo.rooms.services.views.places import capacity, guests, leave, places
from palermo.rooms.services.views.reviews import finding, review, review_finish, reviews

__all__ = [
    "address",
    "address_end",
    "address_share",
    "capacity",
    "case_needs",
    "delivery",
    "finding",
    "guests",
    "leave",
    "need_again",
    "need_plan",
    "need_unmet",
    "needs",
    "places",
    "review",
    "review_finish",
    "reviews",
    "service_add",
    "service_edit",
    "service_export",
    "service_history",
    "service_list",
    "service_page",
    "service_print",
    "service_public",
    "service_state",
    "service_undo",
    "unmet",
]
