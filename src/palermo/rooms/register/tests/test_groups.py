"""Those who count see groups, never a person; a few and nobody look the same; each look is on record."""

from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound, Refused
from palermo.rooms.register import actions, queries
from palermo.rooms.register.models import Person

LIST = "register:list"


@pytest.fixture
def filled(people: Any) -> Any:
    actions.demo_register(np.random.default_rng(3), 400)
    return people


def looks(people: Any, action: str, who: Any) -> list[tuple[str, list[str]]]:
    with acting(people.administrator.viewer):
        return [
            (e.purpose, e.fields) for e in Entry.objects.filter(action=action, actor=who.pk).order_by("seq")
        ]


def test_an_analyst_says_what_for_and_then_sees_groups(filled: Any, client_for: Any) -> None:
    client = client_for(filled.analyst.user)
    first = client.get(reverse(LIST))
    assert first.context["groups"] is None, "nothing is shown before the purpose is given"
    assert client.get(reverse(LIST), {"sex": "female"}).context["groups"] is None
    assert client.get(reverse(LIST), {"purpose": "fun"}).context["groups"] is None
    assert looks(filled, "register.group.list", filled.analyst) == []
    found = client.get(reverse(LIST), {"purpose": "table", "sex": "female"}).context["groups"]
    assert found.rows
    assert all(row.at_least >= 5 and row.at_least % 5 == 0 for row in found.rows)
    assert looks(filled, "register.group.list", filled.analyst) == [("table", ["sex"])]


def test_no_address_shows_an_analyst_a_person(filled: Any, client_for: Any) -> None:
    with acting(Viewer.operator()):
        code = Person.objects.all()[0].code
    client = client_for(filled.analyst.user)
    for query in ({"purpose": "table"}, {"purpose": "table", "exact": "1"}):
        assert "R-" not in client.get(reverse(LIST), query).content.decode()
    by_code = client.get(reverse(LIST), {"purpose": "table", "code": code})
    assert by_code.context["groups"].total == queries.Total(400), "a code does not filter"
    for address in (
        reverse("register:person", args=[code]),
        reverse("register:withdraw", args=[code]),
        reverse("register:correct", args=[code]),
        reverse("register:withdrawn"),
        "/api/register/persons",
        f"/api/register/persons/{code}",
    ):
        assert client.get(address).status_code in (404, 403), address
    with acting(filled.analyst.viewer) as viewer:
        for call in (lambda: queries.persons(viewer, {}), lambda: queries.person(viewer, code)):
            with pytest.raises(NotFound):
                call()
        with pytest.raises(Refused):
            queries.drift(viewer)


def answers(client: Client, wanted: dict[str, str]) -> tuple[bytes, bytes]:
    """The page and the JSON for a filter, without what differs from one request to the next."""
    page = client.get(reverse(LIST), {"purpose": "table", **wanted}).content
    inside = page[page.index(b"</form>", page.index(b'class="filters"')) : page.index(b"</main>")]
    return inside, client.get("/api/register/groups", {"purpose": "table", **wanted}).content


def test_a_few_and_nobody_look_the_same(filled: Any, client_for: Any) -> None:
    few = None
    with acting(Viewer.operator()) as viewer:
        for row in queries.tally(viewer, ("year", "sex", "crime", "status")):
            if row["year"] and row["count"] < 5 and all(row[name] for name in ("sex", "crime", "status")):
                few = {name: str(row[name]) for name in ("year", "sex", "crime", "status")}
    assert few is not None
    nobody = {**few, "year": "1999"}
    client = client_for(filled.analyst.user)
    page, json = answers(client, few)
    assert (page, json) == answers(client, nobody)
    assert b"Fewer than 5" in page
    assert client.get("/api/register/groups", {"purpose": "table", **few}).json() == {
        "groups": [], "total": None, "fewer_than": 5,
    }  # fmt: skip


def test_groups_under_the_threshold_are_not_listed_and_leave_no_trace_in_the_order(filled: Any) -> None:
    with acting(filled.analyst.viewer) as viewer:
        found = queries.groups(viewer, {})
        by = ("year", "crime", "status", "sex", "age_group")
        large = [row for row in queries.tally(viewer, by) if row["count"] >= 5]
    assert len(found.rows) == min(len(large), 100)
    sizes = [row.at_least for row in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert found.total == queries.Total(400)


def test_a_coordinator_sees_rows_and_every_page_is_on_record(filled: Any, client_for: Any) -> None:
    client = client_for(filled.coordinator.user)
    page = client.get(reverse(LIST), {"sex": "female"}).context["page"]
    client.get(reverse(LIST), {"sex": "female", "after": page.next})
    client.get(reverse("register:person", args=[page.rows[0].code]))
    assert looks(filled, "register.person.list", filled.coordinator) == [("", ["sex"]), ("", ["sex"])]
    assert len(looks(filled, "register.person.view", filled.coordinator)) == 1


def test_the_json_twin_needs_a_purpose_too(filled: Any, client_for: Any) -> None:
    client = client_for(filled.analyst.user)
    assert client.get("/api/register/groups").status_code == 422
    assert client.get("/api/register/groups", {"purpose": "quality"}).json()["total"] == 400
    assert (
        client_for(filled.stranger.user).get("/api/register/groups", {"purpose": "table"}).status_code == 404
    )
