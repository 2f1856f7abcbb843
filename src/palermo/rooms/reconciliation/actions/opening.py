"""Opening sealed records: by the worker for a linkage, by a reviewer for the records of his own organisation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Refused
from palermo.kernel.vault.texts import Owner, open_texts
from palermo.linkage.people import FIELDS, PersonRecord
from palermo.rooms.reconciliation.actions.people import KIND, place_of
from palermo.rooms.reconciliation.models import Listed, Pair, Source, Version

HOUR = timedelta(hours=1)
MOST_AN_HOUR = 400  # pairs shown with values; careful review manages about one a minute
BEGIN, SHOW = "reconciliation.review.begin", "reconciliation.identity.reveal"
TOGETHER = 5000


def opened(
    viewer: Viewer, source: Source, rows: Iterable[tuple[UUID, int, bytes]]
) -> list[tuple[UUID, PersonRecord]]:
    """Records of one list in the clear, in memory; a wording that was tampered with is left out and told by alarm.

    rows: record, number of its wording, sealed words. The record's id stands for the list's own number.
    """
    owner = Owner(KIND, source.pk, source.organisation_id)
    found: list[tuple[UUID, PersonRecord]] = []
    waiting = iter(rows)
    while part := list(islice(waiting, TOGETHER)):
        texts = open_texts(
            actor=viewer, owner=owner, sealed=[(place_of(key, n), body) for key, n, body in part]
        )
        for (key, _number, _body), text in zip(part, texts, strict=True):
            if text:
                words = dict(zip(FIELDS, json.loads(text), strict=True))
                found.append((key, PersonRecord(**{**words, "record_id": str(key)})))
    return found


def opened_list(viewer: Viewer, source: Source) -> list[tuple[UUID, PersonRecord]]:
    """Every record of a list in its newest wording, in the order in which they came."""
    newest = dict(Listed.objects.filter(source=source).values_list("pk", "version"))
    rows = (
        Version.objects.filter(source=source)
        .order_by("at", "pk")
        .values_list("listed_id", "number", "sealed")
    )
    return opened(
        viewer, source, ((key, n, bytes(body)) for key, n, body in rows.iterator() if newest.get(key) == n)
    )


@transaction.atomic
def begin_review(*, actor: Viewer) -> None:
    """For an hour the records of one's own lists are shown beside the comparison. With a fresh sign-in; on record."""
    require(actor, BEGIN)
    record(actor=actor, action=BEGIN, object_kind="reconciliation", purpose="identify")


def reviewing(viewer: Viewer) -> bool:
    """Whether the viewer began a review within the hour."""
    return Entry.objects.filter(actor=viewer.user_id, action=BEGIN, at__gt=timezone.now() - HOUR).exists()


@transaction.atomic
def shown_records(*, actor: Viewer, pair: Pair) -> Mapping[UUID, PersonRecord]:
    """The records of a pair that the actor may see, by id: those of lists on which he holds an identity grant.

    Empty where he has not begun a review. Written to the audit before anything is opened; refused beyond the number
    of pairs that a careful person can review in an hour.
    """
    if not reviewing(actor):
        return {}
    sides = [(pair.left_id, pair.left_source), (pair.right_id, pair.right_source)]
    mine = [(key, source) for key, source in sides if can(actor, SHOW, source)]
    if not mine:
        return {}
    _within_limit(actor, pair)
    record(
        actor=actor, action=SHOW, object_kind="pair", object_id=pair.pk, purpose="identify",
        detail={"records": " ".join(str(key) for key, _source in mine)},
    )  # fmt: skip
    return _opened_of(actor, mine)


def _within_limit(actor: Viewer, pair: Pair) -> None:
    recent = Entry.objects.filter(actor=actor.user_id, action=SHOW, at__gt=timezone.now() - HOUR)
    if recent.exclude(object_id=pair.pk).values("object_id").distinct().count() >= MOST_AN_HOUR:
        words = _("You have opened very many records within an hour. Speak to your supervisor.")
        raise Refused(words, rule="reconciliation.reveals_per_hour")


def _opened_of(actor: Viewer, mine: Sequence[tuple[UUID, UUID]]) -> dict[UUID, PersonRecord]:
    newest = {one.pk: one for one in Listed.objects.filter(pk__in=[key for key, _source in mine])}
    found: dict[UUID, PersonRecord] = {}
    for source in Source.objects.filter(pk__in={source for _key, source in mine}):
        rows: list[Any] = [
            (row.listed_id, row.number, bytes(row.sealed))
            for row in Version.objects.filter(source=source, listed_id__in=newest)
            if newest[row.listed_id].version == row.number
        ]
        found.update(opened(actor, source, rows))
    return found
