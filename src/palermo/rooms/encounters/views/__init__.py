"""Pages of the encounters room."""

from palermo.rooms.encounters.views.events import (
    event_counts,
    event_list,
    event_open,
    event_page,
    event_print,
    figures,
    share,
    share_end,
)
from palermo.rooms.encounters.views.intake import intake, table
from palermo.rooms.encounters.views.person import migrant_link, migrant_move, migrant_page, migrant_write
from palermo.rooms.encounters.views.together import together

__all__ = [
    "event_counts",
    "event_list",
    "event_open",
    "event_page",
    "event_print",
    "figures",
    "intake",
    "migrant_link",
    "migrant_move",
    "migrant_page",
    "migrant_write",
    "share",
    "share_end",
    "table",
    "together",
]
