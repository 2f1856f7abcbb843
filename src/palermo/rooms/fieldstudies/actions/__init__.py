"""What people do in a field study: open, listen, redact, code, compare, find."""

from palermo.rooms.fieldstudies.actions.coding import (
    add_segment,
    adjudicate,
    close_double,
    draw_double,
    save_code,
    take_back,
)
from palermo.rooms.fieldstudies.actions.demo import demo_fieldstudies
from palermo.rooms.fieldstudies.actions.exchange import codebook_file, project_file, take_in
from palermo.rooms.fieldstudies.actions.findings import approve_finding, release_quote, write_finding
from palermo.rooms.fieldstudies.actions.opening import add_member, open_study
from palermo.rooms.fieldstudies.actions.sources import (
    MARKS,
    add_source,
    approve,
    destroyed,
    open_source,
    redact,
    undo,
)

__all__ = [
    "MARKS",
    "add_member",
    "add_segment",
    "add_source",
    "adjudicate",
    "approve",
    "approve_finding",
    "close_double",
    "codebook_file",
    "demo_fieldstudies",
    "destroyed",
    "draw_double",
    "open_source",
    "open_study",
    "project_file",
    "redact",
    "release_quote",
    "save_code",
    "take_back",
    "take_in",
    "undo",
    "write_finding",
]
