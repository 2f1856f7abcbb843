"""The pages of the observatory. Devices speak to `views.openrosa`."""

from palermo.rooms.observatory.views.collecting import add_device, add_site, revoke
from palermo.rooms.observatory.views.indicators import indicators, indicators_again, indicators_file, rates
from palermo.rooms.observatory.views.listing import new, studies, study
from palermo.rooms.observatory.views.publishing import add_form, discard, publish, source, state, version
from palermo.rooms.observatory.views.reviewing import again, attachment, submission, submissions, withdraw
from palermo.rooms.observatory.views.sealing import encrypt, encryption, make_key, open_records

__all__ = [
    "add_device",
    "add_form",
    "add_site",
    "again",
    "attachment",
    "discard",
    "encrypt",
    "encryption",
    "indicators",
    "indicators_again",
    "indicators_file",
    "make_key",
    "new",
    "open_records",
    "publish",
    "rates",
    "revoke",
    "source",
    "state",
    "studies",
    "study",
    "submission",
    "submissions",
    "version",
    "withdraw",
]
