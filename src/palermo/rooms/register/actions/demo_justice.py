"""Invented persons suspected, prosecuted, convicted, with the attrition that courts show. Nobody exists.

The shares are round numbers of ours: about half of those in formal contact are prosecuted, about half of those
are convicted, each stage some months after the one before, women more often than among other crimes, most
accused citizens of the country. They are not estimates of any country.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.imports.formats import Counts
from palermo.rooms.register.actions.bulk import delivery
from palermo.rooms.register.actions.demo import YEARS, country_and_areas
from palermo.rooms.register.actions.offenders import Charged, charged, write_charges
from palermo.standards.records import OffenderRecord
from palermo.standards.records.offender_record import form_of
from palermo.standards.records.reading import digest

SOURCE = "Palermia: police and courts (demo)"
PROSECUTED, CONVICTED, ACQUITTED = 0.52, 0.48, 0.14  # of those who reached the stage before
_OFFENCES = (
    ("02041", "tip", 0.42), ("02042", "tip", 0.20), ("02044", "tip", 0.07), ("02043", "tip", 0.01),
    ("08051", "som", 0.26), ("08051", "aggravated_som", 0.04),
)  # fmt: skip
_SECOND = ("020221", "02031", "03022", "08059")  # other offences charged along with trafficking
_CITIZENS = ("ROU", "NGA", "CHN", "ALB", "VNM", "SYR")
_ARTICLES = {
    "02041": "art. 12(1)",
    "02042": "art. 12(2)",
    "02043": "art. 13",
    "02044": "art. 12(3)",
    "08051": "art. 21",
}
_LAST = date(YEARS[-1], 12, 31)


def _who(rng: np.random.Generator, home: str) -> tuple[str, str, str]:
    """(sex, age group, citizenship)."""
    draw = rng.random(4)
    sex = "unknown" if draw[0] > 0.985 else "female" if draw[0] < 0.31 else "male"
    age = "unknown" if draw[1] > 0.97 else "child" if draw[1] < 0.02 else "adult"
    foreign = _CITIZENS[int(len(_CITIZENS) * draw[3] ** 2)]
    return sex, age, "" if draw[2] > 0.96 else home if draw[2] < 0.62 else foreign


def _course(rng: np.random.Generator) -> Iterator[tuple[str, date, str]]:
    """(stage, day, precision) of one person, as far as it went before the last year was over."""
    years = np.linspace(1.0, 2.0, len(YEARS))
    on = date(
        int(rng.choice(YEARS, p=years / years.sum())), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    )
    coarse = "year" if rng.random() < 0.08 else "day"
    fate, wait = rng.random(2), rng.integers(60, 500, 2)
    yield "formal_contact", on.replace(month=1, day=1) if coarse == "year" else on, coarse
    charged_on = on + timedelta(days=int(wait[0]))
    if fate[0] >= PROSECUTED or charged_on > _LAST:
        return
    yield "prosecuted", charged_on, "day"
    judged = charged_on + timedelta(days=int(wait[1]))
    if fate[1] < CONVICTED + ACQUITTED and judged <= _LAST:
        yield "convicted" if fate[1] < CONVICTED else "acquitted", judged, "day"


def _sentence(rng: np.random.Generator, stage: str) -> tuple[str, int | None, bool | None]:
    draw = rng.random(3)
    final = None if stage not in ("convicted", "acquitted") or draw[0] < 0.3 else bool(draw[0] < 0.75)
    if stage != "convicted" or draw[1] > 0.93:
        return "", None, final
    if draw[1] < 0.68:
        return "imprisonment", int(rng.gamma(6, 9)) + 6, final
    return ("suspended", int(rng.integers(6, 25)), final) if draw[1] < 0.86 else ("fine", None, final)


def _rows(
    rng: np.random.Generator, number: int, home: str, areas: tuple[str, ...]
) -> Iterator[OffenderRecord]:
    """Every charge of one invented person at every stage."""
    weights = np.array([weight for _offence, _crime, weight in _OFFENCES])
    offence, crime, _weight = _OFFENCES[int(rng.choice(len(_OFFENCES), p=weights / weights.sum()))]
    charges = [(offence, crime, _ARTICLES[offence])]
    if crime == "tip" and rng.random() < 0.3:
        charges.append((_SECOND[int(rng.integers(len(_SECOND)))], crime, "art. 31"))
    sex, age, citizen = _who(rng, home)
    person, area = digest("demo-offender", str(number)), areas[int(len(areas) * rng.random() ** 2)]
    for stage, on, precision in list(_course(rng)):
        body = {"formal_contact": "police", "prosecuted": "prosecution"}.get(stage, "court")
        instance = "" if body == "police" else "final" if rng.random() < 0.2 else "first"
        sentence, months, final = _sentence(rng, stage)
        for which, of, article in charges:
            yield OffenderRecord(
                number, person, stage, on, precision, of, which, article, form_of(which), sex, age, citizen,
                instance, sentence, months, final, home, area, body, b"",
            )  # fmt: skip


def demo_offenders(rng: np.random.Generator, n: int, *, actor: Viewer | None = None) -> Counts:
    """Write `n` invented accused persons into the register. Twice, from the same seed, adds nothing."""
    actor = actor or Viewer.operator()
    require(actor, "register.person.record")
    home, areas = country_and_areas()
    rows: list[Charged] = [charged(row) for i in range(n) for row in _rows(rng, i, home, areas)]
    with acting(actor):
        provenance = delivery(
            source=SOURCE, format="demo", terms="Invented data.", run_id=None, file_sha256=""
        )
        counts = write_charges(rows, provenance)
        audit(
            actor=actor, action="register.stage.record", object_kind="register",
            detail={"source": SOURCE, "added": counts.added},
        )  # fmt: skip
    return counts
