"""The pages of the estimates."""

from palermo.rooms.estimates.views.headline import agree, propose, take_back
from palermo.rooms.estimates.views.running import again, result, run, run_file, start, stop
from palermo.rooms.estimates.views.studying import edit, new, studies, study, table_file

__all__ = [
    "again",
    "agree",
    "edit",
    "new",
    "propose",
    "result",
    "run",
    "run_file",
    "start",
    "stop",
    "studies",
    "study",
    "table_file",
    "take_back",
]
