"""What is done in the library: papers brought in, written, given files, reviewed, withdrawn; authorities kept."""

from palermo.rooms.library.actions.authorities import (
    bring_in_authorities,
    check_again,
    close_authority,
    keep_authority,
    open_contacts,
)
from palermo.rooms.library.actions.demo import demo_library
from palermo.rooms.library.actions.filing import add_file, read_text, remove_file
from palermo.rooms.library.actions.importing import Imported, bring_in
from palermo.rooms.library.actions.judging import publish, return_to_draft, revise, submit, withdraw
from palermo.rooms.library.actions.writing import write_item

__all__ = [
    "Imported",
    "add_file",
    "bring_in",
    "bring_in_authorities",
    "check_again",
    "close_authority",
    "demo_library",
    "keep_authority",
    "open_contacts",
    "publish",
    "read_text",
    "remove_file",
    "return_to_draft",
    "revise",
    "submit",
    "withdraw",
    "write_item",
]
