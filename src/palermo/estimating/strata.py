"""Each stratum held against itself, and what the whole has to say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from palermo.estimation import BadInput, BadOptions, CaptureTable, Caution, Options, Result, Verdict
from palermo.estimation.diagnosing import Diagnosis, diagnose
from palermo.estimation.judging import SEVERITY
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.stratified import whole
from palermo.estimation.sdg import by_stratum
from palermo.saying import Sentence, phrase

MOST = 24  # strata; more would take minutes
Step = Callable[[float, str], None]


def checked(table: StratifiedTable, result: Result, options: Options, step: Step | None) -> Result:
    """The result of all strata with the doubts about each, and with the harshest of their verdicts."""
    if len(table.keys) > MOST:
        return result
    counts = whole(table.completed())
    results = by_stratum(result)
    found: list[tuple[str, Diagnosis]] = []
    for s, key in enumerate(table.keys):
        name = ", ".join(key)
        part = table.table(s, counts[s] if table.partial else None)
        if part is not None and results[key].value is not None:
            try:
                found.append((name, _diagnosed(part, result.method, options, results[key])))
            except (BadInput, BadOptions):
                continue
        if step:
            step((s + 1) / len(table.keys), name)
    return _told(result, found)


def _diagnosed(part: CaptureTable, method: str, options: Options, result: Result) -> Diagnosis:
    return diagnose(part, method, options, result=replace(result, data_hash=part.hash))


def _inside(stratum: str, told: str) -> Sentence:
    return phrase("In {stratum}: {told}", stratum=stratum, told=told)


def _told(result: Result, found: list[tuple[str, Diagnosis]]) -> Result:
    """One caution for each thing found in each stratum; it names its stratum."""
    said = [
        Caution(one.code, one.level, _inside(name, one.message), {**one.values, "strata": [name]})
        for name, diagnosis in found
        for one in diagnosis.cautions
    ]
    result = result.with_cautions(*said)
    for name, diagnosis in found:
        word, before = diagnosis.verdict.word, result.verdict
        if before is None or SEVERITY.index(word) > SEVERITY.index(before.word):
            reasons = tuple(_inside(name, reason) for reason in diagnosis.verdict.reasons)
            result = replace(result, verdict=Verdict(word, reasons))
    return result
