"""Changes that a person would name: open an event, take people in, ask, assess, move on, link families."""

from palermo.rooms.encounters.actions import rules
from palermo.rooms.encounters.actions.asking import (
    answer,
    assess,
    correct_link,
    give_aid,
    link_family,
    note_again,
    tell_of_consulate,
    unlink_family,
)
from palermo.rooms.encounters.actions.demo import demo_encounters
from palermo.rooms.encounters.actions.intake import (
    add_lines,
    add_persons,
    add_some,
    correct,
    open_from_device,
)
from palermo.rooms.encounters.actions.lines import Seen, read_lines, seen_from
from palermo.rooms.encounters.actions.many import Moved, aid_many, answer_many, move_many, parted
from palermo.rooms.encounters.actions.moving import move
from palermo.rooms.encounters.actions.opening import change_event, end_share, open_event, share_event
from palermo.rooms.encounters.models import QUESTIONS

__all__ = [
    "QUESTIONS",
    "Moved",
    "Seen",
    "add_lines",
    "add_persons",
    "add_some",
    "aid_many",
    "answer",
    "answer_many",
    "assess",
    "change_event",
    "correct",
    "correct_link",
    "demo_encounters",
    "end_share",
    "give_aid",
    "link_family",
    "move",
    "move_many",
    "note_again",
    "open_event",
    "open_from_device",
    "parted",
    "read_lines",
    "rules",
    "seen_from",
    "share_event",
    "tell_of_consulate",
    "unlink_family",
]
