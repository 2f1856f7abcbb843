"""A file of metadata into the library: all of it or nothing; the same file twice changes nothing."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.papers import Paper, Problem, read_all
from palermo.papers.reading import Row
from palermo.rooms.library.actions.writing import columns
from palermo.rooms.library.models import Item, State
from palermo.web import searched

BATCH = 500
CHANGED = ("state", "access", "year", "codes", "record", "version", "published_at")


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do; with problems it did nothing."""

    read: int
    added: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]


@transaction.atomic
def bring_in(*, actor: Viewer, rows: list[Row], dry_run: bool = False) -> Imported:
    """Read records, tell everything that is wrong with them, and keep all of them where nothing is.

    Persons bring in new drafts. The operator of the instance may bring in what is published elsewhere as published.
    """
    require(actor, "library.item.write")
    papers, problems = read_all(rows)
    there = {
        one.palermo_id: one for one in Item.objects.filter(palermo_id__in=[p.palermo_id for _r, p in papers])
    }
    for row, paper in papers:
        if rule := _cannot(actor, paper, there.get(paper.palermo_id)):
            problems.append(Problem(row.number, row.line, "palermo_id", paper.palermo_id, rule))
    if problems:
        return Imported(len(rows), 0, 0, 0, tuple(sorted(problems, key=lambda one: (one.row, one.field))))
    fresh = [_new(actor, paper) for _row, paper in papers if paper.palermo_id not in there]
    changed = [old for _row, paper in papers if (old := _changed(there.get(paper.palermo_id), paper))]
    done = Imported(len(rows), len(fresh), len(changed), len(rows) - len(fresh) - len(changed), ())
    if dry_run:
        return done
    Item.objects.bulk_create(fresh, BATCH)
    Item.objects.bulk_update(changed, CHANGED, BATCH)
    searched.changed.send(Item)
    detail: dict[str, str | int | float | bool | None] = {
        "added": done.added, "updated": done.updated, "unchanged": done.unchanged,
    }  # fmt: skip
    record(actor=actor, action="library.item.import", object_kind="library_item", detail=detail)
    return done


def _cannot(actor: Viewer, paper: Paper, old: Item | None) -> str:
    if actor.is_person and (paper.status != State.DRAFT or old is not None):
        return "A person brings in new drafts; a second person publishes them."
    if old is not None and old.state not in (State.DRAFT, State.PUBLISHED):
        return "This paper is in review or was withdrawn; a file does not change it."
    if old is not None and old.state == State.PUBLISHED and paper.status == State.DRAFT:
        return "This paper is published. It can be withdrawn, not made a draft."
    return ""


def _new(actor: Viewer, paper: Paper) -> Item:
    return Item(
        palermo_id=paper.palermo_id, state=paper.status, made_by_id=actor.user_id,
        prepared=[actor.user_id] if actor.user_id else [],
        published_at=timezone.now() if paper.status == State.PUBLISHED else None, **columns(paper),
    )  # fmt: skip


def _changed(old: Item | None, paper: Paper) -> Item | None:
    """The row with what the file says, where that is something else."""
    values = columns(paper)
    if old is None or (old.record == values["record"] and old.state == paper.status):
        return None
    for name, value in values.items():
        setattr(old, name, value)
    if old.state != paper.status:
        old.published_at = timezone.now()
    old.state, old.version = paper.status, old.version + 1
    return old
