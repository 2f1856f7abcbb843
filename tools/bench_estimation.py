"""Estimation: bootstraps of whole selections against R, what threads win, how soon a process has its first answer.

R stands beside it in the same run where it is installed with the package; elsewhere its processor seconds come from
../shared/reference. Processor seconds are compared, not the clock's: machines are shared.
"""

import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

from bench_bayes import bayes
from bench_measure import ROOT, Figure, not_measured, scaled, tell
from bench_models import model_search
from bench_recruitment import coverage, recruitment
from bench_truth import known_truth

SHARED = ROOT.parent / "shared"
TIMES = 1_500  # as often as R must the same bootstrap fit into its time
TABLES = ("uk_2013_6list", "uk_2013_5list", "australia_4list", "netherlands_6list", "new_orleans_8list")
R_PROGRAM = """
library(MultipleSystemsEstimation)
z <- as.matrix(read.csv(commandArgs(TRUE)[1]))
many <- as.integer(commandArgs(TRUE)[2])
space <- asNamespace("MultipleSystemsEstimation")
run <- if (exists("estimate_population_stepwise", space)) get("estimate_population_stepwise", space) else
  get("estimatepopulation", space)
cat(sum(system.time(run(z, nboot = many, pthresh = 0.02))[1:2]))
"""


def figures(scale: float) -> list[Figure]:
    """All of them. Another estimator's figures are one more function here."""
    if not (SHARED / "data" / "mse").exists():
        return [not_measured("estimation", "", "", "../shared/data/mse is not beside the repository")]
    found: list[Figure] = []
    for part in PARTS:
        tell(part.__doc__ or part.__name__)
        found += part(scale)
    return found


def stepwise_bootstraps(scale: float) -> list[Figure]:
    """Stepwise bootstraps against R"""
    return [_stepwise(name, scale, promised=name == "uk_2013_6list") for name in TABLES]


def _stepwise(name: str, scale: float, *, promised: bool) -> Figure:
    from palermo.estimation.mse import replicates, stepwise

    capture = table(name)
    selector = stepwise.Stepwise.of(capture.k, options())
    many = scaled(1_000, scale, least=64)
    replicates.bootstrap(capture, selector, 64)
    seconds = [
        processor(lambda seed=seed: replicates.bootstrap(capture, selector, many, seed=seed))
        for seed in range(1, 6)
    ]
    ours = statistics.median(seconds) * 1_000 / many
    theirs, where = r_seconds(name, scale)
    title = f"1,000 stepwise bootstraps, {name}: times R"
    if theirs is None:
        return not_measured(title, "", "x", where)
    ratio = theirs / ours
    return Figure(
        title, f">= {TIMES:,}" if promised else "", ratio, "x", ratio >= TIMES if promised else None,
        beside=f"{ours:.4f} s against {theirs:.1f} s of processor time ({where})",
    )  # fmt: skip


def two_threads(scale: float) -> list[Figure]:
    """What the second thread wins"""
    from palermo.estimation.mse import replicates, stepwise

    title, target = "stepwise bootstraps: two threads against one", ">= 1.7"
    if (os.cpu_count() or 1) < 2:
        return [not_measured(title, target, "x", "one processor")]
    capture = table("uk_2013_6list")
    selector = stepwise.Stepwise.of(capture.k, options())
    many = scaled(30_000, scale, least=2_000)
    ratios, shares = [], []
    for _ in range(5):
        one = clock(lambda: replicates.bootstrap(capture, selector, many, threads=1))
        alone = processor(lambda: replicates.bootstrap(capture, selector, many, threads=1))
        counted = Counted(selector)
        together: list[float] = []
        two = clock(
            lambda counted=counted, together=together: together.append(
                processor(lambda: replicates.bootstrap(capture, counted, many, threads=2))
            )
        )
        ratios.append(one / two)
        shares.append(alone / (together[0] - sum(counted.spent.values()) + max(counted.spent.values())))
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    by_clock, by_processor = max(ratios), statistics.median(shares)
    found, apart = by_processor if busy else by_clock, two_processes(many)
    return [
        Figure(
            title, target, found, "x", found >= 1.7,
            beside=f"{'other work had the processors: from the processor seconds of each thread' if busy else 'clock'}"
            f"; best of five by the clock {by_clock:.2f}, two processes of their own {apart:.2f}, "
            f"load {os.getloadavg()[0]:.1f}",
        )
    ]  # fmt: skip


def two_processes(many: int) -> float:
    """What a second processor is worth here and now: two processes that share nothing, each with the same work."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(bootstrapped, [64] * 4))
        wins = []
        for _ in range(3):
            one = clock(lambda: pool.submit(bootstrapped, many).result())
            both = clock(lambda: list(pool.map(bootstrapped, [many, many])))
            wins.append(2 * one / both)
    return max(wins)


def bootstrapped(many: int) -> None:
    from palermo.estimation.mse import replicates, stepwise

    capture = table("uk_2013_6list")
    replicates.bootstrap(capture, stepwise.Stepwise.of(capture.k, options()), many)


class Counted:
    """A selector that notes the processor seconds of each thread, drawing included, since it was made."""

    def __init__(self, selector: Any) -> None:
        self.selector, self.width, self.model = selector, selector.width, selector.model
        self.before = {threading.get_ident(): time.thread_time()}
        self.spent: dict[int, float] = {}

    def block(self, tables: Any) -> Any:
        found = self.selector.block(tables)
        thread = threading.get_ident()
        self.spent[thread] = time.thread_time() - self.before.get(thread, 0.0)
        return found


def fresh_process(scale: float) -> list[Figure]:
    """Import, first estimate and memory of a new process"""
    del scale
    path = SHARED / "data" / "mse" / "uk_2013_6list.csv"
    whole, without = (FIRST.format(path=str(path), more=more) for more in ("", "bootstrap=0"))
    with tempfile.TemporaryDirectory() as empty:
        cold = fresh(whole, {"NUMBA_CACHE_DIR": empty})
    fresh(whole)
    importing = [fresh("import palermo.estimation") for _ in range(7)]
    plain = [fresh(without) for _ in range(5)]
    first = [fresh(whole) for _ in range(5)]
    loaded, seconds = middle(importing, "processor"), middle(first, "processor")
    memory = max(cold["megabytes"], middle(first, "megabytes"))
    return [
        Figure(
            "import palermo.estimation", "< 0.3 s", loaded, "s", loaded < 0.3,
            beside=f"processor, median of 7 processes; by the clock {middle(importing, 'clock'):.2f} s",
        ),
        Figure(
            "first stepwise estimate of a process", "< 2 s", seconds, "s", seconds < 2,
            beside=f"processor, import and 10,000 replicates included; by the clock {middle(first, 'clock'):.2f} s; "
            f"without replicates {middle(plain, 'processor'):.2f} s",
        ),
        Figure(
            "the same where nothing is compiled yet", "", cold["processor"], "s", None,
            beside="set-up compiles what the usual methods need (palermo.estimating.warming): nobody waits for it",
        ),
        Figure(
            "its peak memory", "< 500 MB", memory, "MB", memory < 500,
            beside=f"while compiling; afterwards {middle(first, 'megabytes'):.0f} MB",
        ),
    ]  # fmt: skip


def middle(runs: Sequence[dict[str, float]], key: str) -> float:
    return statistics.median(run[key] for run in runs)


FIRST = """
from palermo.estimation import CaptureTable, Options, mse
head, *rows = open("{path}").read().split()
cells = [row.split(",") for row in rows]
table = CaptureTable.from_counts(
    head.split(",")[:-1], {{"".join(row[:-1]): int(row[-1]) for row in cells}})
assert mse("stepwise").estimate(table, Options({more})).estimate
"""
AROUND = """
import json, resource, time
begun, clock = time.process_time(), time.perf_counter()
{work}
spent = {{"processor": time.process_time() - begun, "clock": time.perf_counter() - clock}}
print(json.dumps({{**spent, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""


def fresh(work: str, environment: dict[str, str] | None = None) -> dict[str, float]:
    """Seconds and peak megabytes of this work in a process of its own, which may keep what it compiles."""
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **(environment or {})}
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    out = subprocess.run(
        [sys.executable, "-c", AROUND.format(work=work)],
        env=around,
        check=True,
        capture_output=True,
        text=True,
    )
    measured: dict[str, float] = json.loads(out.stdout)
    return measured


def r_seconds(name: str, scale: float) -> tuple[float | None, str]:
    """R's processor seconds for 1,000 bootstraps, and where they come from."""
    rscript = shutil.which("Rscript")
    if rscript:
        many = scaled(20, scale, least=5)
        path = SHARED / "data" / "mse" / f"{name}.csv"
        program = [rscript, "-e", R_PROGRAM, str(path), str(many)]
        done = subprocess.run(program, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return float(done.stdout.split()[-1]) * 1_000 / many, f"R beside it, from {many} replicates"
    rows = [
        (row["settings"]["nboot"], row["timing"]["cpu_s_median"])
        for row in recorded()
        if row["method"] == "mse_step" and row["data"] == name and row["settings"]["nboot"]
    ]
    if not rows:
        return None, "no recorded time of R"
    many, seconds = max(rows)
    return seconds * 1_000 / many, f"recorded, from {many} replicates" if many != 1_000 else "recorded"


@cache
def recorded() -> Sequence[dict[str, Any]]:
    """What the R packages answered and took."""
    rows: list[dict[str, Any]] = json.loads((SHARED / "reference" / "mse-reference.json").read_text())[
        "results"
    ]
    return rows


@cache
def table(name: str) -> Any:
    """One of the published tables."""
    from palermo.estimation import CaptureTable

    head, *rows = (SHARED / "data" / "mse" / f"{name}.csv").read_text().split()
    cells = [row.split(",") for row in rows]
    return CaptureTable.from_counts(head.split(",")[:-1], {"".join(row[:-1]): int(row[-1]) for row in cells})


def options() -> Any:
    from palermo.estimation import Options

    return Options()


def processor(work: Callable[[], Any]) -> float:
    """Processor seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def clock(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


PARTS = [
    stepwise_bootstraps,
    two_threads,
    fresh_process,
    model_search,
    recruitment,
    coverage,
    known_truth,
    bayes,
]


if __name__ == "__main__":
    for figure in figures(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(figure)
