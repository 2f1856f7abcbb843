"""From links to capture histories: who was on exactly which lists, in all and by stratum, and the same for draws."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palermo.rooms.reconciliation.models import Listed
from palermo.rooms.reconciliation.queries.facts import settled
from palermo.standards.countries import countries

DRAWS, SEED = 20, 1
STRATA = ("", "sex", "age", "year", "region")
UNKNOWN = "not recorded"

Numbers = NDArray[Any]


def histories_of(found: Any, listed: Sequence[Listed], names: Sequence[str]) -> dict[str, Any]:
    """By kind of strata: the capture table of each stratum as the links stand, and as often as drawn.

    {"": {"tables": {"": table}, "draws": [{"": table}, ...]}, "sex": {...}, ...}. A single list has no overlap: empty.
    The draws hold the true pairs that were never compared as well (`linkage.histories.completed`).
    """
    from palermo.linkage import histories  # with the engine: for the worker alone

    lists = len(names)
    if lists < 2:
        return {}
    kinds: dict[str, Any] = {}
    rng = np.random.default_rng(SEED)
    for place, cluster in enumerate([found.cluster, *found.partitions(DRAWS, SEED)]):
        masks, groups = _histories(np.asarray(cluster), found.source)
        for kind in STRATA:
            counts = _counts(masks, _strata(kind, groups, listed), lists)
            kept = kinds.setdefault(kind, {"tables": {}, "draws": []})
            if place == 0:
                kept["tables"] = _tables(counts, names)
            else:
                whole = {
                    name: histories.completed(one, lists, found.missed, rng) for name, one in counts.items()
                }
                kept["draws"].append(_tables(whole, names))
    return kinds


def _histories(cluster: Numbers, source: Numbers) -> tuple[Numbers, list[Numbers]]:
    """The lists of each person as bits, and the records of each."""
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cluster[order]) != 0])
    groups = np.split(order, starts[1:])
    masks = np.bitwise_or.reduceat(np.int64(1) << source[order].astype(np.int64), starts)
    return masks, groups


def _strata(kind: str, groups: Sequence[Numbers], listed: Sequence[Listed]) -> list[str]:
    if not kind:
        return [""] * len(groups)
    return [_stratum(kind, [listed[place] for place in group]) for group in groups]


def _stratum(kind: str, records: Sequence[Listed]) -> str:
    """The stratum of a person: facts by the rule of conflicting facts; the year is that of the first record."""
    if kind == "year":
        days = [one.recorded_on for one in records if one.recorded_on]
        return str(min(days).year) if days else UNKNOWN
    if kind == "age":
        fact = settled("child", records)
        return UNKNOWN if fact is None else "child" if fact.value else "adult"
    if kind == "region":
        fact = settled("nationality", records)
        land = countries().get(fact.value) if fact else None
        return land.region or UNKNOWN if land else UNKNOWN
    fact = settled("sex", records)
    return str(fact.value) if fact else UNKNOWN


def _counts(masks: Numbers, strata: Sequence[str], lists: int) -> dict[str, Numbers]:
    """How many people of each stratum have each history (bit mask)."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for mask, stratum in zip(masks.tolist(), strata, strict=True):
        grouped[stratum].append(mask)
    return {
        name: np.bincount(grouped[name], minlength=1 << lists).astype(np.int64) for name in sorted(grouped)
    }


def _tables(counts: Mapping[str, Numbers], names: Sequence[str]) -> dict[str, Any]:
    """In the form of `CaptureTable.as_json`; whether a table is fit to be estimated from is for estimation to say."""
    return {
        stratum: {
            "lists": list(names), "cells": [[mask, int(n)] for mask, n in enumerate(one) if mask and n],
            "suppressed": [], "cautions": [],
        }
        for stratum, one in counts.items()
    }  # fmt: skip
