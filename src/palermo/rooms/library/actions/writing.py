"""A paper is written by hand: the record first, its files afterwards."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.papers import Paper, read, written
from palermo.rooms.library.models import Item, State


def columns(paper: Paper) -> dict[str, Any]:
    """The row of a paper."""
    found = {f"language:{one}" for one in (paper.language, *paper.languages)}
    found |= {f"concept:{one}" for one in paper.concepts}
    found |= {f"kind:{paper.kind}"} | ({f"year:{paper.year}"} if paper.year else set())
    kept = written(paper)
    del kept["status"]
    return {"access": paper.access, "year": paper.year, "codes": sorted(found), "record": kept}


@transaction.atomic
def write_item(
    *, actor: Viewer, values: dict[str, Any], item: Item | None = None, expected_version: int = 0
) -> Item:
    """Make a draft, or change one. Who writes is among those that do not review. Raises Invalid with every problem."""
    require(actor, "library.item.write")
    paper, wrong = read(values)
    if paper is None:
        problems = [FieldProblem(name, rule, "library.record") for name, _value, rule in wrong]
        raise Invalid(_("Nothing was kept."), problems=problems)
    if item is None:
        if Item.objects.filter(palermo_id=paper.palermo_id).exists():
            taken = FieldProblem("palermo_id", _("This id is taken."), "library.id")
            raise Invalid(_("Nothing was kept."), problems=[taken])
        item = Item.objects.create(
            palermo_id=paper.palermo_id, made_by_id=actor.user_id, prepared=[actor.user_id], **columns(paper)
        )
    else:
        in_draft(item)
        values = columns(paper) | {"prepared": with_writer(item, actor)}
        item.change(values, expected_version=expected_version)
    record(actor=actor, action="library.item.write", object_kind="library_item", object_id=item.pk)
    return item


def in_draft(item: Item) -> None:
    """Raise Conflict where this is no draft."""
    if item.state != State.DRAFT:
        raise Conflict(_("This cannot be done now."), rule="library.state", state=item.state)


def with_writer(item: Item, actor: Viewer) -> list[Any]:
    """Who prepared it, the actor among them."""
    return list(dict.fromkeys([*item.prepared, actor.user_id]))
