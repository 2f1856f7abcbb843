"""What can be done in the room: take in published figures, publish, withdraw, hand out."""

from palermo.rooms.statistics.actions.background import carry_out, start_count
from palermo.rooms.statistics.actions.counting import count_states
from palermo.rooms.statistics.actions.files import (
    export,
    export_free,
    export_own,
    export_published,
    record_exact_view,
    tabulate,
)
from palermo.rooms.statistics.actions.glotip import GLOTIP
from palermo.rooms.statistics.actions.population import POPULATION
from palermo.rooms.statistics.actions.publishing import approve, make_publication, republish, withdraw

__all__ = [
    "GLOTIP", "POPULATION", "approve", "carry_out", "count_states", "export", "export_free", "export_own",
    "export_published", "make_publication", "record_exact_view", "republish", "start_count", "tabulate", "withdraw",
]  # fmt: skip
