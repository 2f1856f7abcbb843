"""The tutorial's commands answer what the tutorial says they answer."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palermo.cli import app

PAGE = Path(__file__).resolve().parents[4] / "docs" / "tutorials" / "estimate.md"
BLOCKS = re.findall(
    r"```console\n\$ palermo (.*?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL
)


@pytest.mark.parametrize(("command", "said"), BLOCKS, ids=[command for command, _said in BLOCKS])
def test_a_command_of_the_page(command, said, monkeypatch):
    monkeypatch.chdir(PAGE.parent / "estimate")
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, result.stderr
    expected = said.rstrip("\n").removesuffix("...")
    assert result.stdout.startswith(expected)
    assert said.rstrip("\n").endswith("...") or result.stdout.rstrip("\n") == expected


def test_there_are_commands_and_files():
    assert len(BLOCKS) == 2
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"\]\(((?:estimate|\.\.)/[^)]+)\)", text):
        assert (PAGE.parent / name).exists(), name


def test_files_are_shown_as_they_begin():
    text = PAGE.read_text(encoding="utf-8")
    for name in ("histories.csv", "population.csv"):
        rows = (PAGE.parent / "estimate" / name).read_text(encoding="utf-8").split("\n")[:3]
        assert "\n".join(rows) in text


def test_without_strata_it_refuses_as_the_page_says(monkeypatch):
    monkeypatch.chdir(PAGE.parent / "estimate")
    result = CliRunner().invoke(app, ["estimate", "mse", "histories.csv"])
    assert result.exit_code == 2
    assert "column sex" in result.stderr
