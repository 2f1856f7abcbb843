"""What happens at the door: asking without a name, answering, one's own page, complaints, erasing."""

from palermo.rooms.door.actions.asking import (
    Asked,
    AskProblem,
    ask_for_help,
    erase_request,
    sweep,
    write_again,
)
from palermo.rooms.door.actions.codes import (
    form_token,
    hash_of,
    read_form_token,
    read_ticket,
    ticket_for,
)
from palermo.rooms.door.actions.complaining import MOVES as JUDGED
from palermo.rooms.door.actions.complaining import hand_over_waiting, judge_complaint
from palermo.rooms.door.actions.demo import demo_door
from palermo.rooms.door.actions.limits import TooMany, even, may_try, spend
from palermo.rooms.door.actions.own_page import (
    answer_question,
    appeal,
    complain,
    say_how_it_was,
    take_back,
)
from palermo.rooms.door.actions.working import (
    arrange,
    dismiss,
    end_pages,
    give_page,
    put_question,
    reply,
    reveal_phone,
    set_desk,
)

__all__ = [
    "JUDGED",
    "AskProblem",
    "Asked",
    "TooMany",
    "answer_question",
    "appeal",
    "arrange",
    "ask_for_help",
    "complain",
    "demo_door",
    "dismiss",
    "end_pages",
    "erase_request",
    "even",
    "form_token",
    "give_page",
    "hand_over_waiting",
    "hash_of",
    "judge_complaint",
    "may_try",
    "put_question",
    "read_form_token",
    "read_ticket",
    "reply",
    "reveal_phone",
    "say_how_it_was",
    "set_desk",
    "spend",
    "sweep",
    "take_back",
    "ticket_for",
    "write_again",
]
