"""A file of records into the room: all of it or nothing; the same file twice changes nothing."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from palermo.judgments import Case as Typed
from palermo.judgments import Problem, read_all, redacted, written
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.rooms.caselaw.models import Case, State
from palermo.web import searched

BATCH = 500
COLUMNS = ("state", "language", "country", "title", "decided", "ecli", "body", "called", "codes", "record")


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do; with problems it did nothing."""

    read: int
    added: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]


def columns(case: Typed) -> dict[str, Any]:
    """The row of a case, whose marked names are out already."""
    told = [case.facts, case.reasoning, case.significance, *(party.role_as_stated for party in case.parties)]
    told += [
        text
        for brief in case.briefs
        for text in (brief.title, brief.facts, brief.reasoning, brief.significance)
    ]
    called = [case.short_name, case.court, *case.citations, *(party.label for party in case.parties)]
    return {
        "state": case.status, "language": case.language, "country": case.country, "title": case.title,
        "decided": date.fromisoformat(case.decided) if case.decided else None, "ecli": case.ecli.upper(),
        "body": "\n".join(text for text in told if text), "called": " ".join(text for text in called if text),
        "codes": facets(case), "record": written(case),
    }  # fmt: skip


def facets(case: Typed) -> list[str]:
    """What the case is filtered and counted by: kind and concept."""
    found = {f"{one.kind}:{one.concept}" for one in case.codings}
    single = {
        "country": case.country, "language": case.language, "outcome": case.outcome,
        "legal_system": case.legal_system, "collection": case.collection,
    }  # fmt: skip
    return sorted(found | {f"{kind}:{code}" for kind, code in single.items() if code})


@transaction.atomic
def bring_in(*, actor: Viewer, values: list[Any], dry_run: bool = False) -> Imported:
    """Read records, tell everything that is wrong with them, and keep all of them where nothing is.

    Persons bring in drafts. The operator of the instance may bring in what is published elsewhere as published.
    """
    require(actor, "caselaw.case.write")
    cases, problems = read_all(values)
    cases = [redacted(case) for case in cases]
    there = {one.palermo_id: one for one in Case.objects.filter(palermo_id__in=[c.palermo_id for c in cases])}
    problems += [wrong for row, case in enumerate(cases, 1) if (wrong := _cannot(actor, row, case, there))]
    if problems:
        return Imported(len(values), 0, 0, 0, tuple(problems))
    fresh = [_new(actor, case) for case in cases if case.palermo_id not in there]
    changed = [row for case in cases if (row := _changed(there.get(case.palermo_id), case))]
    result = Imported(len(values), len(fresh), len(changed), len(cases) - len(fresh) - len(changed), ())
    if dry_run:
        return result
    Case.objects.bulk_create(fresh, BATCH)
    Case.objects.bulk_update(changed, (*COLUMNS, "version", "published_at"), BATCH)
    searched.changed.send(Case)
    detail = {"added": result.added, "updated": result.updated, "unchanged": result.unchanged}
    record(actor=actor, action="caselaw.case.import", object_kind="caselaw_case", detail=detail)
    return result


def _cannot(actor: Viewer, row: int, case: Typed, there: dict[str, Case]) -> Problem | None:
    old = there.get(case.palermo_id)
    rule = ""
    if actor.is_person and (case.status != State.DRAFT or old is not None):
        rule = "A person brings in new drafts; a second person publishes them."
    elif case.status not in (State.DRAFT, State.PUBLISHED):
        rule = "A file brings in drafts and published cases."
    elif old is not None and old.state not in (State.DRAFT, State.PUBLISHED):
        rule = "This case is in review or was withdrawn; a file does not change it."
    elif old is not None and old.state == State.PUBLISHED and case.status == State.DRAFT:
        rule = "This case is published. It can be withdrawn, not made a draft."
    elif old is not None and old.redactions:
        clean = old.record == written(replace(case, status=old.state))
        rule = "" if clean else "Names were taken out of this case; a file does not bring them back."
    return Problem(row, "palermo_id", case.palermo_id, rule) if rule else None


def _new(actor: Viewer, case: Typed) -> Case:
    return Case(
        palermo_id=case.palermo_id, made_by_id=actor.user_id, prepared=[actor.user_id] if actor.user_id else [],
        published_at=timezone.now() if case.status == State.PUBLISHED else None, **columns(case),
    )  # fmt: skip


def _changed(old: Case | None, case: Typed) -> Case | None:
    """The row with what the file says, where that is something else."""
    if old is None or (old.record == written(case) and old.state == case.status):
        return None
    for name, value in columns(case).items():
        setattr(old, name, value)
    old.version += 1
    if old.state == State.PUBLISHED and old.published_at is None:
        old.published_at = timezone.now()
    return old
