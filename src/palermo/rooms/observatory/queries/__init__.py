"""What the viewer may see of field studies."""

from palermo.rooms.observatory.queries.feeds import form_by_id, number_of, offered_forms
from palermo.rooms.observatory.queries.indicators import Figures, by_code, figures
from palermo.rooms.observatory.queries.leaving import (
    export,
    exports,
    form,
    languages_of,
    read_token,
    read_tokens,
    schemas,
)
from palermo.rooms.observatory.queries.live import Dashboard, alert, alerts, dashboard, limits_of
from palermo.rooms.observatory.queries.protocol import blank_form, file_of_form, media_file, offered
from palermo.rooms.observatory.queries.sealing import closed, locked, study_keys
from palermo.rooms.observatory.queries.shapes import chosen_language, keys_of_turn
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
    "Dashboard",
    "Figures",
    "alert",
    "alerts",
    "attachment",
    "blank_form",
    "by_code",
    "chosen_language",
    "closed",
    "counts",
    "dashboard",
    "device",
    "devices",
    "export",
    "exports",
    "figures",
    "file_of_form",
    "form",
    "form_by_id",
    "forms",
    "keys_of_turn",
    "languages_of",
    "limits_of",
    "locked",
    "media_file",
    "number_of",
    "offered",
    "offered_forms",
    "read_token",
    "read_tokens",
    "schemas",
    "site",
    "sites",
    "studies",
    "study",
    "study_keys",
    "submission",
    "submissions",
    "units",
    "version",
]
