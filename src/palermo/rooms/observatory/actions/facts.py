"""The worker's part after the answers are laid out: typed facts of the interview, and indicators of the study."""

import time
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from palermo.fieldwork.estimates import Value
from palermo.fieldwork.facts import Facts
from palermo.fieldwork.flags import duplicates, speeders
from palermo.fieldwork.forms import codes
from palermo.fieldwork.indicators import COMPUTED, compute
from palermo.fieldwork.keeping import as_data, from_data
from palermo.fieldwork.others import quality
from palermo.fieldwork.reading import KINDS, Unreadable, read
from palermo.fieldwork.rounds import Prices, Round
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory.actions.live import ask_for_live
from palermo.rooms.observatory.models import (
    Basis,
    Indicators,
    InterviewFacts,
    Rates,
    ReviewState,
    Study,
    Submission,
    Weighing,
)

JOB = "observatory.indicators"
OUT = (ReviewState.REJECTED, ReviewState.WITHDRAWN)
REPEATS = 20  # times as long as it took, before the worker computes anew by itself
REPLICATES = 200


def kind_of(form_id: str) -> str:
    """The shipped survey that a form is, by the id under which it is shipped; empty for a form of one's own."""
    named = {code.lower().replace("-", "_"): code for code in codes() if code in KINDS}
    return named.get(form_id, "")


def note_facts(submission: Submission, xml: bytes) -> None:
    """Typed facts of a record of a shipped survey, in place of those that it had. Part of laying its answers out."""
    kind = kind_of(submission.form.form_id)
    if not kind:
        return
    try:
        facts = read(xml, kind)
    except Unreadable:
        InterviewFacts.objects.filter(submission=submission).delete()
        return
    values = {"study_id": submission.study_id, "kind": kind, "data": as_data(facts)}
    made = InterviewFacts(submission=submission, made_at=timezone.now(), **values)
    InterviewFacts.objects.bulk_create(
        [made],
        update_conflicts=True,
        unique_fields=["submission"],
        update_fields=["study", "kind", "data", "made_at"],
    )
    _ask_if_due(submission.study_id)
    ask_for_live(submission.study_id)


def _ask_if_due(study_id: Any) -> None:
    """Computing may take longer than a record: it is not asked for while it waits, nor right after it was done."""
    if Effect.objects.filter(kind=JOB, object_id=study_id, done_at=None).exists():
        return
    rows = Indicators.objects.filter(study_id=study_id).order_by("-made_at")
    last = rows.values_list("made_at", "seconds").first()
    if last is not None and (timezone.now() - last[0]).total_seconds() < REPEATS * last[1]:
        return
    enqueue(JOB, study_id)


@transaction.atomic
def ask_for_indicators(*, actor: Viewer, study: Study) -> None:
    """Have the indicators computed of what is there now. The worker does it; the page shows them when they are made."""
    require(actor, "observatory.indicators.view", study.pk)
    enqueue(JOB, study.pk)
    record(actor=actor, action="observatory.indicators.ask", object_kind="study", object_id=study.pk)


@transaction.atomic
def compute_now(*, actor: Viewer, study: str) -> Study:
    """Compute the indicators of the study with this code at once, as the worker does. Raises NotFound."""
    found = Study.objects.filter(code=study).first()
    if found is None or actor.kind != OPERATOR:
        raise NotFound()
    require(actor, "observatory.indicators.view", found.pk)
    _make(found)
    return found


def make_indicators(viewer: Viewer, effect: Effect) -> None:
    """Compute all indicators of a study: of approved and of all interviews, and flag what somebody should look at."""
    if viewer.kind != OPERATOR or effect.object_id is None:
        return
    if (study := Study.objects.filter(pk=effect.object_id).first()) is not None:
        _make(study)


def _make(study: Study) -> None:
    rows = list(
        InterviewFacts.objects.filter(study=study).exclude(submission__state__in=OUT)
        .order_by("submission__received_at", "submission_id")
        .values_list("submission_id", "submission__state", "kind", "data")
    )  # fmt: skip
    told = [(pk, state, kind, from_data(data)) for pk, state, kind, data in rows]
    _flag([(pk, facts) for pk, _state, _kind, facts in told])
    money = _prices(study)
    coupons = any(kind == "S1-RDS" for _pk, _state, kind, _facts in told)
    Indicators.objects.filter(study=study).delete()
    for basis in Basis.values:
        facts = [
            one for _pk, state, _kind, one in told if basis == Basis.RECEIVED or state == ReviewState.APPROVED
        ]
        for weighing in Weighing.values if coupons else (Weighing.NONE,):
            _computed(study, basis, weighing, facts, money)


def _computed(study: Study, basis: str, weighing: str, facts: Sequence[Facts], money: Prices | None) -> None:
    begun = time.monotonic()
    if weighing == Weighing.RDS:
        facts = [one for one in facts if (one.interview.numbers["network"].value or 0) > 0]
    weights = (
        np.array([1 / one.interview.numbers["network"].value for one in facts])
        if weighing == Weighing.RDS
        else None
    )
    seed = zlib.crc32(f"{study.pk}{basis}{weighing}".encode())
    name = str(study.round)
    values: list[Value] = []
    if facts:
        asked = [one for one in facts if one.interview.answer("consent") == "yes"]
        kept = (
            None if weights is None else weights[[one.interview.answer("consent") == "yes" for one in facts]]
        )
        whole = Round(asked, name, np.random.default_rng(seed), money, kept, REPLICATES)
        values = [*(value for code in COMPUTED for value in compute(whole, code)), *quality(facts, name)]
    Indicators.objects.create(
        study=study, basis=basis, weighing=weighing, interviews=len(facts), values=[_plain(one) for one in values],
        made_at=timezone.now(), seconds=time.monotonic() - begun,
    )  # fmt: skip


def _plain(value: Value) -> dict[str, Any]:
    return {
        "code": value.code, "cell": list(value.cell), "value": value.value, "low": value.low, "high": value.high,
        "n": value.n, "n_eff": round(value.n_eff, 1), "method": value.method, "strength": value.strength,
    }  # fmt: skip


def _prices(study: Study) -> Prices | None:
    found = Rates.objects.filter(study=study).first()
    if found is None:
        return None
    fx = {(currency, month): usd for currency, month, usd in found.fx}
    return Prices(fx, dict(found.cpi), found.base)


def _flag(told: Sequence[tuple[Any, Facts]]) -> None:
    """Repeats and speeders are named on their records, for who reviews; nothing is dropped."""
    facts = [one for _pk, one in told]
    for code, places in (("repeated", duplicates(facts)), ("fast", speeders(facts))):
        wanted = {told[place][0] for place in places}
        for submission in Submission.objects.filter(pk__in=wanted).exclude(flags__contains=[code]):
            flagged = submission.state == ReviewState.RECEIVED
            values = {"flags": sorted({*submission.flags, code})}
            more = {"state": ReviewState.FLAGGED} if flagged else {}
            submission.change({**values, **more}, expected_version=submission.version)
