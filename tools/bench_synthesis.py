"""Synthetic rows: how much of the data they keep, what they invent, what they cost.

CTDC's public file of 2017 (20 columns as its synthetic data set of 2024 has them; not shipped:
../shared/data/ctdc) and invented people in the shape of that set (tools/invented_rows.py). Each is released
by the command, in a process of its own: epsilon 4, delta 1 / (n ln n), categories from the codebooks. Beside
each figure stands what pac-synth 0.0.8 reached on the same description (recorded, shared measures:
palermo.disclosure.synthesis.utility).
"""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench_measure import ROOT, SHARED, Figure, not_measured, scaled, tell
from invented_rows import RECRUITERS, TYPES, invented

CTDC = SHARED / "ctdc" / "ctdc_global_kanon_2017-11-27.csv"
SEED = 11
MEANS_2017 = (
    "DebtBondage", "Threats", "PsychologicalAbuse", "FalsePromises", "PsychoactiveSubstances",
    "RestrictsMovement",    "ExcessiveWorkingHours", "WithholdsDocuments",
)  # fmt: skip
BASE = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation")
FLAGS_2017 = (*(f"meansOfControl{one}" for one in MEANS_2017), *TYPES, *RECRUITERS)
NOTHING_KNOWN = {"Unknown", "Missing"}
INVENTED = {50_000: (960, 60), 500_000: (970, 90)}


@dataclass(frozen=True)
class Released:
    """What the command said of one release (losses by length), and what it took."""

    losses: dict[int, dict[str, float]]
    shuffled: dict[int, dict[str, float]]
    cpu: float
    clock: float
    megabytes: float


def figures(scale: float) -> list[Figure]:
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found += _ctdc(folder, scale)
        for rows, (least, seconds) in INVENTED.items():
            found += _invented(folder, scaled(rows, scale, least=1_000), least, seconds)
    return found


def _ctdc(folder: Path, scale: float) -> list[Figure]:
    if not CTDC.exists():
        return [not_measured("synthetic rows of CTDC 2017: k-marginal", ">= 980", "", "the file is not here")]
    from palermo.disclosing.domains import known

    lists = {**{one: known("ctdc-2017")[one] for one in BASE}, **dict.fromkeys(FLAGS_2017, ("1",))}
    domain = folder / "lists.csv"
    _write(domain, ("column", "value"), [(c, v) for c, values in lists.items() for v in values])
    file, n = _ctdc_rows(folder / "ctdc.csv", scale)
    tell("CTDC, without refusal")
    free = released(file, n, domain, "--no-refuse")
    tell("CTDC, with refusal")
    strict = released(file, n, domain)
    k3, error = free.losses[3]["k_marginal"], free.losses[2]["error"]
    false, k3_strict = strict.losses[2]["fabricated"], strict.losses[3]["k_marginal"]
    title = f"synthetic rows of CTDC 2017, {n:,} rows"
    return [
        Figure(f"{title}: k-marginal of 3 columns", ">= 980", k3, "", k3 >= 980,
               beside=f"pac-synth 904, best settings 922; columns shuffled {free.shuffled[3]['k_marginal']:.0f}"),
        Figure(f"{title}: mean error, 2 columns", "<= 0.30", error, "", error <= 0.30,
               beside=f"pac-synth 0.72, best settings 0.46; 3 columns {free.losses[3]['error']:.2f}"),
        Figure(f"{title}, refusing: fabricated pairs", "<= 0.12", false, "", false <= 0.12,
               beside=f"pac-synth 0.39; without refusal {free.losses[2]['fabricated']:.2f}; lost "
               f"{strict.losses[2]['lost']:.2f}, error {strict.losses[2]['error']:.2f}"),
        Figure(f"{title}, refusing: k-marginal of 3 columns", ">= 965", k3_strict, "", k3_strict >= 965),
        *_cost(title, strict, 60),
    ]  # fmt: skip


def _invented(folder: Path, n: int, least: float, seconds: float) -> list[Figure]:
    tell(f"{n:,} invented people")
    file = folder / "invented.csv"
    rows = invented(n, SEED)
    _write(file, rows.columns, rows.to_records())
    del rows
    made = released(file, n, "ctdc-2024", "--no-refuse")
    k3 = made.losses[3]["k_marginal"]
    title = f"synthetic rows, {n:,} invented people"
    return [
        Figure(f"{title}: k-marginal of 3 columns", f">= {least}", k3, "", k3 >= least,
               beside=f"error of 2 and 3 columns {made.losses[2]['error']:.2f} and {made.losses[3]['error']:.2f}; "
               f"columns shuffled {made.shuffled[3]['k_marginal']:.0f}"),
        *_cost(title, made, seconds),
    ]  # fmt: skip


def _cost(title: str, made: Released, seconds: float) -> list[Figure]:
    return [
        Figure(f"{title}: processor", f"<= {seconds} s", made.cpu, "s", made.cpu <= seconds,
               beside=f"by the clock {made.clock:.0f} s, files to files, with the comparison"),
        Figure(f"{title}: peak memory", "<= 1,600 MB", made.megabytes, "MB", made.megabytes <= 1600),
    ]  # fmt: skip


def released(file: Path, n: int, domain: Path | str, *more: str) -> Released:
    """`palermo synthesize FILE ... --compare`, with what it took."""
    out = file.with_name(f"{file.stem}-out.csv")
    program = [sys.executable, "-m", "palermo.cli", "synthesize", file, "--epsilon", 4, "--out", out]
    program += ["--delta", 1 / (n * math.log(n)), "--domain", domain, "--compare", "--json", *more]
    begun = time.perf_counter()
    child = subprocess.Popen(
        list(map(str, program)),
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    said = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"palermo synthesize ended with {child.returncode}: {said}")
    told = json.loads(said)["reviewers"]
    return Released(
        *({one["length"]: one for one in told[which]} for which in ("release", "shuffled")),
        used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024,
    )  # fmt: skip


def _ctdc_rows(path: Path, scale: float) -> tuple[Path, int]:
    """The 20 columns with flags as 1 or blank, and what is unknown as not recorded: as in CTDC's set of
    2024."""
    with CTDC.open(encoding="utf-8", newline="") as file:
        rows = [
            [
                "" if row[c] in NOTHING_KNOWN or (c in FLAGS_2017 and row[c] == "0") else row[c]
                for c in (*BASE, *FLAGS_2017)
            ]
            for row in csv.DictReader(file)
        ]
    rows = rows[: scaled(len(rows), scale, least=1_000)]
    _write(path, (*BASE, *FLAGS_2017), rows)
    return path, len(rows)


def _write(path: Path, header, rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    for one in figures(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(one)
