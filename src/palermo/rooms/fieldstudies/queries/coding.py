"""The codebook, what was coded, how far coders agree, and whether new interviews still bring new codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from palermo.fieldwork.coding import Agreement, Span, agreement, judged, saturation
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.texts import Place, open_texts
from palermo.rooms.fieldstudies.models import (
    Adjudication,
    Code,
    Double,
    Evidence,
    FieldStudy,
    Segment,
    Source,
)
from palermo.rooms.fieldstudies.queries.studies import owner_of

SEED = (
    20260101  # Of the bootstrap: the same codings give the same interval on every page and in every export.
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence to which one coder gave a code and the other did not. number: as people count, from 1."""

    code: Code
    unit: int
    number: int
    first_gave: bool


def codes(viewer: Viewer, of: FieldStudy) -> list[tuple[Code, int]]:
    """The tree from top to bottom: each code with how deep it stands."""
    rows = Code.objects.filter(study=of).annotate(uses=Count("segments", filter=Q(segments__removed=False)))
    below: dict[Any, list[Code]] = {}
    for one in rows:
        below.setdefault(one.parent_id, []).append(one)

    def told(parent: Any, deep: int) -> list[tuple[Code, int]]:
        return [row for one in below.get(parent, ()) for row in [(one, deep), *told(one.pk, deep + 1)]]

    return told(None, 0)


def code(viewer: Viewer, of: FieldStudy, code_id: UUID | str) -> Code:
    found = Code.objects.select_related("study").filter(pk=code_id, study=of).first()
    if found is None:
        raise NotFound()
    return found


def segments(viewer: Viewer, of: Source) -> QuerySet[Segment]:
    """What was coded of a source, as far as the viewer may see it now."""
    return _cited(Segment.objects.filter(source=of))


def pieces(viewer: Viewer, of: FieldStudy) -> list[Segment]:
    """Everything that was coded in a study and not taken back, for a form."""
    rows = _cited(Segment.objects.filter(study=of, removed=False))
    return list(rows.order_by("source__code", "start", "code__name"))


def segment(viewer: Viewer, of: FieldStudy, segment_id: UUID) -> Segment:
    found = _cited(Segment.objects.filter(pk=segment_id, study=of)).first()
    if found is None:
        raise NotFound()
    return found


def _cited(rows: QuerySet[Segment]) -> QuerySet[Segment]:
    cited = Exists(Evidence.objects.filter(segment=OuterRef("pk")))
    return rows.select_related("code", "coder", "source__study").annotate(cited=cited)


def memos(viewer: Viewer, of: Source, rows: Sequence[Segment]) -> list[str]:
    """What coders noted beside their segments."""
    sealed = [(Place("fieldstudies_segment", "sealed_memo", one.pk), bytes(one.sealed_memo)) for one in rows]
    return [text or "" for text in open_texts(actor=viewer, owner=owner_of(of.study), sealed=sealed)]


def doubles(viewer: Viewer, of: FieldStudy) -> list[Double]:
    return list(Double.objects.filter(study=of).select_related("source", "second", "study"))


def double(viewer: Viewer, of: FieldStudy, double_id: UUID) -> Double:
    found = Double.objects.select_related("source", "second", "study").filter(pk=double_id, study=of).first()
    if found is None:
        raise NotFound()
    return found


def _judgments(of: Double) -> dict[Any, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each code that either side gave: what each gave to each sentence.

    The first side is everybody who coded the source before it was drawn: they saw one another's codes and added to
    them, so that what one of them left out is no judgment against it. Only the second coder judged apart.
    """
    units = [Span(*one) for one in of.source.units]
    rows = list(Segment.objects.filter(source=of.source, removed=False))
    told = {}
    for key in {one.code_id for one in rows}:
        sides = (
            [
                Span(one.start, one.end)
                for one in rows
                if one.code_id == key and (one.coder_id == of.second_id) is side
            ]
            for side in (False, True)
        )
        first, second = (judged(units, side) for side in sides)
        told[key] = (first, second)
    return told


def agreements(viewer: Viewer, of: FieldStudy) -> list[tuple[Code, Agreement]]:
    """Alpha of each code over the sentences of all sources that were coded twice to the end."""
    done = list(Double.objects.filter(study=of, done_at__isnull=False).select_related("source"))
    all_units = {one.pk: _judgments(one) for one in done}
    used = {key for told in all_units.values() for key in told}
    found = []
    for one in Code.objects.filter(study=of, pk__in=used).order_by("name"):
        units: list[tuple[str, str]] = []
        for double in done:
            none = ("0",) * len(double.source.units)
            units += list(zip(*all_units[double.pk].get(one.pk, (none, none)), strict=True))
        found.append((one, agreement(units, rng=np.random.default_rng(SEED))))
    return found


def differences(of: Double) -> list[Difference]:
    """Where the two coders of a source differ and nobody has settled it yet. Empty while it is open."""
    if not of.done_at:
        return []
    settled = set(Adjudication.objects.filter(double=of).values_list("code_id", "unit"))
    names = {one.pk: one for one in Code.objects.filter(study_id=of.study_id)}
    return [
        Difference(names[key], unit, unit + 1, left == "1")
        for key, (first, second) in sorted(_judgments(of).items(), key=lambda one: names[one[0]].name)
        for unit, (left, right) in enumerate(zip(first, second, strict=True))
        if left != right and (key, unit) not in settled
    ]


def settled(viewer: Viewer, of: Double) -> list[tuple[Adjudication, int, str]]:
    """What was settled, with the number of the sentence and the reason."""
    rows = list(Adjudication.objects.filter(double=of).select_related("code", "by"))
    sealed = [
        (Place("fieldstudies_adjudication", "sealed_reason", one.pk), bytes(one.sealed_reason))
        for one in rows
    ]
    said = open_texts(actor=viewer, owner=owner_of(of.study), sealed=sealed)
    return [(one, one.unit + 1, text or "") for one, text in zip(rows, said, strict=True)]


def saturated(viewer: Viewer, of: FieldStudy) -> tuple[tuple[str, int, int], ...]:
    """New codes by source, in the order in which people were listened to (month, then code)."""
    rows = Segment.objects.filter(study=of, removed=False).select_related("source")
    told: dict[tuple[str, str], list[str]] = {}
    for one in rows:
        told.setdefault((one.source.month, one.source.code), []).append(str(one.code_id))
    return saturation([(key[1], given) for key, given in sorted(told.items())])
