"""The pages of field studies."""

from palermo.rooms.fieldstudies.views.coding import (
    back,
    close,
    code,
    codebook,
    codebook_file,
    double,
    draw,
    give,
    project_file,
    release,
    take_in,
)
from palermo.rooms.fieldstudies.views.finding import add_finding, approve_finding, finding
from palermo.rooms.fieldstudies.views.listing import new, studies, study, team
from palermo.rooms.fieldstudies.views.sources import add_source, approve, destroyed, redact, source, undo

__all__ = [
    "add_finding",
    "add_source",
    "approve",
    "approve_finding",
    "back",
    "close",
    "code",
    "codebook",
    "codebook_file",
    "destroyed",
    "double",
    "draw",
    "finding",
    "give",
    "new",
    "project_file",
    "redact",
    "release",
    "source",
    "studies",
    "study",
    "take_in",
    "team",
    "undo",
]
