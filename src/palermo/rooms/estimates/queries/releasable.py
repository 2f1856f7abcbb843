"""What a release may take from here: results that two persons agreed on. See `palermo.web.releasable`."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.estimation import Result
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.estimates.models import Study
from palermo.rooms.estimates.queries.reading import agreed, one
from palermo.rooms.estimates.queries.words import method_title
from palermo.web.releasable import Offer, Releasable, Taken

CODEBOOK = (
    ("measure", "What the row is: the estimate, an end of its interval, or the people who were seen."),
    ("value", "The figure, in persons."),
    ("method", "The method that estimated it."),
    ("first_year", "First year of the lists."),
    ("last_year", "Last year of the lists."),
)


def offers(viewer: Viewer) -> list[Offer]:
    """Studies with an answer that two persons agreed on."""
    if not can(viewer, "estimates.study.view"):
        return []
    return [
        Offer(str(study.pk), study.title, _("%(years)s, %(method)s") % {
            "years": study.years, "method": method_title(result["method"])
        })
        for study, result in agreed(viewer)
    ]  # fmt: skip


def take(viewer: Viewer, key: str) -> Taken:
    """The agreed result of a study with its range, its method and its doubts. Counts of single lists are not in it."""
    try:
        study = one(viewer, UUID(key))
    except ValueError:
        raise NotFound() from None
    if study.agreed_at is None or study.headline_run is None or study.headline_place is None:
        words = _("Two persons have to agree on the answer of this study before it can be released.")
        raise Conflict(words, rule="estimates.agreed", state="open")
    kept = study.headline_run.result(study.headline_place)
    result = Result.from_json(kept)
    return Taken(
        title=study.title, columns=tuple(name for name, _told in CODEBOOK), rows=_rows(study, result),
        codebook=CODEBOOK, notes=_notes(result),
        about={
            "study": str(study.pk), "years": [study.year_from, study.year_to], "crime": study.crime,
            "verdict": str(result.verdict.word) if result.verdict else "", "why": study.headline_why,
            "method": result.method, "model": result.model, "data_hash": study.data_hash, "seed": result.seed,
            "stratum": kept.get("stratum", ""), "library": study.headline_run.library,
        },
    )  # fmt: skip


def _rows(study: Study, result: Result) -> tuple[dict[str, Any], ...]:
    """Whole persons: nobody is counted in halves, and digits after the point would say more than is known."""
    figures = (
        ("estimate", result.estimate), ("lower", result.lower), ("upper", result.upper),
        ("seen_on_any_list", result.n_observed),
    )  # fmt: skip
    more = {"method": result.method, "first_year": study.year_from, "last_year": study.year_to}
    return tuple(
        {"measure": name, "value": None if value is None else _whole(value), **more}
        for name, value in figures
    )


def _whole(value: float) -> int | None:
    return round(value) if value < 1e15 else None


def _notes(result: Result) -> tuple[str, ...]:
    said = [result.explain(), *map(str, result.assumptions), *(str(one.message) for one in result.cautions)]
    return tuple(dict.fromkeys(said))


RELEASABLE = Releasable("estimate", offers, take)
