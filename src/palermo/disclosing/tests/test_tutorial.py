"""The tutorial's commands answer what the tutorial says they answer."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palermo.cli import app

PAGE = Path(__file__).resolve().parents[4] / "docs" / "tutorials" / "protect.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ palermo (.*?)\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the tutorial's folder, in which its commands follow each other."""
    return Path(shutil.copytree(PAGE.parent / "protect", tmp_path_factory.mktemp("tutorial") / "protect"))


@pytest.mark.parametrize(("command", "said"), BLOCKS, ids=[command for command, _said in BLOCKS])
def test_a_command_of_the_page(command, said, folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == (1 if "can be found out" in said else 0), result.stderr
    said, found = " ".join(said.split()), " ".join(result.stdout.split())
    if said.endswith("..."):
        assert found.startswith(said.removesuffix("...").rstrip())
    else:
        assert found == said


def test_there_are_commands_and_files():
    assert len(BLOCKS) == 9
    for name in re.findall(r"\]\(((?:protect/|\.\./)?[^)]+)\)", TEXT):
        assert (PAGE.parent / name).exists(), name


def test_files_are_shown_as_they_begin():
    for name in ("printed.csv", "victims.csv"):
        lines = (PAGE.parent / "protect" / name).read_text(encoding="utf-8").split("\n")[:2]
        assert "\n".join(lines) in TEXT
