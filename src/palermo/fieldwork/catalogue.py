"""The indicators as data: code, name, formula, the questions they stand on, the denominator and the source."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every indicator by its code."""
    text = (files("palermo.fieldwork") / "indicators.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def wording(code: str, language: str = "English (en)") -> dict[str, str]:
    """The questions of an indicator as they are asked, by question."""
    from palermo.fieldwork.forms import sheets

    asked = {
        r["name"]: r.get(f"label::{language}", "")
        for form in ("S1", "S2")
        for r in sheets(form)["survey"]
        if r.get("name")
    }
    return {name: asked[name] for name in catalogue()[code]["questions"].split("; ") if name != "-"}
