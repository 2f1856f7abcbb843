"""`palermo link` as a person and as a program meet it."""

import csv
import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app


def call(*words):
    return CliRunner().invoke(app, ["link", *map(str, words)])


def answer(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_invented_lists_come_with_their_truth(tmp_path):
    found = answer(
        call("invent", "--records", 600, "--noise", 1, "--seed", 3, "--out", tmp_path / "new", "--json")
    )
    assert found["records"] == pytest.approx(600, rel=0.2)
    truth = rows(tmp_path / "new" / "truth.csv")
    assert len(truth) == found["records"]
    persons: dict[str, set[str]] = {}
    for row in truth:
        persons.setdefault(row["person"], set()).add(row["source"])
    histories = rows(tmp_path / "new" / "true_histories.csv")
    assert sum(int(row["count"]) for row in histories) == len(persons) == found["persons"]
    for name, many in found["sources"].items():
        assert len(rows(tmp_path / "new" / f"{name}.csv")) == many


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        call("invent", "--records", 300, "--seed", 9, "--out", tmp_path / folder)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    call("invent", "--records", 1200, "--seed", 4, "--lists", 3, "--out", folder)
    return [folder / f"{name}.csv" for name in ("police", "ngo", "shelter")]


def test_a_linkage_is_four_files_and_one_object(lists, tmp_path):
    found = answer(call(*lists, "--out", tmp_path, "--draws", 3, "--json"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "clusters.csv", "draws.csv", "histories.csv", "report.html",
    ]  # fmt: skip
    clusters, histories = rows(tmp_path / "clusters.csv"), rows(tmp_path / "histories.csv")
    counts = found["counts"]
    assert len(clusters) == counts["records"] == sum(found["sources"].values())
    assert len({row["cluster_id"] for row in clusters}) == counts["persons"]
    assert sum(int(row["count"]) for row in histories) == counts["persons"]
    assert list(histories[0]) == ["police", "ngo", "shelter", "count"]
    assert all(0 <= float(row["probability"]) <= 1 for row in clusters)
    assert {row["draw"] for row in rows(tmp_path / "draws.csv")} == {"1", "2", "3"}
    for name in ("precision", "recall"):
        assert 0 <= found[name]["lower"] <= found[name]["estimate"] <= found[name]["upper"] <= 1
    assert 0 < found["threshold"]["probability"] < 1
    assert found["threshold"]["chosen"]
    alone = sum(sum(reasons.values()) for reasons in found["not_linked"].values())
    assert alone == counts["records"] - counts["records_linked"]


def test_the_report_stands_alone_and_names_nobody(lists, tmp_path):
    answer(call(*lists, "--out", tmp_path, "--json"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    words = set(page.replace(">", " ").replace("<", " ").split())
    for path in lists:
        for row in rows(path):
            for name in (row["family_name"], row["record_id"], row["document_no"]):
                assert not name or name not in words or len(name) < 5


def test_a_higher_threshold_makes_fewer_and_surer_links(lists, tmp_path):
    loose, strict = (
        answer(call(*lists, "--out", tmp_path, "--threshold", value, "--draws", 0, "--json"))
        for value in (0.3, 0.98)
    )
    assert strict["counts"]["pairs_linked"] < loose["counts"]["pairs_linked"]
    assert strict["precision"]["estimate"] >= loose["precision"]["estimate"]
    assert not strict["threshold"]["chosen"]
    assert not (tmp_path / "draws.csv").exists()


def test_what_people_decided_is_respected(lists, tmp_path):
    answer(call(*lists, "--out", tmp_path / "a", "--json"))
    clusters: dict[str, list[tuple[str, str]]] = {}
    for row in rows(tmp_path / "a" / "clusters.csv"):
        clusters.setdefault(row["cluster_id"], []).append((row["source"], row["record_id"]))
    pair = next(members for members in clusters.values() if len(members) == 2)
    first, second = [members[0] for members in clusters.values() if len(members) == 1][:2]
    said = tmp_path / "decisions.csv"
    said.write_text(
        "source,record_id,other_source,other_record_id,decision,by\n"
        f"{','.join(pair[0])},{','.join(pair[1])},different,anna\n"
        f"{','.join(first)},{','.join(second)},same,anna\n",
        encoding="utf-8",
    )
    answer(call(*lists, "--out", tmp_path / "b", "--decisions", said, "--json"))
    after = {
        (row["source"], row["record_id"]): row["cluster_id"] for row in rows(tmp_path / "b" / "clusters.csv")
    }
    assert after[pair[0]] != after[pair[1]]
    assert after[first] == after[second]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("source,record_id\npolice,POL-000001\n", "header"),
        (
            "source,record_id,other_source,other_record_id,decision\npolice,POL-9,ngo,NGO-000001,same\n",
            "record_id",
        ),
        (
            "source,record_id,other_source,other_record_id,decision\npolice,POL-000001,ngo,NGO-000001,yes\n",
            "decision",
        ),
        (
            "source,record_id,other_source,other_record_id,decision\npolice,POL-000001,ngo,NGO-000001,same\n"
            "ngo,NGO-000001,police,POL-000001,different\n",
            "decision",
        ),
    ],
)
def test_decisions_that_cannot_be_are_refused_and_nothing_is_written(lists, tmp_path, text, rule):
    said = tmp_path / "decisions.csv"
    said.write_text(text, encoding="utf-8")
    result = call(*lists, "--out", tmp_path / "out", "--decisions", said, "--json")
    assert result.exit_code == 2
    assert {one["rule"] for one in json.loads(result.stdout)["problems"]} == {rule}
    assert "Nothing was linked." in result.stderr
    assert not (tmp_path / "out").exists()


def test_options_that_cannot_be_are_refused(lists, tmp_path):
    result = call(*lists, "--out", tmp_path / "out", "--threshold", "often", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"][0]["column"] == "--threshold"
    assert call("--out", tmp_path).exit_code == 2
