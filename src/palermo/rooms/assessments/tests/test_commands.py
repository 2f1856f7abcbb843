"""`palermo assessments`: what needs no database, and refusals that come before one is started."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palermo.assessing import app
from palermo.standards.toolkits import toolkits


def test_the_toolkits_as_json_and_nothing_else() -> None:
    told = CliRunner().invoke(app, ["toolkits", "--json"])
    assert told.exit_code == 0
    rows = json.loads(told.stdout)["toolkits"]
    assert {(one["code"], one["version"]) for one in rows} == set(toolkits())
    assert all(len(one["sha256"]) == 64 and set(one["title"]) == {"en", "fr", "ar"} for one in rows)


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "x", "--out", "report.txt"], ["form", "x", "--out", "form.pdf"],
        ["form", "x", "--out", "f.docx", "--lang", "tlh"],
    ],
)  # fmt: skip
def test_a_wrong_ending_or_language_is_told_with_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 2
    assert not list(tmp_path.iterdir())
