"""The example of docs/methods/synthetic-data.md is run as it stands there, and says what the page says."""

import re
from pathlib import Path

from palermo.disclosure.synthesis import Plan

PAGE = Path(__file__).resolve().parents[5] / "docs" / "methods" / "synthetic-data.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_example(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})
    assert " ".join(capsys.readouterr().out.split()) in " ".join(TEXT.split())


def test_the_numbers_of_the_plan():
    plan, said = Plan(), " ".join(TEXT.split())
    assert f"{100 * plan.one_way:.0f} % of the budget" in said
    assert f"{plan.components} products" in said
    assert f"{plan.steps:,} steps" in said
    assert (plan.rare, plan.unsupported, plan.chosen) == (2.0, 1.0, 40)
