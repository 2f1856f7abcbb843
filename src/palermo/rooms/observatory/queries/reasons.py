"""Why an alert is told, in one sentence: numbers, periods, chance, and how many comparisons were made."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.fieldwork.alerts import FEE, HARM, ROUTE
from palermo.rooms.observatory.models import Alert
from palermo.rooms.observatory.queries.words import piece
from palermo.web.charts.scale import figure

TITLES = {
    ROUTE: gettext_lazy("A new leg"), FEE: gettext_lazy("A fee changed"),
    HARM: gettext_lazy("A harm is told more often"),
}  # fmt: skip
GROUPS = {
    "smuggler": gettext_lazy("use of smugglers"), "legs": gettext_lazy("number of legs"),
    "harm": gettext_lazy("harm on the way"), "official": gettext_lazy("meetings with officials"),
    "unsure": gettext_lazy("answers “does not know”"), "minutes": gettext_lazy("minutes of the interview"),
}  # fmt: skip
SHARES = frozenset({"smuggler", "harm", "official", "unsure"})


def subject(alert: Alert) -> str:
    """What an alert is about: a leg, or a harm."""
    parts = [piece(one) for one in json.loads(alert.key)]
    return " → ".join(parts)


def reason(alert: Alert) -> str:
    """The statistical reason of an alert."""
    one = alert.numbers
    share = alert.kind != FEE
    words = {
        ROUTE: _("%(hits)s of %(n)s persons since %(since)s told of it, none of %(m)s before."),
        HARM: _(
            "%(after)s of %(n)s persons since %(since)s, %(before)s of %(m)s before: a rise of %(effect)s "
            "(95 %% range %(low)s to %(high)s)."
        ),
        FEE: _(
            "Median %(after)s dollars (%(n)s persons) since %(since)s, %(before)s (%(m)s persons) before: "
            "%(effect)s times as much (95 %% range %(low)s to %(high)s)."
        ),
    }[alert.kind]  # fmt: skip
    put = per_cent if share else _number
    said = {name: put(one[name]) for name in ("before", "after", "effect", "low", "high")}
    since = date_format(localtime(alert.since).date(), "DATE_FORMAT")
    counts = {"hits": figure(one["hits_after"]), "n": figure(one["n_after"]), "m": figure(one["n_before"])}
    return f"{words % {**said, **counts, 'since': since}} {chance(one)}"


def chance(one: Mapping[str, Any]) -> str:
    """How unlikely it is without a change, and what was asked for."""
    words = _(
        "By chance alone: p %(p)s; less than %(level)s was asked for, with %(count)s comparisons at look %(look)s."
    )
    return words % {
        "p": _small(one["p"], "= "), "level": _small(one["level"]), "count": one["comparisons"], "look": one["look"]
    }  # fmt: skip


def asked_by(one: Mapping[str, Any]) -> str:
    """Why an enumerator is flagged."""
    said = per_cent if one["group"] in SHARES else _number
    words = _(
        "Enumerator %(who)s: %(there)s in %(persons)s interviews, others at the same sites %(others)s. %(icc)s of the "
        "differences lie between enumerators; p %(p)s by shuffling within sites, less than %(level)s was asked for "
        "(%(count)s groups of questions)."
    )
    return words % {
        "who": one["who"], "there": said(one["there"]), "others": said(one["others"] or 0.0),
        "persons": figure(one["persons"]), "icc": per_cent(one["icc"]), "p": _small(one["p"], "= "),
        "level": _small(one["level"]), "count": one["comparisons"],
    }  # fmt: skip


def per_cent(value: float) -> str:
    return _("%(number)s %%") % {"number": figure(round(100 * value, 1))}


def _number(value: float) -> str:
    return number_format(round(value, 2), 2) if abs(value) < 100 else figure(round(value))


def _small(p: float, sign: str = "") -> str:
    """Never 0: what is smaller than can be told stands as < 0.00001."""
    return ("< " if p < 1e-5 else sign) + number_format(max(p, 1e-5), 5 if p < 0.001 else 3)
