"""The dashboard of a round while records come in, its alerts with their reasons, and from when on to alert."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import SeenForm, ThresholdsForm
from palermo.rooms.observatory.models import Alert, Live
from palermo.rooms.observatory.queries.reasons import GROUPS, TITLES, asked_by, per_cent, reason, subject
from palermo.rooms.observatory.queries.words import NAMES, cell
from palermo.rooms.observatory.views.listing import put
from palermo.web.charts import Chart, Series


@never_cache
@require_GET
def live(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """How the round stands now. The page fetches itself again while it is looked at."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.indicators.view", study.pk)
    found = queries.dashboard(request.viewer, study)
    context = {
        "study": study, "found": found, "chart": _chart(found), "limits": queries.limits_of(study),
        "tables": [(_("Site"), found.sites), (_("Enumerator"), found.enumerators)],
        "values": _lines(found.live.values) if found.live else [],
        "effects": _flagged(found.live),
        "judged": len(found.live.effects) if found.live else 0,
        "alerts": _told(queries.alerts(request.viewer, study)),
        "seen": _told(queries.alerts(request.viewer, study, open_=False)),
        "may_change": can(request.viewer, "observatory.study.change", study.pk),
    }  # fmt: skip
    return render(request, "observatory/live.html", context)


def _chart(found: queries.Dashboard) -> Chart | None:
    if not found.days:
        return None
    labels = [date_format(day, "MONTH_DAY_FORMAT") for day, _n in found.days]
    title = _("Records by day of reception")
    return Chart("line", title, labels, [Series(title, [n for _day, n in found.days])], unit=_("records"))


def _lines(values: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shares in words, with their range; what fewer than ten people stand behind is hidden."""
    return [
        {
            "words": f"{NAMES[one['code']]}: {cell(one['cell'], one['code'])}" if one["cell"] else NAMES[one["code"]],
            "n": one["n"], "weak": one["value"] is not None and one["n"] < 30,
            "said": "" if one["value"] is None else per_cent(one["value"]),
            "between": "" if one["low"] is None else f"{per_cent(one['low'])} – {per_cent(one['high'])}",
        }
        for one in values
    ]  # fmt: skip


def _flagged(kept: Live | None) -> list[dict[str, Any]]:
    rows = [one for one in kept.effects if one["flagged"]] if kept else []
    return [{"title": GROUPS[one["group"]], "reason": asked_by(one)} for one in rows]


def _told(rows: Sequence[Alert]) -> list[dict[str, Any]]:
    return [
        {"row": one, "title": TITLES[one.kind], "subject": subject(one), "reason": reason(one)}
        for one in rows
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def alert(request: HttpRequest, study_id: UUID, alert_id: UUID) -> HttpResponse:
    """One alert: why it is told, and what somebody found who looked into it."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.indicators.view", study.pk)
    found = queries.alert(request.viewer, study, alert_id)
    form = SeenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.see_alert(actor=request.viewer, alert=found, reason=form.cleaned_data["reason"])
        except Invalid as error:
            put(form, error)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("observatory:live", study.pk)
        else:
            messages.success(request, _("Noted."))
            return redirect("observatory:live", study.pk)
    finding = actions.read_finding(actor=request.viewer, alert=found) if found.seen_at else ""
    context = {
        "study": study, "one": _told([found])[0], "form": form, "finding": finding,
        "method": found.numbers["method"],
        "may_change": can(request.viewer, "observatory.study.change", study.pk),
    }  # fmt: skip
    return render(request, "observatory/alert.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def thresholds(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """From when on changes of this study are told."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.study.change", study.pk)
    form = ThresholdsForm(request.POST or None, initial=asdict(queries.limits_of(study)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_thresholds(actor=request.viewer, study=study, values=form.cleaned_data)
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Taken. The newest period is being judged anew."))
            return redirect("observatory:live", study.pk)
    return render(request, "observatory/thresholds.html", {"study": study, "form": form})
