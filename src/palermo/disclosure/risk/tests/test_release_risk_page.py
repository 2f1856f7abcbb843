"""docs/methods/release-risk.md: its example is run as it stands, and its bars are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from palermo.disclosure.risk.harness import SURE, Bars
from palermo.disclosure.risk.membership import nearest

PAGE = Path(__file__).resolve().parents[5] / "docs/methods/release-risk.md"


@pytest.fixture(scope="module")
def example():
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index("## Worked example") :].split("\n## ")[0]
    known: dict[str, object] = {}
    exec("\n".join(line[4:] for line in part.splitlines() if line.startswith("    ")), known)
    return " ".join(part.split()), known


def said(text, pattern):
    found = re.search(pattern, text)
    assert found, pattern
    return [float(one) for one in found.groups()]


def test_membership(example):
    text, known = example
    near = [nearest(known["release"], known[side]).tolist() for side in ("members", "holdout")]
    assert near == [[0, 1, 0, 0], [1, 1, 1, 0]]
    assert known["guess"].auc == said(text, r"AUC \(9 \+ 3\) / 16 = ([\d.]+\d)")[0]


def test_unique_records_and_attributes(example):
    text, known = example
    assert [known["found"].members, known["found"].holdout] == said(
        text, r"stands in the release: ([\d.]+\d)\..*?one stands there: ([\d.]+\d)\."
    )
    assert [known["given"].members, known["given"].holdout] == said(
        text, r"one member of four, ([\d.]+\d), and for nobody held out, (\d)"
    )


def test_groups_and_special_uniques(example):
    text, known = example
    groups = known["groups"]
    assert [groups.k, groups.l, groups.t] == said(text, r"k = (\d);.*?l = (\d)\..*?t = ([\d.]+\d)")
    assert known["special"].counts[:2].tolist() == [[1, 0, 0], [0, 2, 0]]


def test_the_bars_of_the_page_are_those_of_the_code():
    page = PAGE.read_text(encoding="utf-8")
    for name, bar in vars(Bars()).items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
        assert float(re.findall(r"[\d.]+", row.split("|")[-2])[-1]) == bar
    assert SURE == 3.0
    assert "more than three standard errors" in " ".join(page.split())
