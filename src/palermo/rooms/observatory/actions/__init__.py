"""What people and devices do in a field study: open, publish, sign in, send, review, withdraw."""

from palermo.rooms.observatory.actions.comparing import Changed, changes_of
from palermo.rooms.observatory.actions.converting import NoValidator
from palermo.rooms.observatory.actions.demo import demo_observatory
from palermo.rooms.observatory.actions.demo_survey import demo_survey
from palermo.rooms.observatory.actions.desks import (
    at_desk,
    form_of_link,
    link_address,
    make_link,
    receive_from_link,
    receive_from_seat,
    records_left,
    sites_to_collect_at,
)
from palermo.rooms.observatory.actions.devices import (
    address,
    drawn,
    make_device,
    revoke_device,
    settings_text,
)
from palermo.rooms.observatory.actions.encrypting import encrypt_draft
from palermo.rooms.observatory.actions.exporting import ask_export, open_export, stop_export
from palermo.rooms.observatory.actions.facts import ask_for_indicators, compute_now, make_indicators
from palermo.rooms.observatory.actions.flattening import flatten, flatten_again
from palermo.rooms.observatory.actions.keeping import Sent, open_attachment
from palermo.rooms.observatory.actions.keys import MOST_PEM, MadeKey, make_key
from palermo.rooms.observatory.actions.live import make_live, read_finding, see_alert, set_thresholds
from palermo.rooms.observatory.actions.on_the_web import asks_for_the_place, unfit_for_the_web
from palermo.rooms.observatory.actions.opening import add_site, open_study
from palermo.rooms.observatory.actions.opening_records import Run, open_records
from palermo.rooms.observatory.actions.proofs import one_too_many
from palermo.rooms.observatory.actions.publishing import (
    add_form,
    add_media,
    discard_form,
    missing_media,
    publish_form,
    set_state,
)
from palermo.rooms.observatory.actions.rates import load_rates
from palermo.rooms.observatory.actions.reading import Answers, Question, answer_rows, read_submission
from palermo.rooms.observatory.actions.receiving import NotTaken, Taken, receive
from palermo.rooms.observatory.actions.reviewing import review, withdraw
from palermo.rooms.observatory.actions.shipping import add_shipped, publish_file
from palermo.rooms.observatory.actions.signing import Asked, Unproved, challenge, proved
from palermo.rooms.observatory.actions.tokens import (
    Unknown,
    begin_session,
    make_read_token,
    note_reading,
    reading,
    revoke_read_token,
)

__all__ = [
    "MOST_PEM",
    "Answers",
    "Asked",
    "Changed",
    "MadeKey",
    "NoValidator",
    "NotTaken",
    "Question",
    "Run",
    "Sent",
    "Taken",
    "Unknown",
    "Unproved",
    "add_form",
    "add_media",
    "add_shipped",
    "add_site",
    "address",
    "answer_rows",
    "ask_export",
    "ask_for_indicators",
    "asks_for_the_place",
    "at_desk",
    "begin_session",
    "challenge",
    "changes_of",
    "compute_now",
    "demo_observatory",
    "demo_survey",
    "discard_form",
    "drawn",
    "encrypt_draft",
    "flatten",
    "flatten_again",
    "form_of_link",
    "link_address",
    "load_rates",
    "make_device",
    "make_indicators",
    "make_key",
    "make_link",
    "make_live",
    "make_read_token",
    "missing_media",
    "note_reading",
    "one_too_many",
    "open_attachment",
    "open_export",
    "open_records",
    "open_study",
    "proved",
    "publish_file",
    "publish_form",
    "read_finding",
    "read_submission",
    "reading",
    "receive",
    "receive_from_link",
    "receive_from_seat",
    "records_left",
    "review",
    "revoke_device",
    "revoke_read_token",
    "see_alert",
    "set_state",
    "set_thresholds",
    "settings_text",
    "sites_to_collect_at",
    "stop_export",
    "unfit_for_the_web",
    "withdraw",
]
