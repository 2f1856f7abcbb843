"""A desk that is open, a request with a telephone, a person's own page, and a complaint that a coordinator got."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.door import actions, queries
from palermo.rooms.door.models import HelpRequest
from palermo.web.room import subject


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.supervisor.viewer) as viewer:
        actions.set_desk(actor=viewer, organisation_id=people.organisation.pk, is_open=True, languages=["en"])
    asked = actions.Asked(
        organisation_id=people.organisation.pk,
        help=["talk"],
        urgency="soon",
        answer_by="phone",
        phone="+99 555 1234",
        text="Please call after dark.",
    )
    actions.ask_for_help(asked, nonce="a")
    with acting(people.case_worker.viewer) as viewer:
        request = HelpRequest.objects.get()
        code = actions.give_page(actor=viewer, about=subject(viewer, "case", ids["case"]))
    with acting(Viewer.anonymous()):
        own = queries.own_of(actions.hash_of(code))
        assert own is not None
        complaint = actions.complain(
            own=own, about="respect", outside=False, text="She never listens.", language="en", nonce="b"
        )
    return {"help_request": request.pk, "complaint": complaint.pk}
