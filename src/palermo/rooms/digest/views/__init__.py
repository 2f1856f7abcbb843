"""Pages of the digest."""

from palermo.rooms.digest.views.editions import edition, edition_file, editions, freeze
from palermo.rooms.digest.views.public import findings_csv, findings_json, issue, public
from palermo.rooms.digest.views.working import (
    choose,
    edit_finding,
    edit_intro,
    listing,
    new_finding,
    new_intro,
    record,
    step,
)

__all__ = [
    "choose",
    "edit_finding",
    "edit_intro",
    "edition",
    "edition_file",
    "editions",
    "findings_csv",
    "findings_json",
    "freeze",
    "issue",
    "listing",
    "new_finding",
    "new_intro",
    "public",
    "record",
    "step",
]
