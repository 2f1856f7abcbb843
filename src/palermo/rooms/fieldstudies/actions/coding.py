"""The codebook and what is coded with it; a tenth coded twice; disagreements settled on record."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.fieldwork.coding import drawn_twice
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.fieldstudies.models import (
    Adjudication,
    Code,
    CodeWording,
    Double,
    Evidence,
    FieldStudy,
    Segment,
    Source,
    SourceState,
)
from palermo.rooms.fieldstudies.queries import colleague_keys, differences, owner_of

WORDS = ("name", "definition", "include", "exclude", "example", "indicator")


def _person(actor: Viewer) -> Any:
    if actor.user_id is None:
        raise Refused(_("A person does this."), rule="fieldstudies.person")
    return actor.user_id


def _invalid(field: str, words: str, rule: str) -> Invalid:
    return Invalid(
        _("Nothing was saved."), problems=[FieldProblem(field, words, rule)], rule="fieldstudies.coding"
    )


@transaction.atomic
def save_code(
    *,
    actor: Viewer,
    study: FieldStudy,
    values: Mapping[str, Any],
    code: Code | None = None,
    expected_version: int = 0,
) -> Code:
    """Add a code, or change what one means; the wording before is kept. Raises Invalid, Stale."""
    require(actor, "fieldstudies.study.change", study.pk)
    given = {key: str(values.get(key) or "").strip() for key in WORDS}
    if not 1 <= len(given["name"]) <= 80:
        raise _invalid("name", _("From 1 to 80 characters."), "length")
    same = Code.objects.filter(study=study, name=given["name"])
    same = same.exclude(pk=code.pk) if code else same
    if same.exists():
        raise _invalid("name", _("There is a code of this name."), "unique")
    if code is None:
        parent = (
            Code.objects.filter(study=study, pk=values["parent"]).first() if values.get("parent") else None
        )
        code = Code.objects.create(study=study, parent=parent, **given)
        done = "fieldstudies.code.add"
    else:
        before = {key: getattr(code, key) for key in WORDS}
        CodeWording.objects.create(
            study=study, code=code, number=code.version, values=before, by_id=_person(actor)
        )
        code.change(given, expected_version=expected_version)
        done = "fieldstudies.code.change"
    record(actor=actor, action=done, object_kind="code", object_id=code.pk)
    return code


@transaction.atomic
def add_segment(
    *, actor: Viewer, source: Source, code: Code, start: int, end: int, memo: str = ""
) -> Segment:
    """Give a code to a piece of an approved text. What the coder took back before is put back. Raises Invalid."""
    require(actor, "fieldstudies.source.code", source.study_id)
    if source.state != SourceState.APPROVED:
        raise Conflict(
            _("Words are coded once their redaction is approved."),
            rule="fieldstudies.source",
            state=source.state,
        )
    _not_closed(actor, source)
    last = source.units[-1][1] if source.units else 0
    if code.study_id != source.study_id:
        raise _invalid("code", _("Choose a code of this study."), "choice")
    if not 0 <= start < end <= last:
        raise _invalid("units", _("Choose a piece of the text."), "range")
    found = Segment.objects.filter(
        source=source, code=code, start=start, end=end, coder_id=_person(actor)
    ).first()
    if found is not None:
        if not found.removed:
            raise _invalid("code", _("You gave this code to this piece already."), "unique")
        return found.change({"removed": False}, expected_version=found.version)
    key = uuid.uuid4()
    place = Place("fieldstudies_segment", "sealed_memo", key)
    sealed = seal_text(owner=owner_of(source.study), place=place, text=memo.strip()[:2000])
    made = Segment.objects.create(
        id=key, study=source.study, source=source, code=code, start=start, end=end, coder_id=_person(actor),
        sealed_memo=sealed,
    )  # fmt: skip
    record(actor=actor, action="fieldstudies.segment.add", object_kind="source", object_id=source.pk)
    return made


@transaction.atomic
def take_back(*, actor: Viewer, segment: Segment, expected_version: int) -> Segment:
    """Take a code back that one gave, or put it back. Raises Refused, Conflict, Stale."""
    require(actor, "fieldstudies.source.code", segment.study_id)
    if segment.coder_id != actor.user_id:
        raise Refused(_("Each coder takes the own codes back."), rule="fieldstudies.segment")
    _not_closed(actor, segment.source)
    if not segment.removed and Evidence.objects.filter(segment=segment).exists():
        raise Conflict(_("A finding stands on this piece."), rule="fieldstudies.segment")
    segment.change({"removed": not segment.removed}, expected_version=expected_version)
    record(actor=actor, action="fieldstudies.segment.back", object_kind="source", object_id=segment.source_id)
    return segment


def _not_closed(actor: Viewer, source: Source) -> None:
    """What was compared stays as it was when it was compared."""
    double = Double.objects.filter(source=source).first()
    if double and double.done_at:
        raise Conflict(
            _("This source was coded twice and compared. It stays as it is."), rule="fieldstudies.double"
        )
    if double and double.second_id != actor.user_id:
        raise Conflict(
            _("A second person codes this source now. It stays as it is until then."),
            rule="fieldstudies.double",
        )


@transaction.atomic
def draw_double(*, actor: Viewer, study: FieldStudy, second: str, seed: int) -> list[Double]:
    """Draw at least a tenth of the coded sources for a second coder who coded none of them. Raises Invalid."""
    require(actor, "fieldstudies.study.change", study.pk)
    if second not in colleague_keys(study):
        raise _invalid("second", _("Choose a colleague."), "choice")
    live = Segment.objects.filter(study=study, removed=False)
    own = set(live.filter(coder_id=UUID(second)).values_list("source_id", flat=True))
    taken = set(Double.objects.filter(study=study).values_list("source_id", flat=True))
    coded = Source.objects.filter(study=study, pk__in=live.values("source_id")).exclude(pk__in=own | taken)
    by_code = {one.code: one for one in coded}
    if not by_code:
        raise _invalid("second", _("There is no coded source that this person did not code."), "empty")
    drawn = drawn_twice(list(by_code), rng=np.random.default_rng(seed))
    made = [
        Double.objects.create(study=study, source=by_code[key], second_id=second, seed=seed) for key in drawn
    ]
    record(
        actor=actor, action="fieldstudies.double.draw", object_kind="fieldstudy", object_id=study.pk,
        detail={"seed": seed, "drawn": len(made), "of": len(by_code)},
    )  # fmt: skip
    return made


@transaction.atomic
def close_double(*, actor: Viewer, double: Double, expected_version: int) -> Double:
    """The second coder is done: from now on both are seen and neither is changed."""
    require(actor, "fieldstudies.source.code", double.study_id)
    if double.second_id != actor.user_id:
        raise Refused(_("The second coder says when it is done."), rule="fieldstudies.double")
    if double.done_at:
        raise Conflict(
            _("This source was coded twice and compared. It stays as it is."), rule="fieldstudies.double"
        )
    double.change({"done_at": timezone.now()}, expected_version=expected_version)
    record(actor=actor, action="fieldstudies.double.close", object_kind="source", object_id=double.source_id)
    return double


@transaction.atomic
def adjudicate(
    *, actor: Viewer, double: Double, code: Code, unit: int, holds: bool, reason: str
) -> Adjudication:
    """Say of a disagreement whether the code holds, and why. It changes no alpha. Raises Invalid."""
    require(actor, "fieldstudies.study.change", double.study_id)
    open_ones: Sequence[tuple[Any, int]] = [(one.code.pk, one.unit) for one in differences(double)]
    if (code.pk, unit) not in open_ones:
        raise _invalid("unit", _("The coders do not differ there, or it is settled."), "choice")
    if len(reason.strip()) < 5:
        raise _invalid("reason", _("Say why, in a few words."), "length")
    key = uuid.uuid4()
    place = Place("fieldstudies_adjudication", "sealed_reason", key)
    sealed = seal_text(owner=owner_of(double.study), place=place, text=reason.strip()[:2000])
    made = Adjudication.objects.create(
        id=key, study=double.study, double=double, code=code, unit=unit, holds=holds, sealed_reason=sealed,
        by_id=_person(actor),
    )  # fmt: skip
    record(actor=actor, action="fieldstudies.double.settle", object_kind="source", object_id=double.source_id)
    return made
