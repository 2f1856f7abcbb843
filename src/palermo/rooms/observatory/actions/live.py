"""The worker's part of the dashboard: figures of the moment, alerts and enumerators; and what people do with them."""

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.fieldwork import alerts as changes
from palermo.fieldwork.enumerators import effects
from palermo.fieldwork.facts import Facts
from palermo.fieldwork.indicators import compute
from palermo.fieldwork.keeping import from_data
from palermo.fieldwork.rounds import Round
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault.texts import Place, open_texts, seal_text
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import (
    Alert,
    InterviewFacts,
    Live,
    ReviewState,
    Study,
    Submission,
    Thresholds,
)
from palermo.rooms.observatory.queries.live import limits_of, money_of

JOB = "observatory.live"
OUT = (ReviewState.REJECTED, ReviewState.WITHDRAWN)
MAIN = ("D1", "A1", "A4", "A5")  # shares alone: no bootstrap, so that they are there at once
REST = 3  # times as long as it took, before records that come in ask for it again; the clock asks after that
LEAST_REASON, MOST_REASON = 5, 500


def ask_for_live(study_id: Any) -> None:
    """Asked for once while it waits, and not while the worker would do nothing else."""
    if Effect.objects.filter(kind=JOB, object_id=study_id, done_at=None).exists():
        return
    last = Live.objects.filter(study_id=study_id).first()
    if last is None or (timezone.now() - last.made_at).total_seconds() >= REST * last.seconds:
        enqueue(JOB, study_id)


def ask_for_all_behind() -> None:
    """By the clock: studies of which something came in or was judged since their figures were computed."""
    shown = dict(Live.objects.values_list("study_id", "made_at"))
    newest = InterviewFacts.objects.values("study_id").annotate(last=Max("submission__updated_at"))
    for study_id, last in newest.values_list("study_id", "last"):
        if study_id not in shown or shown[study_id] < last:
            ask_for_live(study_id)


def make_live(viewer: Viewer, effect: Effect) -> None:
    """Compute the dashboard of a study anew."""
    if viewer.kind != OPERATOR or effect.object_id is None:
        return
    if (study := Study.objects.filter(pk=effect.object_id).first()) is None:
        return
    # One at a time: two would tell the same alert twice.
    take_turns("live", study.pk)
    _make(study)


def _make(study: Study) -> None:
    begun, now = time.monotonic(), timezone.now()
    rows = (
        InterviewFacts.objects.filter(study=study).exclude(submission__state__in=OUT)
        .order_by("submission__received_at", "submission_id").values_list("submission__received_at", "data")
    )  # fmt: skip
    told = [(at, from_data(data)) for at, data in rows]
    limits = limits_of(study)
    period, since = _newest(study, told, limits)
    _tell(study, told, period, since, limits)
    facts = [one for _at, one in told]
    asked = [one for one in facts if one.interview.answer("consent") == "yes"]
    rng = np.random.default_rng(zlib.crc32(str(study.pk).encode()))
    whole = Round(asked, str(study.round), rng)
    values = [_plain(asdict(one)) for code in MAIN if asked for one in compute(whole, code)]
    by_whom = [{**_plain(asdict(one)), "flagged": one.flagged} for one in effects(asked, rng, limits.error)]
    kept = {
        "interviews": len(facts), "values": values, "effects": by_whom, "period": period, "since": since,
        "made_at": now, "seconds": time.monotonic() - begun,
    }  # fmt: skip
    Live.objects.update_or_create(study=study, defaults=kept)


def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON takes it: a number that is none is nothing."""
    return {key: None if isinstance(value, float) and value != value else value for key, value in one.items()}


def _newest(
    study: Study, told: Sequence[tuple[datetime, Facts]], limits: changes.Thresholds
) -> tuple[int, datetime | None]:
    """(number of the newest period, its beginning): periods follow one another from the first record on."""
    first = Submission.objects.filter(study=study).aggregate(first=Min("received_at"))["first"]
    if first is None or not told:
        return 0, None
    number = (told[-1][0] - first) // limits.period
    return number, first + number * limits.period


def _tell(
    study: Study, told: Sequence[tuple[datetime, Facts]], period: int, since: datetime | None,
    limits: changes.Thresholds,
) -> None:  # fmt: skip
    """Alerts of the newest period in place of those that nobody has looked at yet; what was seen stays."""
    rows = Alert.objects.filter(study=study, period__gte=period)
    known = {(one.kind, one.key): one.found_at for one in rows if one.period == period}
    seen = {(one.kind, one.key) for one in rows if one.period == period and one.seen_at is not None}
    rows.filter(seen_at=None).delete()
    if since is None:
        return
    money = money_of(study)
    before, after = (
        changes.told([one for at, one in told if (at >= since) == late], money) for late in (False, True)
    )
    now = timezone.now()
    for one in changes.alerts(before, after, limits):
        key = (one.kind, json.dumps(one.cell))
        if key not in seen:
            Alert.objects.create(
                study=study, kind=key[0], key=key[1], period=period, since=since, numbers=_plain(asdict(one)),
                found_at=known.get(key, now),
            )  # fmt: skip


@transaction.atomic
def see_alert(*, actor: Viewer, alert: Alert, reason: str) -> Alert:
    """Somebody has looked into it and says what it was. Raises Invalid, Conflict."""
    require(actor, "observatory.study.change", alert.study_id)
    reason = reason.strip()
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        problem = FieldProblem("reason", _("Say why, in a few words."), "length")
        raise Invalid(_("Nothing was decided."), problems=[problem], rule="observatory.alert")
    if actor.user_id is None:
        raise Refused(_("A person decides."), rule="observatory.alert")
    place = Place("observatory_alert", "sealed_reason", alert.pk)
    sealed = seal_text(owner=owner_of(alert.study), place=place, text=reason)
    changed = Alert.objects.filter(pk=alert.pk, seen_at=None).update(
        seen_at=timezone.now(), seen_by_id=actor.user_id, sealed_reason=sealed
    )
    if not changed:
        raise Conflict(
            _("Somebody has looked into this alert already."), rule="observatory.alert", state="seen"
        )
    detail = {"alert": str(alert.pk), "kind": alert.kind}
    record(
        actor=actor, action="observatory.alert.see", object_kind="study", object_id=alert.study_id, detail=detail
    )  # fmt: skip
    alert.refresh_from_db()
    return alert


@transaction.atomic
def set_thresholds(*, actor: Viewer, study: Study, values: Mapping[str, Any]) -> Thresholds:
    """From when on changes of this study are told; the newest period is judged anew. Raises Invalid."""
    require(actor, "observatory.study.change", study.pk)
    try:
        changes.Thresholds(**values)
    except ValueError:
        raise Invalid(_("These thresholds were not taken."), problems=[], rule="observatory.alert") from None
    made, _created = Thresholds.objects.update_or_create(study=study, defaults=dict(values))
    enqueue(JOB, study.pk)
    record(
        actor=actor, action="observatory.thresholds.set", object_kind="study", object_id=study.pk,
        detail={key: str(value) for key, value in values.items()},
    )  # fmt: skip
    return made


@transaction.atomic
def read_finding(*, actor: Viewer, alert: Alert) -> str:
    """What somebody found who looked into an alert; opening it is an entry in the audit."""
    require(actor, "observatory.indicators.view", alert.study_id)
    record(
        actor=actor, action="observatory.alert.open", object_kind="study", object_id=alert.study_id,
        detail={"alert": str(alert.pk)},
    )  # fmt: skip
    place = Place("observatory_alert", "sealed_reason", alert.pk)
    sealed = [(place, bytes(alert.sealed_reason))]
    return open_texts(actor=actor, owner=owner_of(alert.study), sealed=sealed)[0] or ""
