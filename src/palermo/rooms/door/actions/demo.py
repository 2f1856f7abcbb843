"""An open desk and two requests at the door, through the same actions as real ones: for the demonstration country."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.door.actions.asking import Asked, ask_for_help
from palermo.rooms.door.actions.working import reply, set_desk
from palermo.rooms.door.models import HelpRequest

LANGUAGES = ("en", "fr", "ar")
WAITS = "We are two. The boss is away until the evening and has the papers. Is there a place for tonight?"
ANSWERED = "I was not paid for five months. I do not want the police. Can somebody tell me what I can do?"
REPLY = "Yes. A lawyer can talk with you without your name, on Tuesday or on Thursday. Which day is safer for you?"


def demo_door(*, cast: Any) -> int:
    """The desk of the first house is open; one request waits, one was answered. Returns how many came.

    `cast` is `kernel.access.cast.Cast`. Opens transactions of its own; nothing is made where a desk is open already.
    """
    house = cast.organisation.pk
    with acting(cast.supervisor.viewer) as viewer:
        if HelpRequest.objects.filter(organisation_id=house).exists():
            return 0
        set_desk(actor=viewer, organisation_id=house, is_open=True, languages=LANGUAGES)
    asked = (
        Asked(house, ("legal", "work"), "soon", "code", text=ANSWERED),
        Asked(house, ("safe_place", "leave"), "now", "code", text=WAITS),
    )
    for number, one in enumerate(asked):
        ask_for_help(one, nonce=f"demonstration-{number}")
    with acting(cast.case_worker.viewer) as viewer:
        first = HelpRequest.objects.get(organisation_id=house, urgency="soon")
        reply(actor=viewer, request=first, text=REPLY, expected_version=first.version)
    return len(asked)
