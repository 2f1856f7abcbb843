"""Everything that a person does with services, places, needs and reviews. One function = one change."""

from palermo.rooms.services.actions.addresses import (
    end_address_share,
    keep_address,
    reveal_address,
    share_address,
)
from palermo.rooms.services.actions.admissions import admit, discharge
from palermo.rooms.services.actions.capacity import set_places, tell_capacity
from palermo.rooms.services.actions.demo import demo_services
from palermo.rooms.services.actions.exporting import export_services
from palermo.rooms.services.actions.keeping import (
    add_service,
    change_service,
    require_keeper,
    set_public,
    set_state,
    undo_change,
)
from palermo.rooms.services.actions.needing import (
    move_delivery,
    plan_delivery,
    record_need,
    reopen_need,
    say_unmet,
)
from palermo.rooms.services.actions.reviewing import (
    answer_finding,
    begin_review,
    close_finding,
    finish_review,
    save_review,
    standards,
)

__all__ = [
    "add_service",
    "admit",
    "answer_finding",
    "begin_review",
    "change_service",
    "close_finding",
    "demo_services",
    "discharge",
    "end_address_share",
    "export_services",
    "finish_review",
    "keep_address",
    "move_delivery",
    "plan_delivery",
    "record_need",
    "reopen_need",
    "require_keeper",
    "reveal_address",
    "save_review",
    "say_unmet",
    "set_places",
    "set_public",
    "set_state",
    "share_address",
    "standards",
    "tell_capacity",
    "undo_change",
]
