"""The tutorial's commands answer what the tutorial says they answer."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palermo.cli import app

PAGE = Path(__file__).resolve().parents[4] / "docs" / "tutorials" / "link.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ palermo (.*?)\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the tutorial's folder, in which its commands follow each other."""
    return Path(shutil.copytree(PAGE.parent / "link", tmp_path_factory.mktemp("tutorial") / "link"))


NUMBER = re.compile(r"\d[\d,.]*")


def alike(said, found):
    """The same words, and figures that differ by a tenth at most: better weights need no other page."""
    said, found = " ".join(said.split()), " ".join(found.split())
    if said.endswith("..."):
        said = said.removesuffix("...").rstrip()
        found = found[: len(said) + 40]
        found = found[: found.index("seen by") - 20] if "seen by" in found else found
    figures = [
        [float(one.replace(",", "").rstrip(".")) for one in NUMBER.findall(text)] for text in (said, found)
    ]
    figures[1] = figures[1][: len(figures[0])]
    assert all(abs(a - b) <= max(0.1 * a, 6) for a, b in zip(*figures, strict=True)), figures
    assert NUMBER.sub("#", found).startswith(NUMBER.sub("#", said).rsplit(" ", 2)[0])


@pytest.mark.parametrize(("command", "said"), BLOCKS, ids=[command for command, _said in BLOCKS])
def test_a_command_of_the_page(command, said, folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, result.stderr
    alike(said, result.stdout)


def test_there_are_commands_and_files():
    assert len(BLOCKS) == 3
    for name in re.findall(r"\]\(((?:link/|\.\./)?[^)]+)\)", TEXT):
        assert (PAGE.parent / name).exists(), name


def test_files_are_shown_as_they_begin():
    for name in ("police.csv", "shelter.toml"):
        lines = (PAGE.parent / "link" / name).read_text(encoding="utf-8").split("\n")[:2]
        assert "\n".join(lines) in TEXT


def test_the_truth_is_what_the_page_says():
    with (PAGE.parent / "link" / "true_histories.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    persons = sum(int(row["count"]) for row in rows)
    several = sum(
        int(row["count"]) for row in rows if sum(row[n] == "1" for n in ("police", "ngo", "shelter")) > 1
    )
    assert f"{persons:,} persons" in TEXT
    assert f"{several:,} of them in more than one list" in TEXT
