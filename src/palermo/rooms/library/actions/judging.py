"""From draft to its readers and back: published by a second person, taken back to be revised, withdrawn."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.library.models import Item, ItemTombstone, State
from palermo.web.searched import changed


def _move(actor: Viewer, item: Item, wanted: str, to: str, expected_version: int, **more: object) -> Item:
    """One step: the state it goes from, the change, the audit."""
    if item.state != wanted:
        raise Conflict(_("This cannot be done now."), rule="library.state", state=item.state)
    item.change({"state": to, **more}, expected_version=expected_version)
    if State.PUBLISHED in (wanted, to):
        changed.send(Item)
    record(actor=actor, action=f"library.item.{to}", object_kind="library_item", object_id=item.pk)
    return item


@transaction.atomic
def submit(*, actor: Viewer, item: Item, expected_version: int) -> Item:
    """A draft waits for a second person."""
    require(actor, "library.item.write")
    return _move(actor, item, State.DRAFT, State.IN_REVIEW, expected_version)


@transaction.atomic
def return_to_draft(*, actor: Viewer, item: Item, expected_version: int) -> Item:
    """Not yet: back to who wrote it."""
    require(actor, "library.item.write")
    return _move(actor, item, State.IN_REVIEW, State.DRAFT, expected_version)


@transaction.atomic
def publish(*, actor: Viewer, item: Item, expected_version: int) -> Item:
    """A second person, who wrote nothing in it and gave it no file, lets it out. Freshly signed in."""
    require(actor, "library.item.review")
    if actor.user_id is None or actor.user_id in item.prepared:
        raise Refused(_("You wrote this. A second person has to publish it."), rule="library.second_person")
    more = {"reviewed_by_id": actor.user_id, "published_at": timezone.now()}
    return _move(actor, item, State.IN_REVIEW, State.PUBLISHED, expected_version, **more)


@transaction.atomic
def revise(*, actor: Viewer, item: Item, expected_version: int) -> Item:
    """Take a published paper back to a draft: nobody reads it until it is published again."""
    require(actor, "library.item.withdraw")
    return _move(actor, item, State.PUBLISHED, State.DRAFT, expected_version)


@transaction.atomic
def withdraw(*, actor: Viewer, item: Item, why: str, expected_version: int) -> Item:
    """Take a published paper out for good; its address says why."""
    require(actor, "library.item.withdraw")
    why = " ".join(why.split())
    if not why or len(why) > 300:
        problem = FieldProblem("why", _("Say why, in at most 300 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule="library.why")
    if item.state != State.PUBLISHED:
        raise Conflict(_("This cannot be done now."), rule="library.state", state=item.state)
    ItemTombstone.objects.create(palermo_id=item.palermo_id, access=item.access, why=why, at=timezone.now())
    return _move(actor, item, State.PUBLISHED, State.WITHDRAWN, expected_version)
