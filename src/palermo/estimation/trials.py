"""Estimators tried where the truth is known: does the range hold it, and does the verdict warn where it cannot?

trial(design("dependent"), runs=500).share          # of ranges that hold the truth
trial(design("hidden"), runs=500).warned            # share of runs whose verdict says why it cannot
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from palermo.estimation.diagnosing import Diagnosis, diagnose
from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.designs import Design
from palermo.estimation.mse.refitting import fitting_method
from palermo.estimation.mse.table import Counts
from palermo.estimation.problems import BadInput
from palermo.estimation.results import Level

REPLICATES = 1_000
OF_REPLICATES = {"end_at_extreme", "few_replicates"}
OTHERS = ("stepwise", "chao")


@dataclass(frozen=True)
class Trial:
    """What `runs` populations of one design gave. `share` is that of ranges that hold the truth among runs that have
    one, `refused` of runs without a headline number, `warned` of runs that are refused or whose verdict has a reason
    (other than that more replicates are wanted); `words` count the verdicts, `codes` the reasons (cautions of level
    care and hard)."""

    design: str
    runs: int
    share: float | None
    refused: float
    warned: float
    words: Mapping[str, int]
    codes: Mapping[str, int]


def trial(
    design: Design,
    *,
    runs: int = 500,
    method: str = "stepwise",
    options: Options | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Draw populations, estimate and diagnose each. Run i has the seed options.seed + i; threads change nothing."""
    options = options or Options(bootstrap=REPLICATES)
    counts = design.tables(runs, options.seed)

    def one(i: int) -> Diagnosis | None:
        own = replace(options, seed=options.seed + i, threads=1)
        return _one(design, counts[i], fitting_method(method, design.k), own)

    found: list[Diagnosis | None] = []
    with ThreadPoolExecutor(options.threads, thread_name_prefix="trial") as pool:
        for answer in pool.map(one, range(runs)) if options.threads > 1 else map(one, range(runs)):
            found.append(answer)
            if progress:
                progress(len(found) / runs, design.name)
    return _counted(design, found)


def _one(design: Design, counts: Counts, method: str, options: Options) -> Diagnosis | None:
    """None where the table is refused as input."""
    try:
        table = design.table(counts)
    except BadInput:
        return None
    if table.k == 2:
        options = replace(options, bootstrap=None)
    return diagnose(table, fitting_method(method, table.k), options, others=OTHERS)


def _counted(design: Design, found: list[Diagnosis | None]) -> Trial:
    results = [one.result for one in found if one is not None]
    ranged = [one for one in results if one.lower is not None and one.upper is not None]
    held = sum((one.lower or 0.0) <= design.people <= (one.upper or 0.0) for one in ranged)
    words = Counter("refused" if one is None else str(one.verdict.word) for one in found)
    reasons = [{said.code for said in one.cautions if said.level is not Level.NOTE} for one in results]
    codes = Counter(code for said in reasons for code in sorted(said))
    silent = sum(not said - OF_REPLICATES for said in reasons)
    return Trial(
        design=design.name, runs=len(found), share=held / len(ranged) if ranged else None,
        refused=1 - len(ranged) / len(found), warned=1 - silent / len(found),
        words=dict(words), codes=dict(codes.most_common()),
    )  # fmt: skip
