"""From draft to the public and back: a second person publishes; what is wrong goes back, or out, with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.legislation.models import Reviewed, State
from palermo.web.searched import changed

WHY = 300


def _move(actor: Viewer, one: Reviewed, wanted: str, to: str, expected_version: int, **more: object) -> None:
    """One step: the state it goes from, the change, the audit."""
    if one.state != wanted:
        raise Conflict(_("This cannot be done now."), rule="legislation.state", state=one.state)
    one.change({"state": to, **more}, expected_version=expected_version)
    kind = one._meta.model_name or ""
    record(
        actor=actor, action=f"legislation.{kind}.{to}", object_kind=f"legislation_{kind}", object_id=one.pk
    )
    if State.PUBLISHED in (wanted, to):
        changed.send(type(one))


def _reason(why: str) -> str:
    why = " ".join(why.split())
    if not why or len(why) > WHY:
        problem = FieldProblem("why", _("Say why, in at most 300 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule="legislation.why")
    return why


@transaction.atomic
def submit(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A draft waits for a second person."""
    require(actor, "legislation.record.write")
    _move(actor, one, State.DRAFT, State.IN_REVIEW, expected_version, why="")


@transaction.atomic
def send_back(*, actor: Viewer, one: Reviewed, why: str, expected_version: int) -> None:
    """Not yet, and why: back to who wrote it."""
    require(actor, "legislation.record.write")
    _move(actor, one, State.IN_REVIEW, State.DRAFT, expected_version, why=_reason(why))


@transaction.atomic
def publish(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A second person, who wrote nothing in it, lets it out. Freshly signed in. Raises Refused for the others."""
    require(actor, "legislation.record.review")
    if actor.user_id is None or actor.user_id in one.prepared:
        raise Refused(
            _("You wrote this. A second person has to publish it."), rule="legislation.second_person"
        )
    more = {"reviewed_by_id": actor.user_id, "published_at": timezone.now(), "why": ""}
    _move(actor, one, State.IN_REVIEW, State.PUBLISHED, expected_version, **more)


@transaction.atomic
def change_again(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A published record becomes a draft once more: it is not public until a second person publishes it again."""
    require(actor, "legislation.record.write")
    assert actor.user_id is not None
    prepared = one.prepared if actor.user_id in one.prepared else [*one.prepared, actor.user_id]
    more = {"prepared": prepared, "reviewed_by_id": None, "published_at": None}
    _move(actor, one, State.PUBLISHED, State.DRAFT, expected_version, **more)


@transaction.atomic
def withdraw(*, actor: Viewer, one: Reviewed, why: str, expected_version: int) -> None:
    """Take what is public back for good; its page says why."""
    require(actor, "legislation.record.review")
    _move(actor, one, State.PUBLISHED, State.WITHDRAWN, expected_version, why=_reason(why))
