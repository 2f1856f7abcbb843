"""The worked examples of the methods pages of bounds, heterogeneity, strata, covariates and linkage."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation import CaptureTable, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse import covariates, linkage_error
from palermo.estimation.mse.people import People
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.stratified import estimate

PAGES = Path(__file__).resolve().parents[4] / "docs/methods"
TABLE = CaptureTable.from_counts(
    ("police", "shelters", "health"),
    {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "011": 10, "111": 6},
)


def said(page: str, pattern: str) -> list[float]:
    """The numbers that a page says in the place of each group of the pattern."""
    text = re.sub(r"\s+", " ", (PAGES / page).read_text())
    found = re.search(pattern, text)
    assert found, pattern
    return [float(one.replace(",", "")) for one in found.groups()]


def test_chao():
    found = mse("chao").estimate(TABLE)
    assert [round(one) for one in (found.value, found.lower, found.upper)] == said(
        "mse-chao.md", r"at least (\d+), interval (\d+) to (\d+)"
    )
    moment, corrected = said("mse-chao.md", r"/ 124 = (\d+); bias-corrected (\d+)")
    assert (round(found.diagnostics["moment"]), round(found.diagnostics["bias_corrected"])) == (
        moment,
        corrected,
    )
    assert [round(one["estimate"]) for one in found.diagnostics["pairs"]] == said(
        "mse-chao.md",
        r"police and shelters (\d+), police and health (\d+), shelters and health (\d+)\. Police",
    )


def test_closedp():
    found = mse("closedp").estimate(TABLE)
    models = {one["model"]: one["abundance"] for one in found.diagnostics["models"]}
    numbers = said(
        "mse-heterogeneity.md",
        r"Mt, (\d+), interval (\d+) to (\d+)\. Mth Poisson2 answers (\d+), Mth Darroch (\d+), Mth Gamma3\.5 (\d+)",
    )
    shapes = [models[f"Mth {shape}"] for shape in ("Poisson2", "Darroch", "Gamma3.5")]
    assert found.model == "Mt"
    assert [round(one) for one in (found.value, found.lower, found.upper, *shapes)] == numbers


def test_coverage():
    table = CaptureTable.from_counts(
        "PQE", {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
    )
    found = mse("coverage").estimate(table, Options(bootstrap=0)).diagnostics
    numbers = said("mse-heterogeneity.md", r"C = ([\d.]+) %, D/C = (\d+), N̂ = (\d+), N̂₁ = (\d+)")
    assert round(100 * found["covered"], 1) == numbers[0]
    assert [round(found[one]) for one in ("independent", "full", "one_step")] == numbers[1:]


def test_doubly_robust():
    g = np.random.Generator(np.random.Philox(key=2026))
    age = g.uniform(15, 45, 2000)
    chance = 1 / (1 + np.exp(-np.stack([0.5 - 0.1 * (age - 25), 0.2 - 0.08 * (age - 25)], axis=1)))
    seen = g.random((2000, 2)) < chance
    kept = seen.any(axis=1)
    people = People.from_arrays(("police", "shelters"), seen[kept], {"age": age[kept]})
    found = covariates.estimate(people, Options())
    pattern = (
        r"([\d,]+) are seen\. Chapman.*?answers ([\d,]+)\. Doubly robust: ([\d,]+), interval ([\d,]+) to "
    )
    pattern += r"([\d,]+)\."
    naive = found.diagnostics["pairs"][0]["chapman"]
    ours = [people.n, naive, found.value, found.lower, found.upper]
    assert [round(one) for one in ours] == said("mse-doubly-robust.md", pattern)


def test_linkage():
    table = CaptureTable.from_counts("AB", {"10": 150, "01": 100, "11": 50})
    more = {"match_rate": 0.9, "false_match_rate": 0.02, "reviewed": [200, 300]}
    found = linkage_error.ding_fienberg(table, Options(more=more))
    pattern = r"N = (\d+) \(without correction (\d+)\), interval (\d+) to (\d+)"
    ours = [found.value, found.diagnostics["without_correction"], found.lower, found.upper]
    assert [round(one) for one in ours] == said("mse-linkage.md", pattern)


ROWS = {
    "women": {"1000": 70, "0100": 55, "0010": 40, "0001": 25, "1100": 18, "1010": 12, "1001": 7, "0110": 10, "0101": 6,
              "0011": 4, "1110": 3, "1101": 2},
    "men": {"1000": 12, "0100": 30, "0010": 22, "0001": 14, "1100": 3, "1010": 2, "0110": 6, "0101": 3, "0011": 2,
            "1001": 1},
    "girls": {"1000": 6, "0100": 3, "0010": 4, "1100": 1},
    None: {"0100": 9, "1000": 5},
}  # fmt: skip


@pytest.mark.parametrize(("how", "column"), [("separate", 2), ("crossed", 3), ("pooled", 4)])
def test_strata(how, column):
    rows = [((group,), history, count) for group, cells in ROWS.items() for history, count in cells.items()]
    data = StratifiedTable.from_rows(("police", "shelters", "health", "hotline"), ("group",), rows)
    found = estimate(data, Options(more={"how": how, "estimator": "chao"}))
    strata = {one["stratum"]["group"]: one for one in found.diagnostics["strata"]}
    page = (PAGES / "mse-strata.md").read_text()
    for name in ("women", "men", "girls"):
        cells = re.search(rf"\| {name} \|(.*)\|", page).group(1).split("|")
        assert round(strata[name]["estimate"]) == int(cells[column - 1])
    total = re.search(r"\| total \|(.*)\|", page).group(1).split("|")[column - 1].strip()
    if how == "separate":
        assert found.estimate is None
        assert total == f"{found.value:,.0f}, withheld"
    else:
        assert total == f"{found.value:,.0f} ({found.lower:,.0f}-{found.upper:,.0f})"
    assert found.model == ("police*group" if how == "crossed" else "")
