"""Linkage: how right the links of invented lists are, what they do to an estimate, what they cost.

The lists come from palermo's own generator, on seeds that nothing was tuned on (development used 7). Beside each figure
stands what Splink 5.0.0 reached on lists of the same description (recorded; other lists, so that a difference of a few
points means nothing). The command is measured whole: files in, files out.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bench_private
from bench_measure import ROOT, Figure, scaled, tell

SEEDS = (11, 23)
RECORDS, MANY = 50_000, 1_000_000
DRAWS = 20
LEAST_F1 = {0.5: 0.86, 1.0: 0.67}
MOST_SHIFT = {0.5: 8.0, 1.0: 20.0}
SPLINK = {
    0.5: "Splink engineered F1 0.81, estimate +27 %; with labels 0.83, +21 %",
    1.0: "Splink engineered F1 0.59, estimate +62 %; with labels 0.62, +67 %",
}
SPLINK_MILLION = "Splink engineered F1 0.67, 346 to 411 s, 5.3 GB; 0.75 of true pairs compared"


@dataclass(frozen=True)
class Linked:
    """One run of the command: what it said, what is true, what it took."""

    said: dict[str, Any]
    folder: Path
    precision: float
    recall: float
    f1: float
    cpu: float
    clock: float
    megabytes: float


def figures(scale: float) -> list[Figure]:
    found: list[Figure] = []
    warm()
    for noise in LEAST_F1:
        for seed in SEEDS:
            tell(f"noise {noise}, seed {seed}")
            with linked(scaled(RECORDS, scale, least=2_000), noise, seed, draws=DRAWS) as run:
                found += _accuracy(run, noise, seed) + _estimate(run, noise, seed)
                found += _cost(run, seed) if noise == 0.5 else []
        found += _candidates(scaled(RECORDS, scale, least=2_000), noise)
    tell("a million records")
    with linked(scaled(MANY, scale, least=5_000), 0.5, SEEDS[0], draws=0) as run:
        found += _million(run)
    return [*found, *bench_private.figures(scale)]


def _accuracy(run: Linked, noise: float, seed: int) -> list[Figure]:
    where = f"noise {noise}, seed {seed}"
    floor = LEAST_F1[noise]
    said = {name: run.said[name]["estimate"] for name in ("precision", "recall")}
    off = {name: abs((said[name] or 0.0) - getattr(run, name)) for name in said}
    worst = max(off.values())
    return [
        Figure(
            f"F1 of the links, {where}", f">= {floor}", run.f1, "", run.f1 >= floor,
            beside=f"precision {run.precision:.3f}, recall {run.recall:.3f}; {SPLINK[noise]}",
        ),
        Figure(
            f"precision of the links, {where}", ">= 0.90", run.precision, "", run.precision >= 0.90,
            beside="at the threshold that the command chooses itself",
        ),
        Figure(
            f"its own precision and recall are off by, {where}", "<= 0.05", worst, "", worst <= 0.05,
            beside=f"it says {said['precision']:.3f} and {said['recall']:.3f}",
        ),
    ]  # fmt: skip


def _estimate(run: Linked, noise: float, seed: int) -> list[Figure]:
    """The five-list log-linear estimate from links, and over draws of links, against that from true links."""
    where, most = f"noise {noise}, seed {seed}", MOST_SHIFT[noise]
    truth = estimated(run.folder / "true_histories.csv")
    plain = 100 * (estimated(run.folder / "linked" / "histories.csv") / truth - 1)
    drawn = 100 * (estimated(run.folder / "linked" / "draws.csv") / truth - 1)
    return [
        Figure(
            f"shift of the estimate over draws of links, {where}", f"within {most:g} %", drawn, "%",
            abs(drawn) <= most,
            beside=f"from the likeliest links alone {plain:+.1f} %; true links give {truth:,.0f}",
        )
    ]  # fmt: skip


def _cost(run: Linked, seed: int) -> list[Figure]:
    records = run.said["counts"]["records"]
    return [
        Figure(
            f"palermo link, {records:,} records, files to files, seed {seed}", "< 60 s", run.clock, "s",
            run.clock < 60, beside=f"{run.cpu:.0f} s of processor, {DRAWS} draws of links among it",
        ),
        Figure("its peak memory", "< 1,000 MB", run.megabytes, "MB", run.megabytes < 1000),
    ]  # fmt: skip


def _million(run: Linked) -> list[Figure]:
    records = run.said["counts"]["records"]
    return [
        Figure(
            f"F1 of the links, {records:,} records, noise 0.5", ">= 0.72", run.f1, "", run.f1 >= 0.72,
            beside=f"precision {run.precision:.3f}, recall {run.recall:.3f}; {SPLINK_MILLION}",
        ),
        Figure(
            f"palermo link, {records:,} records", "<= 400 s", run.cpu, "s", run.cpu <= 400,
            beside=f"processor; by the clock {run.clock:.0f} s, files to files",
        ),
        Figure("its peak memory, the million", "<= 5,000 MB", run.megabytes, "MB", run.megabytes <= 5000),
    ]  # fmt: skip


def _candidates(records: int, noise: float) -> list[Figure]:
    """The share of true pairs that are compared at all: no model can find the others."""
    import numpy as np

    from palermo.linkage.blocking import candidates, indexed
    from palermo.linkage.generator import sized
    from palermo.linkage.generator.judging import people, score
    from palermo.linkage.prepare import prepare

    made = sized(records, noise=noise, seed=SEEDS[0])
    found, person = candidates(indexed(prepare(made.lists))), people(made)
    right = int((person[found.left] == person[found.right]).sum())
    share = right / max(score(made, np.arange(len(made))).true, 1)
    return [
        Figure(
            f"true pairs among those compared, noise {noise}", "", share, "", None,
            beside=f"{len(found):,} pairs from {len(made):,} records; Splink's rules 0.79 at noise 0.5, array blocking "
            "0.92 with 860,000",
        )
    ]  # fmt: skip


@contextmanager
def linked(records: int, noise: float, seed: int, *, draws: int) -> Iterator[Linked]:
    """Invented lists, linked by the command in a process of its own; the files go away afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        palermo("invent", "--records", records, "--noise", noise, "--seed", seed, "--out", folder)
        lists = sorted(folder.glob("*.csv"))
        lists = [path for path in lists if path.name not in ("truth.csv", "true_histories.csv")]
        lists.sort(key=lambda path: ORDER.index(path.stem))
        spent = palermo(*lists, "--out", folder / "linked", "--draws", draws, "--json")
        yield Linked(json.loads(spent.out), folder, *judged(folder), spent.cpu, spent.clock, spent.megabytes)


ORDER = ("police", "ngo", "shelter", "labour", "border")


@dataclass(frozen=True)
class Spent:
    out: str
    cpu: float
    clock: float
    megabytes: float


def palermo(*words: object) -> Spent:
    """`palermo link ...`, with what it took; its progress goes to standard error."""
    program = [sys.executable, "-m", "palermo.cli", "link", *map(str, words)]
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    child = subprocess.Popen(program, env=around, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    out = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"palermo link ended with {child.returncode}")
    return Spent(out, used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024)


def warm() -> None:
    """What is compiled once on a machine is no part of the figures."""
    with linked(600, 0.5, 1, draws=2):
        pass


def judged(folder: Path) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of records: clusters.csv against truth.csv."""
    import numpy as np

    def column(path: Path, name: str) -> dict[tuple[str, str], str]:
        with path.open(encoding="utf-8", newline="") as file:
            return {(row["source"], row["record_id"]): row[name] for row in csv.DictReader(file)}

    truth = column(folder / "truth.csv", "person")
    found = column(folder / "linked" / "clusters.csv", "cluster_id")
    if truth.keys() != found.keys():
        raise SystemExit("clusters.csv does not hold the records of the lists")
    person = np.unique([truth[key] for key in truth], return_inverse=True)[1].astype(np.int64)
    cluster = np.unique([found[key] for key in truth], return_inverse=True)[1].astype(np.int64)

    def pairs(labels: Any) -> int:
        sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    right = pairs(person * (int(cluster.max()) + 1) + cluster)
    true, made = pairs(person), pairs(cluster)
    return right / max(made, 1), right / max(true, 1), 2 * right / max(true + made, 1)


def estimated(file: Path) -> float:
    """The stepwise log-linear estimate of the table, or over the draws that the file holds."""
    from palermo.estimation import Options, mse
    from palermo.estimation.mse.linkage_error import LinkDraws, over_draws
    from palermo.estimation.mse.reading import read_any

    with file.open(encoding="utf-8", newline="") as lines:
        table = read_any(lines)
    options = Options(bootstrap=0)
    result = (
        over_draws(table, mse("stepwise"), options)
        if isinstance(table, LinkDraws)
        else mse("stepwise").estimate(table, options)
    )
    if result.value is None:
        raise SystemExit(f"no estimate from {file.name}")
    return result.value


if __name__ == "__main__":
    for figure in figures(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(figure)
