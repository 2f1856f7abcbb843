"""From links to capture histories: who was on exactly which lists, in all and by stratum, and the same for draws."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from palermo.rooms.reconciliation.models import Listed
from palermo.rooms.reconciliation.queries.facts import settled
from palermo.standards.countries import countries

DRAWS, SEED = 20, 1
STRATA = ("", "sex", "age", "year", "region")
UNKNOWN = "not recorded"


def histories_of(found: Any, listed: Sequence[Listed], names: Sequence[str]) -> dict[str, Any]:
    """By kind of strata: the capture table of each stratum as the links stand, and as often as drawn.

    {"": {"tables": {"": table}, "draws": [{"": table}, ...]}, "sex": {...}, ...}. A single list has no overlap: empty.
    """
    if len(names) < 2:
        return {}
    sources = {source: place for place, source in enumerate(dict.fromkeys(one.source_id for one in listed))}
    on = np.array([sources[one.source_id] for one in listed])
    labels = [np.asarray(found.cluster), *_drawn(found)]
    kinds: dict[str, Any] = {kind: {"tables": {}, "draws": []} for kind in STRATA}
    for place, cluster in enumerate(labels):
        masks, groups = _histories(cluster, on)
        for kind in STRATA:
            strata = _strata(kind, groups, listed)
            tables = _tables(masks, strata, names)
            if place == 0:
                kinds[kind]["tables"] = tables
            else:
                kinds[kind]["draws"].append(tables)
    return kinds


def _drawn(found: Any) -> list[np.ndarray]:
    """Clusters as drawn from the posterior of the links, one array of labels a draw."""
    return [np.asarray(labels) for labels in found.partitions(DRAWS, SEED)]


def _histories(cluster: np.ndarray, on: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """The lists of each person as bits, and the records of each."""
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cluster[order]) != 0])
    groups = np.split(order, starts[1:])
    masks = np.bitwise_or.reduceat((1 << on)[order], starts)
    return masks, groups


def _strata(kind: str, groups: Sequence[np.ndarray], listed: Sequence[Listed]) -> list[str]:
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


def _tables(masks: np.ndarray, strata: Sequence[str], names: Sequence[str]) -> Mapping[str, Any]:
    """In the form of `CaptureTable.as_json`; whether a table is fit to be estimated from is for estimation to say."""
    grouped: dict[str, Counter[int]] = defaultdict(Counter)
    for mask, stratum in zip(masks.tolist(), strata, strict=True):
        grouped[stratum][mask] += 1
    return {
        stratum: {
            "lists": list(names), "cells": sorted([mask, n] for mask, n in grouped[stratum].items()),
            "suppressed": [], "cautions": [],
        }
        for stratum in sorted(grouped)
    }  # fmt: skip
