"""The steps of a record that one writes and another publishes, under `<room>.record.write` and `.record.review`."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.review.models import Reviewed, State
from palermo.web.searched import changed

WHY = 300
One = TypeVar("One", bound=Reviewed)


def _allowed(actor: Viewer, one: Reviewed, what: str) -> None:
    require(actor, f"{one._meta.app_label}.record.{what}")


def _told(actor: Viewer, one: Reviewed, what: str) -> None:
    room, kind = one._meta.app_label, one._meta.model_name
    record(actor=actor, action=f"{room}.{kind}.{what}", object_kind=f"{room}_{kind}", object_id=one.pk)


def _move(actor: Viewer, one: Reviewed, wanted: str, to: str, expected_version: int, **more: object) -> None:
    """One step: the state it goes from, the change, the audit."""
    if one.state != wanted:
        raise Conflict(_("This cannot be done now."), rule=f"{one._meta.app_label}.state", state=one.state)
    one.change({"state": to, **more}, expected_version=expected_version)
    _told(actor, one, to)
    if State.PUBLISHED in (wanted, to):
        changed.send(type(one))


def _reason(one: Reviewed, why: str) -> str:
    why = " ".join(why.split())
    if not why or len(why) > WHY:
        problem = FieldProblem("why", _("Say why, in at most 300 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule=f"{one._meta.app_label}.why")
    return why


@transaction.atomic
def keep(
    actor: Viewer, model: type[One], values: Mapping[str, Any], one: One | None = None, expected_version: int = 0
) -> One:  # fmt: skip
    """A new draft, or the change of one by who writes in it now. Raises Conflict for what is no draft, Stale."""
    if one is None:
        one = model(**values, made_by_id=actor.user_id, prepared=[actor.user_id] if actor.user_id else [])
        _allowed(actor, one, "write")
        one.save(force_insert=True)
    else:
        _allowed(actor, one, "write")
        if one.state != State.DRAFT:
            rule = f"{one._meta.app_label}.draft"
            raise Conflict(_("Only a draft is changed."), rule=rule, state=one.state)
        one.change({**values, "prepared": _with(actor, one)}, expected_version=expected_version)
    _told(actor, one, "write")
    return one


def _with(actor: Viewer, one: Reviewed) -> list[Any]:
    mine = [actor.user_id] if actor.user_id and actor.user_id not in one.prepared else []
    return [*one.prepared, *mine]


def let_out(actor: Viewer, one: One) -> One:
    """What the operator of the instance brings in is published at once; a person's records stay drafts.

    Who brings many in says `changed` once, after the last of them.
    """
    if actor.kind == OPERATOR and one.state == State.DRAFT:
        one.change({"state": State.PUBLISHED, "published_at": timezone.now()}, expected_version=one.version)
    return one


@transaction.atomic
def submit(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A draft waits for a second person."""
    _allowed(actor, one, "write")
    _move(actor, one, State.DRAFT, State.IN_REVIEW, expected_version, why="")


@transaction.atomic
def send_back(*, actor: Viewer, one: Reviewed, why: str, expected_version: int) -> None:
    """Not yet, and why: back to who wrote it."""
    _allowed(actor, one, "write")
    _move(actor, one, State.IN_REVIEW, State.DRAFT, expected_version, why=_reason(one, why))


@transaction.atomic
def publish(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A second person, who wrote nothing in it, lets it out. Freshly signed in. Raises Refused for the others."""
    _allowed(actor, one, "review")
    if actor.user_id is None or actor.user_id in one.prepared:
        words = _("You wrote this. A second person has to publish it.")
        raise Refused(words, rule=f"{one._meta.app_label}.second_person")
    more = {"reviewed_by_id": actor.user_id, "published_at": timezone.now(), "why": ""}
    _move(actor, one, State.IN_REVIEW, State.PUBLISHED, expected_version, **more)


@transaction.atomic
def change_again(*, actor: Viewer, one: Reviewed, expected_version: int) -> None:
    """A published record becomes a draft once more: it is not public until a second person publishes it again."""
    _allowed(actor, one, "write")
    more = {"prepared": _with(actor, one), "reviewed_by_id": None, "published_at": None}
    _move(actor, one, State.PUBLISHED, State.DRAFT, expected_version, **more)


@transaction.atomic
def withdraw(*, actor: Viewer, one: Reviewed, why: str, expected_version: int) -> None:
    """Take what is public back for good; its page says why."""
    _allowed(actor, one, "review")
    _move(actor, one, State.PUBLISHED, State.WITHDRAWN, expected_version, why=_reason(one, why))
