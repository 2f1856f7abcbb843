"""Coded answers a page at a time, the newest record first: what OData feeds are made of."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory.models import (
    AnswerRow,
    Attachment,
    Form,
    FormVersion,
    Study,
    Submission,
    SubmissionRevision,
)
from palermo.rooms.observatory.queries.leaving import Sieve, leaving

AT_ONCE = 500


def number_of(study: Study) -> int:
    """The number by which programs know a study: they take nothing but whole numbers. A token is of one study."""
    return int.from_bytes(study.pk.bytes[:4], "big") >> 1


def form_by_id(viewer: Viewer, of: Study, form_id: str) -> Form:
    """A form that was offered, by the id that devices know."""
    found = offered_forms(viewer, of).filter(form_id=form_id).first()
    if found is None:
        raise NotFound()
    return found


def offered_forms(viewer: Viewer, of: Study) -> QuerySet[Form]:
    """Forms with a version that was published at some time."""
    published = FormVersion.objects.filter(form=OuterRef("pk")).exclude(state="draft")
    light = FormVersion.objects.defer("source", "xml", "schema")
    return Form.objects.filter(Exists(published), study=of).prefetch_related(
        Prefetch("versions", queryset=light)
    )


def records(viewer: Viewer, of: Form, sifted: Q, *, ascending: bool = False) -> QuerySet[Submission]:
    """The records of a feed in its order."""
    order = ("received_at", "pk") if ascending else ("-received_at", "-pk")
    return leaving(viewer, of, Sieve()).filter(sifted).order_by(*order)


def after(
    rows: QuerySet[Submission], of: Form, root_id: str, *, ascending: bool, itself: bool
) -> QuerySet[Submission]:
    """Those behind a record (with it, where `itself`), so that pages do not shift when new records come."""
    last = Submission.objects.filter(form=of, root_id=root_id).values_list("received_at", "pk").first()
    if last is None:
        raise NotFound()
    step = "gt" if ascending else "lt"
    behind = Q(**{f"received_at__{step}": last[0]}) | Q(**{"received_at": last[0], f"pk__{step}": last[1]})
    return rows.filter(behind | Q(pk=last[1])) if itself else rows.filter(behind)


def page(rows: QuerySet[Submission], skip: int = 0) -> list[Submission]:
    """The next records, with device, version and how many files each has."""
    heavy = [f"form_version__{name}" for name in ("source", "xml", "schema")]
    found = rows.select_related("device", "form_version", "site").defer(*heavy)
    return list(found[skip : skip + AT_ONCE])


def edits_of(keys: Sequence[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """For each record: how often it was edited, how many files were expected, how many have come."""
    edits = dict(
        SubmissionRevision.objects.filter(submission__in=keys).order_by().values_list("submission").annotate(n=Count("*"))
    )  # fmt: skip
    newest = Attachment.objects.filter(
        submission__in=keys, expected=True, revision__instance_id=F("submission__current_instance")
    )
    counted = (
        newest.order_by()
        .values_list("submission")
        .annotate(wanted=Count("*"), there=Count("pk", filter=Q(present=True)))
    )
    files = {key: (wanted, there) for key, wanted, there in counted}
    return {key: (max(0, edits.get(key, 1) - 1), *files.get(key, (0, 0))) for key in keys}


def answers(
    keys: Sequence[UUID], paths: Sequence[str]
) -> dict[UUID, list[tuple[str, list[int], dict[str, Any]]]]:
    """The coded answers of some records in some groups: path, turn, values. What is sealed is not even read."""
    found: dict[UUID, list[tuple[str, list[int], dict[str, Any]]]] = {key: [] for key in keys}
    rows = AnswerRow.objects.filter(submission__in=keys, repeat_path__in=paths).order_by(
        "repeat_path", "ordinals"
    )
    for key, path, ordinals, values in rows.values_list("submission_id", "repeat_path", "ordinals", "values"):
        found[key].append((path, ordinals, values))
    return found


def turns(rows: QuerySet[Submission], path: str) -> int:
    """How many turns of a repeat these records have."""
    return AnswerRow.objects.filter(submission__in=rows.order_by().values("pk"), repeat_path=path).count()
