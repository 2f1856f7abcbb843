"""What a release may take from here: indicators of approved interviews, once routes are three months old."""

import zlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.fieldwork.catalogue import catalogue
from palermo.fieldwork.estimates import HIDDEN, Value
from palermo.fieldwork.indicators import COMPUTED, compute
from palermo.fieldwork.keeping import from_data
from palermo.fieldwork.publishing import LEAST, publishable
from palermo.fieldwork.rounding import mark, may_follow, rounded, to_base
from palermo.fieldwork.rounds import Prices, Round
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.observatory.models import InterviewFacts, Rates, ReviewState, Study
from palermo.rooms.observatory.queries.words import NAMES, cell, is_share, piece
from palermo.web.releasable import Offer, Releasable, Taken, released_before

DELAY = timedelta(days=90)  # a route in use is not published while it can be closed upon who travels on it
CODEBOOK = (
    ("part", "The indicator; legs holds the flow from country to country."),
    ("part_label", "The indicator in words."),
    ("row_dimension", "What the row is."),
    ("row", "Code of the row: the country where a leg begins, or the answer."),
    ("row_label", "The row in words."),
    ("column_dimension", "What the column is."),
    ("column", "Code of the column: the country where a leg ends, or the measure."),
    ("column_label", "The column in words."),
    ("value", "Per cent for shares, persons for legs, otherwise as the indicator says; empty where it is withheld."),
    ("lower", "Lower end of the 95 % range."),
    ("upper", "Upper end of the 95 % range."),
    ("persons", "People who answered, rounded to five; empty below ten."),
    ("status", "shown or withheld (too few persons, or needed to protect others)."),
)  # fmt: skip
NOTES = (
    "People were asked where they could be found. No figure is representative of anybody but those who were asked.",
    "Shares that fewer than five people gave, or all but fewer than five, are withheld, and others with them.",
    "Counts of people are rounded to five and shares are made of rounded counts, so parts may not add up to the whole.",
    "Only approved interviews that were received at least 90 days before are counted.",
    "Deaths that were told are not added up: many may tell of the same one.",
)


def offers(viewer: Viewer) -> list[Offer]:
    """Studies of the viewer with interviews that are old enough."""
    if not can(viewer, "observatory.study.list"):
        return []
    with_facts = InterviewFacts.objects.values("study")
    rows = Study.objects.filter(pk__in=with_facts)
    named = ((one, can(viewer, "observatory.indicators.view", one.pk)) for one in rows)
    return [
        Offer(str(one.pk), one.title, _("Round %(number)s") % {"number": one.round})
        for one, may in named
        if may
    ]


def take(viewer: Viewer, key: str) -> Taken:
    """The indicators of a study as they may be published. In English. Raises NotFound, Conflict where nothing may."""
    try:
        study = Study.objects.filter(pk=UUID(key)).first()
    except ValueError:
        study = None
    if study is None or not can(viewer, "observatory.indicators.view", study.pk):
        raise NotFound()
    rows = InterviewFacts.objects.filter(
        study=study,
        submission__state=ReviewState.APPROVED,
        submission__received_at__lte=timezone.now() - DELAY,
    )
    facts = [from_data(data) for data in rows.order_by("submission_id").values_list("data", flat=True)]
    facts = [one for one in facts if one.interview.answer("consent") == "yes"]
    if len(facts) < HIDDEN:
        words = _("Fewer than ten approved interviews are 90 days old: nothing can be released yet.")
        raise Conflict(words, rule="observatory.few", state="few")
    whole = Round(facts, str(study.round), np.random.default_rng(zlib.crc32(study.pk.bytes)), _prices(study))
    values = rounded(publishable([value for code in COMPUTED for value in compute(whole, code)]))
    with override("en"):
        told = tuple(_row(one) for one in values)
    people, marked = to_base(len(facts)), mark(told)
    if not may_follow(people, marked, _earlier(str(study.pk))):
        words = _(
            "Too few interviews came since an earlier release: the two together would tell about single persons."
        )
        raise Conflict(words, rule="observatory.apart", state="apart")
    about = {"study": str(study.pk), "round": study.round, "country": study.country}
    return Taken(
        title=study.title, columns=tuple(name for name, _told in CODEBOOK), rows=told, codebook=CODEBOOK, notes=NOTES,
        threshold=LEAST, about={**about, "interviews": people, "mark": marked},
    )  # fmt: skip


def _earlier(key: str) -> list[tuple[int, str]]:
    """(people, mark) of every release of the study that ever was public."""
    return [(one["interviews"], one["mark"]) for one in released_before("observatory", key) if "mark" in one]


def _prices(study: Study) -> Prices | None:
    found = Rates.objects.filter(study=study).first()
    if found is None:
        return None
    return Prices({(currency, month): usd for currency, month, usd in found.fx}, dict(found.cpi), found.base)


def _row(one: Value) -> dict[str, Any]:
    leg = one.code == "R1"
    by = 100 if is_share(one.code, one.cell) else 1
    start, end = one.cell if leg else ("", "")
    code = "legs" if leg else one.code
    return {
        "part": code, "part_label": str(NAMES[one.code]),
        "row_dimension": "from" if leg else "answer", "row": start if leg else " ".join(one.cell) or one.code,
        "row_label": piece(start) if leg else cell(one.cell, one.code),
        "column_dimension": "to" if leg else "measure", "column": end if leg else "value",
        "column_label": piece(end) if leg else str(catalogue()[one.code]["name"]),
        "value": None if one.value is None else round(by * one.value, 1),
        "lower": None if one.low is None else round(by * one.low, 1),
        "upper": None if one.high is None else round(by * one.high, 1),
        "persons": one.n if one.n >= HIDDEN else None, "status": "withheld" if one.value is None else "shown",
    }  # fmt: skip


RELEASABLE = Releasable("observatory", offers, take)
