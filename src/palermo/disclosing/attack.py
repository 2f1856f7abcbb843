"""`palermo attack`: what follows from published tables, and the sums that give it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from palermo.disclosing import options
from palermo.disclosing.counts import HIDDEN
from palermo.disclosing.files import Sheet
from palermo.disclosing.layout import STATUS, Columns, Grid
from palermo.disclosing.margins import published
from palermo.disclosing.protect import grids_of, sheets_of
from palermo.disclosing.words import cell_of, contradictions, group_in_words, proof
from palermo.disclosure import Contradiction, Published
from palermo.disclosure.attack import Bound, blocks, intervals
from palermo.disclosure.editions import joined
from palermo.disclosure.proofs import Deductions, Sum
from palermo.disclosure.system import UNBOUNDED, System, join
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem

Step = Callable[[float, str], None]
COUNTS = ("count", "counts", "value", "obs_value", "txtvalue", "n", "persons", "victims")
UNDER = ("exact", "small", "together")  # what may not follow from anything that is published


@dataclass(frozen=True)
class Seen:
    """One population as the world sees it. `whole`: everything adds up when what is absent is taken for 0."""

    name: str
    system: System
    whole: bool
    broken: tuple[str, ...] = ()


def attack(
    files: Sequence[str],
    *,
    count: str = "",
    by: str = "",
    earlier_first: bool = False,
    threshold: int = 5,
    parents: str | None = None,
    overlapping: Sequence[str] | None = None,
    apart: Sequence[str] | None = None,
    totals: Sequence[str] | None = None,
    where: Sequence[str] | None = None,
    wrong: options.Wrong,
    step: Step = lambda _done, _what: None,
    blur: int = 0,
) -> dict[str, Any]:
    """Everything that can be deduced. `blur`: by how many persons a figure may be off (rounded, or with noise).

    Raises Refused with all that is wrong.
    """
    sheets = sheets_of(files, options.pairs(where, "--where", wrong), wrong)
    if wrong:
        raise Refused(wrong)
    count = count or _guessed_count(sheets)
    by = by or ",".join(_guessed_by(sheets, count))
    columns = options.columns(
        count, by, threshold=threshold, apart=apart, overlapping=overlapping, totals=totals, parents_file=parents,
        wrong=wrong,
    )  # fmt: skip
    columns = replace(_apart_by_themselves(sheets, columns), blur=blur)
    per_file = [_lenient([sheet], columns, wrong) for sheet in sheets]
    warnings = [told for _grids, told in per_file if told]
    if wrong:
        raise Refused(wrong)
    populations = list(dict.fromkeys(name for found, _told in per_file for name in found))
    cells: list[dict[str, Any]] = []
    broken: list[dict[str, Any]] = []
    for number, name in enumerate(populations):
        step(number / len(populations), name)
        groups = [found[name][0] for found, _told in per_file if name in found]
        seen = _seen(name, groups, earlier_first, files)
        if seen.broken:
            broken.append({"population": name, "sums": list(seen.broken)})
        cells += _judged(seen, threshold, files if earlier_first else None)
    kinds = [cell["finding"] for cell in cells]
    return {
        "files": [sheet.name for sheet in sheets],
        "count": columns.count,
        "by": list(columns.by),
        "apart": sorted(columns.apart),
        "threshold": threshold,
        "hidden": len(cells),
        "under_threshold": sum(kind in UNDER for kind in kinds),
        "exact": kinds.count("exact"),
        "proved_small": kinds.count("small"),
        "recovered": kinds.count("recovered"),
        "together": kinds.count("together"),
        "narrowed": kinds.count("narrowed"),
        "does_not_add_up": broken,
        "cells": cells,
        "warnings": [one for told in warnings for one in told],
    }


def _guessed_count(sheets: Sequence[Sheet]) -> str:
    names = [name for name in sheets[0].header if name.casefold() in COUNTS]
    return names[0] if names else "count"


def _guessed_by(sheets: Sequence[Sheet], count: str) -> list[str]:
    """Every column with more than one value but the counts and the marks."""
    found = []
    for sheet in sheets:
        for place, name in enumerate(sheet.header):
            values = {row[place].strip() for row in sheet.rows}
            if name != count and name.casefold() not in STATUS and len(values) > 1 and name not in found:
                found.append(name)
    return found


def _apart_by_themselves(sheets: Sequence[Sheet], columns: Columns) -> Columns:
    """A column without any total adds up to nothing: each of its values is a table of its own."""
    without = set()
    for name in columns.by:
        places = [(sheet, sheet.place(name)) for sheet in sheets if name in sheet.header]
        codes = {row[place].strip().casefold() for sheet, place in places for row in sheet.rows}
        if not codes & columns.totals and name not in columns.parents:
            without.add(name)
    if without >= set(columns.by):
        without = set(columns.by[:-1])
    return replace(columns, apart=columns.apart | frozenset(without - columns.overlapping), lenient=True)


def _lenient(
    sheets: Sequence[Sheet], columns: Columns, wrong: options.Wrong
) -> tuple[dict[str, list[Grid]], list[str]]:
    """An attacker reads what there is: of two rows for one cell the first."""
    found: options.Wrong = []
    tables = grids_of(sheets, columns, found) if sheets else {}
    twice = [problem for _file, problem in found if problem.rule == "duplicate"]
    wrong += [
        (file, one)
        for file, one in found
        if one.rule != "duplicate"
        and not (one.rule == "more" and twice)
        and not (one.column == "--by" and not file)
    ]
    told = [f"{sheets[0].name}: {len(twice)} rows repeat a cell; the first is used"] if twice else []
    return tables, told


def _seen(name: str, groups: Sequence[Grid], earlier_first: bool, files: Sequence[str]) -> Seen:
    """One system of everything that is said of a population, with as many assumptions as it bears."""
    broken: tuple[str, ...] = ()
    for zero, covering in ((True, True), (True, False), (False, False)):
        tables = [_covering(published(grid, zero=zero), covering) for grid in groups]
        for tied in (True, False) if earlier_first else (True,):
            try:
                system = joined([[one] for one in tables], tied=tied) if earlier_first else join(tables)
                _possible(system)
            except Contradiction:
                broken = broken or contradictions(system)
                continue
            except ValueError:
                told = (
                    "two of the files give different counts for the same persons; if they are editions of one table, "
                    "oldest first, say --earlier-first"
                )
                raise Refused.inside(files[-1], [Problem("linked", told)]) from None
            return Seen(name, system, zero, () if zero else broken)
    hopeless = replace(system, values=np.nan_to_num(system.values))
    return Seen(name, hopeless, False, broken)


def _covering(table: Published, covering: bool) -> Published:
    return replace(table, dimensions=tuple(replace(one, covering=covering) for one in table.dimensions))


def _possible(system: System) -> None:
    """Raises Contradiction when no counts agree with what is published."""
    shown = ~np.isnan(system.values)
    known = np.where(shown, system.values, 0.0)
    still = np.flatnonzero(np.diff(system.equal[:, ~shown].indptr) == 0) if (~shown).any() else slice(None)
    if np.abs((system.equal @ known)[still]).max(initial=0) > 0.5:
        raise Contradiction("shown counts do not add up")
    followed = Deductions(system)
    if (followed.low > followed.high + 1e-6).any():
        raise Contradiction("the sums leave nothing possible")
    for block in blocks(system):
        block.programme.least(np.zeros(len(block.columns)))


def _judged(seen: Seen, threshold: int, files: Sequence[str] | None) -> list[dict[str, Any]]:
    system = seen.system
    followed = Deductions(system)
    index = system.index()
    groups = _small_groups(system, followed, threshold)
    found = []
    for bound in intervals(system, _without_programmes(system, followed)):
        place = index[bound.cell]
        said = float(system.floor[place]), float(system.top[place])
        kind = _kind(bound, said, threshold)
        cell = {
            "population": seen.name,
            **cell_of(bound.cell, files),
            "said": _pair(*said),
            "low": _number(bound.low),
            "high": _number(bound.high),
            "finding": kind or ("together" if place in groups else ""),
        }
        if not kind and place in groups:
            cell["proof"] = [group_in_words(system, groups[place], files)]
        if kind:
            cell["proof"] = proof(system, followed, place, bound, files)
        found.append(cell)
    return found


def _small_groups(system: System, followed: Deductions, threshold: int) -> dict[int, Sum]:
    """Hidden counts of one sum that are together known to be under the threshold: a small count of its own."""
    found: dict[int, Sum] = {}
    for one in followed.sums:
        parts = [place for place, _ in one.terms if np.isnan(system.values[place])]
        signs = {sign for place, sign in one.terms if place in parts}
        left = -sum(sign * system.values[place] for place, sign in one.terms if place not in parts)
        if one.exact and len(parts) > 1 and signs == {1.0} and 0 < left < threshold:
            found |= dict.fromkeys(parts, one)
    return found


def _without_programmes(system: System, followed: Deductions) -> dict[int, tuple[float, float]]:
    """Intervals that going from sum to sum gives as well as any programme: exact ones, and cells in a single sum."""
    hidden = np.isnan(system.values)
    uses = np.zeros(len(hidden), dtype=int)
    for one in followed.sums:
        places = [place for place, _ in one.terms if hidden[place]]
        uses[places] += 1
    alone = {
        place
        for one in followed.sums
        for place, _ in one.terms
        if hidden[place] and all(uses[other] == 1 for other, _ in one.terms if hidden[other])
    } | {int(place) for place in np.flatnonzero(hidden & (uses == 0))}
    exact = {int(place) for place in np.flatnonzero(hidden & (followed.high - followed.low < 1e-6))}
    high = np.where(followed.high > UNBOUNDED / 2, np.inf, followed.high)
    return {place: (float(followed.low[place]), float(high[place])) for place in alone | exact}


def _kind(bound: Bound, said: tuple[float, float], threshold: int) -> str:
    """What has been found out: the count, that it is small, more than was said, or nothing."""
    if bound.exact:
        return "exact" if bound.high < threshold - 0.5 else "recovered"
    if bound.high < threshold - 0.5 and said[1] >= threshold:
        return "small"
    low = max(said[0], 1.0) if said[1] < threshold else bound.low
    narrower = said[1] < threshold and (bound.high < said[1] - 0.5 or bound.low > low + 0.5)
    return "narrowed" if narrower else ""


def _number(value: float) -> float | int | None:
    if value >= UNBOUNDED / 2:
        return None
    return round(value) if abs(value - round(value)) < 1e-6 else round(value, 3)


def _pair(low: float, high: float) -> list[float | int | None] | None:
    return None if low <= 0 and high >= UNBOUNDED else [_number(low), _number(high)]


__all__ = ["HIDDEN", "attack"]
