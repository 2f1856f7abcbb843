"""Pages of the door: for the person (no cookie, no session), and for workers, supervisors and coordinators."""

from palermo.rooms.door.views.mine import answer, appeal, complain, feedback_say, take_back
from palermo.rooms.door.views.public import ask, code, erase, rights, safety, services, steps, write
from palermo.rooms.door.views.staff import (
    complaint,
    complaint_move,
    complaints,
    desk,
    feedback,
    inbox,
    of_case,
    page_end,
    page_give,
    phone,
    question,
    request_act,
    request_page,
)

__all__ = [
    "answer",
    "appeal",
    "ask",
    "code",
    "complain",
    "complaint",
    "complaint_move",
    "complaints",
    "desk",
    "erase",
    "feedback",
    "feedback_say",
    "inbox",
    "of_case",
    "page_end",
    "page_give",
    "phone",
    "question",
    "request_act",
    "request_page",
    "rights",
    "safety",
    "services",
    "steps",
    "take_back",
    "write",
]
