"""The pages, as coordinator, reviewer, analyst and stranger meet them."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.rooms.reconciliation.models import Project, Run, Source
from palermo.rooms.reconciliation.tests.conftest import pair_of

pytestmark = pytest.mark.django_db


def page(client: Any, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"reconciliation:{name}", args=args), query, follow=True)
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def test_from_nothing_to_a_declared_list(people: Any, client_for: Any) -> None:
    client = client_for(people.coordinator)
    assert "There is no reconciliation yet" in page(client, "list")
    form = {
        "title": "Three lists",
        "crime": "trafficking",
        "purpose": "To count each person once, and no more.",
    }
    answer = client.post(reverse("reconciliation:new"), form, follow=True)
    found = answer.context["project"]
    assert "No list takes part yet" in answer.content.decode()
    values = {"name": "Police", "organisation": str(people.organisation.pk), "legal_basis": "short"}
    answer = client.post(reverse("reconciliation:declare", args=[found.pk]), values)
    assert answer.status_code == 200
    values["legal_basis"] = "Act on lists, article 3"
    answer = client.post(reverse("reconciliation:declare", args=[found.pk]), values, follow=True)
    assert "palermo import FILE.csv --format people --source" in answer.content.decode()
    answer = client.post(reverse("reconciliation:link", args=[found.pk]))
    assert answer.status_code == 409


def test_the_coordinator_sees_counts_and_codes(
    people: Any, client_for: Any, project: Project, run: Run
) -> None:
    client = client_for(people.coordinator)
    for name, args in (
        ("project", [project.pk]), ("run", [project.pk, run.pk]), ("people", [project.pk]), ("changes", [project.pk]),
        ("quality", [project.pk]),
    ):  # fmt: skip
        text = page(client, name, *args)
        assert "Quillam" not in text
        assert "XP100" not in text
    assert "10 records stand for" in page(client, "project", project.pk)
    text = page(client, "people", project.pk, all="1")
    codes = {f"N-{part[:9]}" for part in text.split('<bdi dir="ltr">N-')[1:]}
    told = {code: "The rule that decided" in page(client, "person", project.pk, code) for code in codes}
    # One record of the ten says nothing beside a telephone: its person has no fact to show.
    assert sorted(told.values()) == [False] + [True] * (len(codes) - 1)
    answer = client.get(reverse("reconciliation:quality-file", args=[project.pk]))
    assert b"first_of_january" in answer.content
    pair = pair_of(run, across=True)
    assert client.get(reverse("reconciliation:pair", args=[project.pk, pair.pk])).status_code == 404


def test_a_reviewer_goes_through_pairs_without_a_script(
    people: Any, client_for: Any, project: Project, run: Run
) -> None:
    client = client_for(people.case_worker)
    text = page(client, "review", project.pk)
    assert "Quillam" not in text  # hidden until the review is begun
    client.post(reverse("reconciliation:begin", args=[project.pk]))
    pair = pair_of(run, across=True)
    text = page(client, "pair", project.pk, pair.pk)
    assert text.count("Quillam") == 1
    assert "ask the holder" in text
    assert "family name is the same" in text
    answer = client.post(reverse("reconciliation:pair", args=[project.pk, pair.pk]), {"verdict": "same"})
    assert answer.status_code == 302
    assert "waits for a second person" in page(client, "pair", project.pk, pair.pk)
    client.post(reverse("reconciliation:take-back", args=[project.pk, pair.pk]))
    assert "waits for a second person" not in page(client, "pair", project.pk, pair.pk)


def test_the_other_side_sees_its_own_record_only(
    people: Any, client_for: Any, project: Project, run: Run
) -> None:
    client = client_for(people.other_worker)
    client.post(reverse("reconciliation:begin", args=[project.pk]))
    pair = pair_of(run, across=True)
    text = page(client, "pair", project.pk, pair.pk)
    assert text.count("Quillam") == 1
    inside = pair_of(run, across=False)
    assert client.get(reverse("reconciliation:pair", args=[project.pk, inside.pk])).status_code == 404


def test_from_links_to_a_study_with_linkage_error(
    people: Any, client_for: Any, project: Project, run: Run
) -> None:
    client = client_for(people.analyst)
    answer = client.post(
        reverse("reconciliation:hand-over", args=[project.pk, run.pk]), {"by_stratum": ""}, follow=True
    )
    link = reverse("estimates:new") + f"?links={answer.context['handover'].pk}"
    assert link in answer.content.decode()
    assert "draws of who is whom" in client.get(link).content.decode()
    form = {
        "title": "From links",
        "crime": "trafficking",
        "year_from": "2024",
        "year_to": "2024",
        "about": "",
    }
    answer = client.post(link, form, follow=True)
    study = answer.context["study"]
    assert (len(study.draws), study.links) == (20, study.links)
    assert study.links is not None


def test_a_removal_is_the_supervisors(
    people: Any, client_for: Any, project: Project, lists: dict[str, Source]
) -> None:
    assert (
        client_for(people.case_worker).get(reverse("reconciliation:remove", args=[project.pk])).status_code
        == 403
    )
    client = client_for(people.supervisor)
    answer = client.post(
        reverse("reconciliation:remove", args=[project.pk]), {"code": "L-2345-6789", "why": "request"}
    )
    assert "No record of your organisation has this code" in answer.content.decode()


def test_a_stranger_finds_nothing(people: Any, client_for: Any, project: Project, run: Run) -> None:
    client = client_for(people.prosecutor)
    for name, args in (("project", [project.pk]), ("run", [project.pk, run.pk]), ("quality", [project.pk])):
        assert client.get(reverse(f"reconciliation:{name}", args=args)).status_code == 404


def test_the_twin_says_the_same(people: Any, client_for: Any, project: Project, run: Run) -> None:
    client = client_for(people.coordinator)
    found = client.get(f"/api/reconciliation/{project.pk}").json()
    assert sorted(one["name"] for one in found["lists"]) == ["Harbour", "Help", "North"]
    assert client.get(f"/api/reconciliation/{project.pk}/runs/{run.pk}").json()["state"] == "done"
    pairs = client_for(people.case_worker).get(f"/api/reconciliation/{project.pk}/pairs").json()
    assert pairs
    assert "Quillam" not in str(pairs)
    assert client_for(people.analyst).get(f"/api/reconciliation/{project.pk}/pairs").status_code == 403
