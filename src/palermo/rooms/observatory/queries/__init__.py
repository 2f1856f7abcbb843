"""What the viewer may see of field studies."""

from palermo.rooms.observatory.queries.indicators import Figures, by_code, figures
from palermo.rooms.observatory.queries.protocol import blank_form, media_file, offered
from palermo.rooms.observatory.queries.sealing import closed, keys, locked
from palermo.rooms.observatory.queries.studies import (
    device,
    devices,
    forms,
    site,
    sites,
    studies,
    study,
    units,
    version,
)
from palermo.rooms.observatory.queries.submissions import attachment, counts, submission, submissions

__all__ = [
    "Figures",
    "attachment",
    "blank_form",
    "by_code",
    "closed",
    "counts",
    "device",
    "devices",
    "figures",
    "forms",
    "keys",
    "locked",
    "media_file",
    "offered",
    "site",
    "sites",
    "studies",
    "study",
    "submission",
    "submissions",
    "units",
    "version",
]
