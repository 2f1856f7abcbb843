"""Indicator 16.2.2 of the Sustainable Development Goals: victims of trafficking in persons per 100,000 population.

For each stratum (sex, age, form of exploitation, ...) the people detected, those undetected, both together, and the
rate. Two things are uncertain: how many there are (N), and among how many people they live (P). On the log scale the
two ends of the rate N / P are
    log r - sqrt(log(N / N_low)^2 + log(P_high / P)^2)   and   log r + sqrt(log(N_high / N)^2 + log(P / P_low)^2),
which keeps ranges that are longer on one side (Donner and Zou 2012, Stat. Methods Med. Res. 21:347-359, "MOVER").
Totals of strata estimated apart add up the same way: the squared distances of the ends add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from palermo.estimation.judging import judged
from palermo.estimation.results import Interval, Level, Result, Word, finite

PER = 100_000
SMALL = 5  # fewer people detected than this are not published without the protection of small cells
Key = tuple[str, ...]
Ends = tuple[float, float]


@dataclass(frozen=True)
class Population:
    """People living in a stratum, with the two ends of a range where the figure is itself an estimate."""

    people: float
    lower: float | None = None
    upper: float | None = None

    @property
    def ends(self) -> Ends:
        return (
            self.people if self.lower is None else self.lower,
            self.people if self.upper is None else self.upper,
        )


@dataclass(frozen=True)
class Row:
    """One line of the indicator. Estimates are None where they may not be read; what was detected always stands."""

    stratum: Mapping[str, str]
    detected: int
    total: float | None = None
    total_ends: Ends | None = None
    population: float | None = None
    rate: float | None = None
    rate_ends: Ends | None = None
    detected_rate: float | None = None
    method: str = ""
    verdict: str = ""
    flags: tuple[str, ...] = field(default=())

    @property
    def undetected(self) -> float | None:
        return None if self.total is None else self.total - self.detected

    @property
    def undetected_ends(self) -> Ends | None:
        """Those detected are known, so the range of those undetected is that of all, moved."""
        ends = self.total_ends
        return None if ends is None else (max(ends[0] - self.detected, 0.0), ends[1] - self.detected)

    def as_json(self) -> dict[str, Any]:
        def both(ends: Ends | None) -> list[float | str | None] | None:
            return None if ends is None else [finite(ends[0]), finite(ends[1])]

        return {
            "stratum": dict(self.stratum), "detected": self.detected,
            "undetected": finite(self.undetected), "undetected_range": both(self.undetected_ends),
            "total": finite(self.total), "total_range": both(self.total_ends),
            "population": finite(self.population), "detected_per_100000": finite(self.detected_rate),
            "per_100000": finite(self.rate), "per_100000_range": both(self.rate_ends),
            "method": self.method, "verdict": self.verdict, "flags": list(self.flags),
        }  # fmt: skip


def indicator(
    results: Mapping[Key, Result],
    populations: Mapping[Key, Population],
    dimensions: Sequence[str],
    *,
    total: Result | None = None,
    by: Sequence[str] | None = None,
) -> tuple[Row, ...]:
    """A row for each stratum and a last one for all of them.

    `results` and `populations` are named by their values of `dimensions` and of `by` (default: the same); a population
    that does not know a dimension, such as the form of exploitation, stands for all its values. `total` is an estimate
    of the whole where there is one that knows how the strata belong together; otherwise they are added as independent.
    """
    known = tuple(dimensions if by is None else by)
    place = [dimensions.index(name) for name in known]
    rows = [
        row(dict(zip(dimensions, key, strict=True)), result, populations.get(tuple(key[i] for i in place)))
        for key, result in sorted(results.items())
    ]
    if len(rows) == 1 and not dimensions:
        return tuple(rows)
    everybody = together(populations.values())
    if total is not None:
        return (*rows, row({}, total, everybody))
    return (*rows, summed(rows, everybody))


def row(stratum: Mapping[str, str], result: Result, population: Population | None) -> Row:
    """The line of one stratum."""
    flags = [one.code for one in result.cautions if one.level is not Level.NOTE]
    detected, value = result.n_observed, result.estimate
    ends: Ends | None = None
    if value is None:
        flags.append("no_estimate")
    elif result.interval is None:
        flags.append("no_range")
    else:
        ends = (max(result.interval.lower, float(detected)), result.interval.upper)
        flags += ["no_upper_end"] * math.isinf(ends[1])
    word = str(result.verdict.word) if result.verdict else ""
    return _rated(stratum, detected, value, ends, population, flags, result.method, word)


def summed(rows: Sequence[Row], population: Population | None) -> Row:
    """All strata together, as if they were estimated independently; no total where one of them has no estimate."""
    detected = sum(one.detected for one in rows)
    flags = list(
        dict.fromkeys(flag for one in rows for flag in one.flags if flag not in ("no_population", "few"))
    )
    known = [one for one in rows if one.total is not None]
    value = math.fsum(one.total or 0.0 for one in known) if rows and len(known) == len(rows) else None
    ends: Ends | None = None
    if value is not None and all(one.total_ends is not None for one in rows):
        low = math.sqrt(math.fsum(((one.total or 0) - (one.total_ends or (0, 0))[0]) ** 2 for one in rows))
        high = math.sqrt(math.fsum(((one.total_ends or (0, 0))[1] - (one.total or 0)) ** 2 for one in rows))
        ends = (max(value - low, float(detected)), value + high)
    methods = {one.method for one in rows}
    return _rated(
        {}, detected, value, ends, population, [*flags, "strata_added"], methods.pop() if len(methods) == 1 else "",
        _harshest(one.verdict for one in rows),
    )  # fmt: skip


def together(populations: Iterable[Population]) -> Population | None:
    """The populations of all strata as one; errors of different strata are taken as independent."""
    parts = list(populations)
    if not parts:
        return None
    people = math.fsum(one.people for one in parts)
    low = math.sqrt(math.fsum((one.people - one.ends[0]) ** 2 for one in parts))
    high = math.sqrt(math.fsum((one.ends[1] - one.people) ** 2 for one in parts))
    return Population(people, people - low, people + high)


def _rated(
    stratum: Mapping[str, str], detected: int, value: float | None, ends: Ends | None, population: Population | None,
    flags: Sequence[str], method: str, verdict: str,
) -> Row:  # fmt: skip
    said = [*flags, *(["few"] if 0 < detected < SMALL else [])]
    if population is None or not population.people > 0:
        return Row(stratum, detected, value, ends, None, method=method, verdict=verdict,
                   flags=_once([*said, "no_population"]))  # fmt: skip
    people = population.people
    if value is not None and value > people:
        said.append("more_than_live_there")
    rate = None if value is None else PER * value / people
    rate_ends = None if value is None or ends is None else _rate_ends(value, ends, population)
    return Row(
        stratum, detected, value, ends, people, rate, rate_ends, PER * detected / people, method, verdict,
        _once(said),
    )  # fmt: skip


def _rate_ends(value: float, ends: Ends, population: Population) -> Ends:
    """The two ends of value / population, from those of both (see above)."""
    people, (fewest, most) = population.people, population.ends
    if value <= 0:
        return 0.0, PER * ends[1] / fewest
    down = math.hypot(math.log(value / ends[0]) if ends[0] > 0 else math.inf, math.log(most / people))
    up = math.hypot(math.log(ends[1] / value), math.log(people / fewest))
    rate = PER * value / people
    return rate * math.exp(-down), rate * math.exp(up)


def _once(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))


def _harshest(verdicts: Iterable[str]) -> str:
    order = ["", str(Word.PUBLISH), str(Word.CARE), str(Word.NOT)]
    return max(verdicts, key=order.index, default="")


def by_stratum(result: Result) -> dict[Key, Result]:
    """The strata inside the result of a stratified estimate, each as a result of its own, with the cautions that name
    it and those that name no stratum."""
    found: dict[Key, Result] = {}
    level = result.interval.level if result.interval else 0.95
    kind = result.interval.kind if result.interval else "percentile"
    for one in result.diagnostics.get("strata", []):
        key = tuple(map(str, one["stratum"].values()))
        ends = None if one["lower"] is None else Interval(one["lower"], one["upper"], level, kind)
        said = tuple(
            caution
            for caution in result.cautions
            if ", ".join(key) in caution.values.get("strata", [", ".join(key)])
        )
        found[key] = judged(replace(
            result, value=one["estimate"], interval=ends, n_observed=round(one["observed"]), diagnostics={},
            cautions=said, verdict=None,
        ))  # fmt: skip
    return found
