"""A synthetic register: persons drawn from a mixture of invented profiles. No real person is in it.

The shares are round numbers of ours, shaped after what global reports describe (women and girls mostly in
sexual exploitation, men in forced labour, children also in begging and crime); they are not estimates of any
country. Everything is drawn from `rng` in bulk, so that a million rows take seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.imports.formats import Counts
from palermo.rooms.register.actions.attributes import Attributes, Dated, Packed, pack
from palermo.rooms.register.actions.bulk import delivery, write_persons
from palermo.rooms.register.models.flags import CONTROL, LABOUR, RECRUITER, SEXUAL
from palermo.standards import codelist
from palermo.standards.packs import pack as country_pack

SOURCE = "Palermia (demo)"
BATCH = 25_000
YEARS = tuple(range(2016, 2026))
CHILD, ADULT = ("0-8", "9-17"), ("18-20", "21-23", "24-26", "27-29", "30-38", "39-47", "48+")


@dataclass(frozen=True, slots=True)
class Profile:
    """A part of the mixture: who, exploited how. Weights need not add up to one."""

    weight: float
    female: float
    child: float
    national: float
    forms: tuple[tuple[str, float], ...]
    labour: tuple[str, ...] = ()
    crime: str = "tip"


PROFILES = (
    Profile(30, 0.93, 0.08, 0.35, (("sexual_exploitation", 1), ("slavery_or_similar", 0.02))),
    Profile(13, 0.90, 1.00, 0.70, (("sexual_exploitation", 1), ("criminal_activities", 0.05))),
    Profile(
        20, 0.18, 0.06, 0.25, (("forced_labour_or_services", 1), ("servitude", 0.05)),
        ("agriculture", "aquafarming", "construction", "manufacturing", "mining", "transportation", "trade"),
    ),
    Profile(
        9, 0.90, 0.10, 0.15, (("forced_labour_or_services", 0.9), ("servitude", 0.4)),
        ("domestic_work", "hospitality", "health_social_work", "administrative_support"),
    ),
    Profile(
        7, 0.40, 0.85, 0.60, (("begging", 0.7), ("criminal_activities", 0.5)),
        ("begging", "peddling", "illicit_activities"),
    ),
    Profile(3, 0.97, 0.55, 0.65, (("forced_marriage", 1), ("sexual_exploitation", 0.2))),
    Profile(0.7, 0.35, 0.10, 0.80, (("organ_removal", 1),)),
    Profile(0.7, 0.70, 0.50, 0.70, (("illegal_adoption", 0.6), ("surrogacy", 0.5))),
    Profile(1, 0.20, 0.80, 0.80, (("armed_forces_or_groups", 1),)),
    Profile(1.6, 0.50, 0.20, 0.50, (("other", 0.6), ("unknown", 0.5)), LABOUR),
    Profile(9, 0.30, 0.20, 0.00, (), crime="som"),
    Profile(3, 0.30, 0.25, 0.00, (), crime="aggravated_som"),
    Profile(2, 0.50, 0.25, 0.00, (("forced_labour_or_services", 0.6), ("sexual_exploitation", 0.4)),
            crime="tip_and_som"),
)  # fmt: skip

_CITIZENS = (
    "NGA",
    "ROU",
    "VNM",
    "UKR",
    "PHL",
    "BGD",
    "ETH",
    "COL",
    "MDA",
    "THA",
    "SYR",
    "PAK",
    "GHA",
    "ALB",
    "VEN",
)
_STATUS = {
    "tip": (("presumed", 0.42), ("reasonable_grounds", 0.15), ("identified", 0.3), ("declined", 0.05),
            ("rejected", 0.05), ("", 0.03)),
    "som": (("smuggled_migrant", 0.98), ("", 0.02)),
}  # fmt: skip
_KIND = (("case_management", 0.55), ("hotline", 0.2), ("law_enforcement", 0.2), ("unknown", 0.05))
_EVENT_OF = {
    "presumed": "presumed", "reasonable_grounds": "reasonable_grounds", "identified": "identified",
    "declined": "declined", "rejected": "rejected",
}  # fmt: skip


@cache
def _gender_list() -> tuple[str, ...]:
    return tuple(code.code for code in codelist("palermo/gender"))


def _one_of(rng: np.random.Generator, pairs: tuple[tuple[str, float], ...]) -> str:
    weights = np.array([weight for _code, weight in pairs])
    return pairs[int(rng.choice(len(pairs), p=weights / weights.sum()))][0]


def _answers(
    rng: np.random.Generator, codes: tuple[str, ...], yes: float, recorded: float
) -> dict[str, bool]:
    """Each code is recorded with one chance and then answered yes with another: not recorded is never no."""
    said = rng.random(len(codes)) < recorded
    true = rng.random(len(codes)) < yes
    return {code: bool(true[i]) for i, code in enumerate(codes) if said[i]}


def _who(rng: np.random.Generator, profile: Profile, home: str) -> dict[str, str]:
    """Sex, gender, age and citizenship of one invented person."""
    draw = rng.random(6)
    sex = "female" if draw[0] < profile.female else "male"
    gender = "feminine" if sex == "female" else "masculine"
    if draw[1] < 0.015:
        gender = _gender_list()[int(rng.integers(len(_gender_list())))]
        sex = sex if draw[1] < 0.010 else "other"
    elif draw[1] > 0.99:
        sex, gender = "unknown", "unknown"
    child = draw[2] < profile.child
    band = str(rng.choice(CHILD, p=(0.2, 0.8)) if child else rng.choice(ADULT))
    group = "child" if child else "adult"
    if draw[3] < 0.12:
        band = "unknown" if draw[3] < 0.08 else group
    if draw[3] < 0.03:
        group = "unknown"
    weights = 1 / np.arange(2.0, len(_CITIZENS) + 2)
    citizen = home if draw[4] < profile.national else str(rng.choice(_CITIZENS, p=weights / weights.sum()))
    return {
        "sex": sex, "gender": gender, "age_band": band, "age_group": group, "majority": group,
        "majority_at_exploitation": group if draw[5] < 0.3 else "",
        "majority_at_entry": group if 0.3 < draw[5] < 0.5 else "",
        "citizenship": "" if draw[4] > 0.97 else citizen,
    }  # fmt: skip


def _draw(
    rng: np.random.Generator, profile: Profile, home: str, areas: tuple[str, ...], turn: int | None = None
) -> Attributes:
    """One invented person of a profile. `turn` picks the type of labour in order instead of by chance."""
    year = int(YEARS[int(rng.integers(len(YEARS)))])
    first = date(year, int(rng.integers(1, 13)), int(rng.integers(1, 29)))
    status = _one_of(rng, _STATUS["som" if "tip" not in profile.crime else "tip"])
    forms = {code: True for code, chance in profile.forms if rng.random() < chance}
    if profile.forms and not forms:
        forms = {profile.forms[0][0]: True}
    sexual = _answers(rng, SEXUAL, 0.3, 0.6) if forms.get("sexual_exploitation") else {}
    place = int(rng.integers(len(profile.labour) or 1)) if turn is None else turn % (len(profile.labour) or 1)
    labour = {profile.labour[place]: True} if profile.labour else {}
    known = rng.random() < 0.6 and bool(forms)
    events = [Dated("registered", first)]
    if status in _EVENT_OF:
        events.append(Dated(_EVENT_OF[status], first.replace(month=min(12, first.month + 1))))
    return Attributes(
        year=year, crime=profile.crime, status=status, **_who(rng, profile, home), country=home,
        area=areas[int(len(areas) * rng.random() ** 2)], source_kind=_one_of(rng, _KIND),
        form=forms, labour=labour, sexual=sexual,
        control=_answers(rng, CONTROL[4:-1], 0.35, 0.5) if known else {},
        recruiter=_answers(rng, RECRUITER, 0.25, 0.8) if known else {},
        abducted=bool(rng.random() < 0.04) if known else None, events=tuple(events),
    )  # fmt: skip


@cache
def country_and_areas() -> tuple[str, tuple[str, ...]]:
    """Country and area codes of the demo's country pack."""
    found = country_pack("demo")
    return found.country, tuple(area.code for area in found.areas)


def demo_people(rng: np.random.Generator, n: int) -> Iterator[Attributes]:
    """`n` invented persons; the first 325 go through every profile and type of labour."""
    home, areas = country_and_areas()
    weights = np.array([profile.weight for profile in PROFILES])
    chosen = rng.choice(len(PROFILES), size=n, p=weights / weights.sum())
    for i in range(n):
        turn, place = divmod(i, len(PROFILES))
        if turn < len(LABOUR):
            yield _draw(rng, PROFILES[place], home, areas, turn)
        else:
            yield _draw(rng, PROFILES[int(chosen[i])], home, areas)


def demo_register(rng: np.random.Generator, n: int, *, actor: Viewer | None = None) -> Counts:
    """Write `n` invented persons into the register under the source `SOURCE`. Twice adds nothing."""
    actor = actor or Viewer.operator()
    return _write(actor, (pack(person) for person in demo_people(rng, n)))


def fill(n: int, *, seed: int = 1, variety: int = 20_000, actor: Viewer | None = None) -> Counts:
    """Put `n` persons into the register fast, to measure: `variety` drawn persons many times over,
    without events (no count reads those).
    """
    actor = actor or Viewer.operator()
    rng = np.random.default_rng(seed)
    drawn = [pack(replace(person, events=())) for person in demo_people(rng, min(variety, n))]
    return _write(actor, (drawn[i] for i in rng.integers(len(drawn), size=n)))


def _write(actor: Viewer, people: Iterator[Packed]) -> Counts:
    """Batches of one transaction each; the key is the place in the sequence, so a second run adds nothing."""
    require(actor, "register.person.record")
    total, rows = Counts(), []
    for number, person in enumerate(people, start=1):
        rows.append((number.to_bytes(16, "big"), person))
        if len(rows) == BATCH:
            total, rows = total + _batch(actor, rows), []
    return total + _batch(actor, rows) if rows else total


def _batch(actor: Viewer, rows: list[tuple[bytes, Packed]]) -> Counts:
    with acting(actor):
        provenance = delivery(
            source=SOURCE, format="demo", terms="Invented data.", run_id=None, file_sha256=""
        )
        counts = write_persons(rows, provenance)
        audit(
            actor=actor, action="register.person.record", object_kind="register",
            detail={"source": SOURCE, "added": counts.added, "updated": counts.updated},
        )  # fmt: skip
    return counts
