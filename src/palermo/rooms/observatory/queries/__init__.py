"""What the viewer may see of field studies."""

from palermo.rooms.observatory.queries.leaving import (
    export,
    exports,
    form,
    languages_of,
    read_token,
    read_tokens,
)
from palermo.rooms.observatory.queries.protocol import blank_form, media_file, offered
from palermo.rooms.observatory.queries.shapes import chosen_language
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
    "attachment",
    "blank_form",
    "chosen_language",
    "counts",
    "device",
    "devices",
    "export",
    "exports",
    "form",
    "forms",
    "languages_of",
    "media_file",
    "offered",
    "read_token",
    "read_tokens",
    "site",
    "sites",
    "studies",
    "study",
    "submission",
    "submissions",
    "units",
    "version",
]
