"""The pages of the observatory. Devices speak to `views.openrosa`."""

from palermo.rooms.observatory.views.collecting import add_device, add_site, revoke
from palermo.rooms.observatory.views.desks import add_link
from palermo.rooms.observatory.views.indicators import indicators, indicators_again, indicators_file, rates
from palermo.rooms.observatory.views.listing import new, studies, study
from palermo.rooms.observatory.views.on_the_web import blank, file, fill, send
from palermo.rooms.observatory.views.publishing import add_form, discard, publish, source, state, version
from palermo.rooms.observatory.views.reviewing import again, attachment, submission, submissions, withdraw

__all__ = [
    "add_device",
    "add_form",
    "add_link",
    "add_site",
    "again",
    "attachment",
    "blank",
    "discard",
    "file",
    "fill",
    "indicators",
    "indicators_again",
    "indicators_file",
    "new",
    "publish",
    "rates",
    "revoke",
    "send",
    "source",
    "state",
    "studies",
    "study",
    "submission",
    "submissions",
    "version",
    "withdraw",
]
