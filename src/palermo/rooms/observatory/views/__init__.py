"""The pages of the observatory. Devices speak to `views.openrosa`."""

from palermo.rooms.observatory.views.collecting import add_device, add_site, revoke
from palermo.rooms.observatory.views.desks import add_link
from palermo.rooms.observatory.views.exporting import export, export_file, exports, new_export, stop_export
from palermo.rooms.observatory.views.indicators import indicators, indicators_again, indicators_file, rates
from palermo.rooms.observatory.views.listing import new, studies, study
from palermo.rooms.observatory.views.live import alert, live, thresholds
from palermo.rooms.observatory.views.on_the_web import blank, file, fill, send
from palermo.rooms.observatory.views.publishing import add_form, discard, publish, source, state, version
from palermo.rooms.observatory.views.reviewing import again, attachment, submission, submissions, withdraw
from palermo.rooms.observatory.views.sealing import encrypt, encryption, make_key, open_records
from palermo.rooms.observatory.views.tokens import revoke_token, tokens

__all__ = [
    "add_device",
    "add_form",
    "add_link",
    "add_site",
    "again",
    "alert",
    "attachment",
    "blank",
    "discard",
    "encrypt",
    "encryption",
    "export",
    "export_file",
    "exports",
    "file",
    "fill",
    "indicators",
    "indicators_again",
    "indicators_file",
    "live",
    "make_key",
    "new",
    "new_export",
    "open_records",
    "publish",
    "rates",
    "revoke",
    "revoke_token",
    "send",
    "source",
    "state",
    "stop_export",
    "studies",
    "study",
    "submission",
    "submissions",
    "thresholds",
    "tokens",
    "version",
    "withdraw",
]
