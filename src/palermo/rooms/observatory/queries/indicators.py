"""The indicators of a study as they were last computed, and how far they are behind what came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from palermo.fieldwork.catalogue import catalogue
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
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


@dataclass(frozen=True)
class Figures:
    """made: the indicators, None before they were first computed; behind: something came in or was judged since."""

    made: Indicators | None
    behind: bool
    interviews: int
    others: int
    rates: Rates | None
    choices: tuple[str, ...]


def figures(
    viewer: Viewer, study: Study, *, basis: str = Basis.APPROVED, weighing: str = Weighing.NONE
) -> Figures:
    """The indicators of a study. `others`: records of forms that give no facts."""
    require(viewer, "observatory.indicators.view", study.pk)
    rows = Indicators.objects.filter(study=study)
    made = rows.filter(basis=basis, weighing=weighing).first()
    records = Submission.objects.filter(study=study).exclude(state=ReviewState.WITHDRAWN)
    changed: datetime | None = records.aggregate(last=Max("updated_at"))["last"]
    known = InterviewFacts.objects.filter(study=study).count()  # a withdrawn record has none
    return Figures(
        made=made, behind=bool(known and changed and (made is None or made.made_at < changed)), interviews=known,
        others=records.count() - known, rates=Rates.objects.filter(study=study).first(),
        choices=tuple(sorted(set(rows.values_list("weighing", flat=True)))),
    )  # fmt: skip


def by_code(found: Indicators) -> list[tuple[dict[str, str], list[dict[str, Any]]]]:
    """(what the catalogue says of an indicator, its values), in the order in which they were computed."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found.values:
        groups.setdefault(one["code"], []).append(one)
    known = catalogue()
    return [(known[code], values) for code, values in groups.items()]
