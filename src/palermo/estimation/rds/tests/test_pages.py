"""The worked examples of docs/methods are what the code answers: they are run as they stand in the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from palermo.estimation.estimators import Options, nsum, rds
from palermo.estimation.rds.raking import rake

PAGES = Path(__file__).resolve().parents[5] / "docs/methods"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def run(name: str) -> tuple[str, dict[str, Any]]:
    """The page, and what is known after its indented Python has been run."""
    text = page(name)
    example = text[text.index("## Worked example") :]
    lines = [line[4:] for line in example.split("\n## ")[0].splitlines() if line.startswith("    ")]
    known: dict[str, Any] = {}
    exec("\n".join(lines), known)
    return example, known


def said(example: str, pattern: str) -> list[float]:
    found = re.search(pattern, " ".join(example.split()))
    assert found, pattern
    return [float(one.replace(",", "")) for one in found.groups()]


def test_shares() -> None:
    example, known = run("rds")
    answers = {
        name: said(example, rf"- `{name}`.*?answer ([\d.]+\d)")[0] for name in ("rds-ii", "rds-i", "rds-ss")
    }
    options = Options(bootstrap=0, more={"value": "b", "population": 60})
    for name, answer in answers.items():
        assert rds(name).estimate(known["sample"], options).value == pytest.approx(answer, abs=5e-5)


def test_size() -> None:
    example, known = run("rds-size")
    median, low, high, before, least, most = said(
        example, r"median (\d+), interval (\d+) to (\d+), where (\d+) was believed before \((\d+) to (\d+)\)"
    )
    found = rds("rds-size").estimate(known["sample"], Options(more={"prior_median": 60}))
    assert found.interval is not None
    assert [found.value, found.interval.lower, found.interval.upper] == pytest.approx(
        [median, low, high], abs=0.5
    )
    prior = found.diagnostics["prior"]["quantiles"]
    assert [prior["50"], prior["2.5"], prior["97.5"]] == pytest.approx([before, least, most], abs=0.5)
    assert found.diagnostics["prior_doubled"]["median"] == pytest.approx(
        said(example, r"believed before, (\d+):")[0], abs=0.5
    )


def test_venues_and_raking() -> None:
    example, known = run("time-location")
    found = rds("time-location").estimate(known["sample"], Options(more={"value": "y"}))
    assert found.value == pytest.approx(said(example, r"answer ([\d.]+\d)")[0], abs=5e-5)
    woman, man = said(example, r"Each woman gets ([\d.]+), each man ([\d.]+\d)")
    raked = rake(
        [1] * 8,
        {"sex": list("ffffmmmm"), "age": list("ccaaccaa")},
        {"sex": {"f": 3, "m": 1}, "age": {"c": 1, "a": 1}},
    )
    assert raked.weights.tolist() == pytest.approx([woman] * 4 + [man] * 4)


def test_scale_up() -> None:
    example, known = run("network-scale-up")
    plain, corrected, twins = said(example, r"2/250 = (\d+)\..*?\(`tau=0.5`\): (\d+)\..*?3/7 = (\d+) twins")
    found = nsum("nsum").estimate(known["survey"], Options(bootstrap=0))
    assert found.value == pytest.approx(plain)
    half = nsum("nsum-generalised").estimate(known["survey"], Options(bootstrap=0, more={"tau": 0.5}))
    assert half.value == pytest.approx(corrected)
    assert found.diagnostics["known_groups"][0]["estimate"] == pytest.approx(twins, abs=0.5)
