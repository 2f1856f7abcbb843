"""The indicators of a study: in words, as tables and pictures, as files; and the rates that fees are told with."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.fieldwork.catalogue import wording
from palermo.fieldwork.forms import LANGUAGES
from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.kernel.exports.writers import TYPES, csv_bytes
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import RatesForm
from palermo.rooms.observatory.models import Basis, Weighing
from palermo.rooms.observatory.queries.words import NAMES, cell, is_share
from palermo.rooms.observatory.views.listing import put
from palermo.web.charts import Chart, Flow, FlowMap, Series
from palermo.web.charts.ground import boundaries, place_of
from palermo.web.charts.scale import figure

MOST_BARS = 12
COLUMNS = ("indicator", "name", "cell", "value", "lower", "upper", "persons", "effective_persons", "method", "strength",
           "study", "round", "basis", "weighing", "representative")  # fmt: skip


@never_cache
@require_GET
def indicators(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """All indicators of a study as they were last computed."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.indicators.view", study.pk)
    basis, weighing = _chosen(request)
    found = queries.figures(request.viewer, study, basis=basis, weighing=weighing)
    groups = queries.by_code(found.made) if found.made else []
    context = {
        "study": study, "found": found, "basis": basis, "weighing": weighing, "bases": Basis.choices,
        "weighings": [one for one in Weighing.choices if one[0] in found.choices] or Weighing.choices[:1],
        "groups": [_group(known, values) for known, values in groups], "map": _map(groups), "ground": boundaries(),
        "may_change": can(request.viewer, "observatory.study.change", study.pk),
        "alerts": queries.alerts(request.viewer, study),
    }  # fmt: skip
    return render(request, "observatory/indicators.html", context)


def _chosen(request: HttpRequest) -> tuple[str, str]:
    basis, weighing = request.GET.get("basis", ""), request.GET.get("weighing", "")
    return (
        basis if basis in Basis.values else Basis.APPROVED.value,
        weighing if weighing in Weighing.values else Weighing.NONE.value,
    )


def _group(known: Mapping[str, str], values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One indicator as the page shows it: its lines, a chart of its shares, and the questions that were asked."""
    code = known["code"]
    lines = [_line(code, one) for one in values]
    language = (get_language() or "en").split("-")[0]
    asked = wording(code, LANGUAGES.get(language, LANGUAGES["en"]))
    return {
        "code": code, "name": NAMES[code], "formula": known["formula"], "denominator": known["denominator"],
        "lines": lines, "chart": _chart(code, lines), "asked": [text for text in asked.values() if text],
    }  # fmt: skip


def _line(code: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its range in words, shares in per cent."""
    share = is_share(code, one["cell"])
    between = [one["low"], one["high"]]
    return {
        **one, "words": cell(one["cell"], code), "share": share, "said": _said(one["value"], share),
        "between": "" if None in between else " – ".join(_said(end, share) for end in between),
    }  # fmt: skip


def _said(value: float | None, share: bool) -> str:
    if value is None:
        return ""
    if share:
        return _("%(number)s %%") % {"number": figure(round(100 * value, 1))}
    return figure(round(value, 2) if abs(value) < 100 else round(value))


def _chart(code: str, lines: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Bars of the shares, the greatest first; none where there are fewer than two."""
    shares = [one for one in lines if one["share"] and one["value"] is not None]
    if len(shares) < 2:
        return None
    shares = sorted(shares, key=lambda one: -one["value"])[:MOST_BARS]
    title = NAMES[code]
    values = [round(100 * one["value"], 1) for one in shares]
    labels = [one["words"] for one in shares]
    return Chart(
        "bar", title, labels, [Series(title, values)], unit=_("per cent"), note=_("Not representative.")
    )


def _map(groups: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]]) -> FlowMap | None:
    """Legs between countries as lines; those within a country stand in the table alone."""
    ground = boundaries()
    flows = []
    for known, values in groups:
        for one in values if known["code"] == "R1" else ():
            start, end = (place_of(code) for code in one["cell"][:2])
            if start and end and start != end and one["value"]:
                flows.append(Flow(cell(one["cell"], "R1"), start, one["value"], end))
    if ground is None or not flows:
        return None
    flows.sort(key=lambda flow: -(flow.value or 0))
    return FlowMap(_("Legs that were told"), "", None, flows, ground, _("persons who told of this leg"))


@never_cache
@require_GET
def indicators_file(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """All values as CSV, each with the people behind it and how it came about."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.indicators.view", study.pk)
    basis, weighing = _chosen(request)
    found = queries.figures(request.viewer, study, basis=basis, weighing=weighing)
    fixed = {
        "study": study.code,
        "round": study.round,
        "basis": basis,
        "weighing": weighing,
        "representative": "no",
    }
    rows = [
        {
            "indicator": one["code"], "name": str(NAMES[one["code"]]), "cell": cell(one["cell"], one["code"]),
            "value": one["value"], "lower": one["low"], "upper": one["high"], "persons": one["n"],
            "effective_persons": one["n_eff"], "method": one["method"], "strength": one["strength"], **fixed,
        }
        for one in (found.made.values if found.made else [])
    ]  # fmt: skip
    response = HttpResponse(csv_bytes(rows, COLUMNS), content_type=TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="indicators-{study.code}.csv"'
    return response


@require_POST
def indicators_again(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Have them computed of what is there now."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.indicators.view", study.pk)
    actions.ask_for_indicators(actor=request.viewer, study=study)
    messages.success(request, _("They are being computed. Come back to this page in a moment."))
    return redirect("observatory:indicators", study.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Load what currencies were worth and how prices rose."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.study.change", study.pk)
    form = RatesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.load_rates(actor=request.viewer, study=study, **form.tables())
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("Taken. The indicators are being computed anew."))
            return redirect("observatory:indicators", study.pk)
    return render(request, "observatory/rates.html", {"study": study, "form": form})
