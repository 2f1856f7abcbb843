"""The pages of the releases: inside for those who prepare and judge, outside for everybody."""

from palermo.rooms.releases.views.judging import approve, discard, reject, review, withdraw
from palermo.rooms.releases.views.ledger import cap, cap_agree, ledger
from palermo.rooms.releases.views.preparing import compare, edit, file, new, release, releases, run, stop
from palermo.rooms.releases.views.public import landing, public, public_file

__all__ = [
    "approve", "cap", "cap_agree", "compare", "discard", "edit", "file", "landing", "ledger", "new", "public",
    "public_file", "reject", "release", "releases", "review", "run", "stop", "withdraw",
]  # fmt: skip
