"""Rooms plug in by declaration: the menu shows what a viewer may open, home shows what is due, in order."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access import permissions
from palermo.kernel.access.permissions import Permission, registry
from palermo.kernel.access.viewer import Viewer
from palermo.web import room
from palermo.web.home import home_for
from palermo.web.icons import shapes
from palermo.web.room import (
    Due,
    Entry,
    RoomConfig,
    Subject,
    Tab,
    Tile,
    due_for,
    menu_for,
    rooms,
    tabs_for,
)
from palermo.web.templatetags.palermo import menu

NOW = timezone.now()


def some_due(viewer: Viewer) -> list[Due]:
    return [
        Due("later", "/c", NOW + timedelta(days=30)),
        Due("no date", "/d"),
        Due("late", "/a", NOW - timedelta(days=1)),
        Due("soon", "/b", NOW + timedelta(hours=5)),
    ]


def some_tiles(viewer: Viewer) -> list[Tile]:
    return [Tile("Open cases", 3, "/x")]


class Garden(RoomConfig):
    name = "palermo.web"
    label = "garden"
    path = "."
    permissions = (
        Permission("garden.bed.dig", roles=("analyst",)),
        Permission("garden.gate.see", signed_in=True),
    )
    menu = (
        Entry("Beds", "web:about", "garden.bed.dig", pillar="numbers", order=2),
        Entry("Gate", "web:public", "garden.gate.see", pillar="protection", order=1),
    )
    due = "palermo.web.tests.test_room.some_due"
    tiles = "palermo.web.tests.test_room.some_tiles"


@pytest.fixture
def garden(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Garden("garden", SimpleNamespace(__file__=__file__, __path__=["."]))
    known = {p.code: p for p in Garden.permissions}
    monkeypatch.setattr(room, "rooms", lambda: iter([made]))
    monkeypatch.setattr("palermo.kernel.access.policy.registry", lambda: known)


def person(*roles: str) -> Viewer:
    return Viewer(kind="person", roles=frozenset(roles))


def labels(viewer: Viewer) -> list[tuple[str, str]]:
    return [(code, str(e.label)) for code, _name, entries in menu_for(viewer) for e in entries]


@pytest.mark.usefixtures("garden")
def test_the_menu_shows_what_the_viewer_may_open_and_nothing_else() -> None:
    assert labels(person("analyst")) == [("protection", "Gate"), ("numbers", "Beds")]
    assert labels(person("case_manager")) == [("protection", "Gate")]
    assert labels(Viewer.anonymous()) == []


@pytest.mark.usefixtures("garden")
def test_what_is_late_comes_first_and_what_has_no_date_last() -> None:
    assert [str(due.title) for due in due_for(person())] == ["late", "soon", "later", "no date"]


@pytest.mark.usefixtures("garden")
def test_home_counts_what_is_late_and_opens_the_doors_of_the_role() -> None:
    home = home_for(person("analyst"))
    assert (home.due_count, home.late_count, home.more) == (4, 1, 0)
    assert home.greeting == "Of the 4 things that wait for you, late: 1."
    assert [str(door.label) for door in home.doors] == ["Gate", "Beds"]
    assert [tile.value for tile in home.tiles] == [3]


@pytest.mark.parametrize(
    ("due", "urgency"),
    [
        (Due("x", "/", NOW - timedelta(seconds=1)), "overdue"),
        (Due("x", "/", NOW - timedelta(seconds=1), level="soon"), "overdue"),
        (Due("x", "/", NOW + timedelta(days=2)), "soon"),
        (Due("x", "/", NOW + timedelta(days=4)), "later"),
        (Due("x", "/"), "later"),
        (Due("x", "/", NOW + timedelta(days=4), level="overdue"), "overdue"),
    ],
)
def test_urgency_follows_the_date_unless_the_room_says_otherwise(due: Due, urgency: str) -> None:
    assert due.urgency(NOW) == urgency


def test_django_finds_the_config_of_every_room_although_the_base_is_imported_there() -> None:
    found = {config.name for config in rooms()}
    expected = {c.name for c in apps.get_app_configs() if c.name.startswith("palermo.rooms.")}
    assert expected <= found
    assert "palermo.web" in found


def entries() -> list[Any]:
    return [pytest.param(e, id=str(e.url_name)) for config in rooms() for e in config.menu]


@pytest.mark.parametrize("entry", entries())
def test_every_menu_entry_has_an_address_a_permission_an_icon_and_a_pillar(entry: Entry) -> None:
    assert reverse(entry.url_name).startswith("/")
    assert entry.permission in registry()
    assert entry.icon in shapes(), f"{entry.icon} is not among web/icons.json"
    assert entry.pillar in room.PILLARS


def test_the_shells_own_permissions_are_declared() -> None:
    assert permissions.registry()["web.public.view"].public
    assert permissions.registry()["web.home.view"].signed_in


def bed(*, child: bool | None = None, place: str = "bed") -> Subject:
    return Subject(place, uuid4(), "B-1", "/beds/1/", uuid4(), "P-1", uuid4(), None, child)


@pytest.fixture
def shed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shed(RoomConfig):
        name = "palermo.web"
        label = "shed"
        path = "."
        tabs = (
            Tab("bed", "Roots", "web:about", "garden.bed.dig", order=20),
            Tab("bed", "Leaves", "web:public", "garden.gate.see", order=10),
            Tab("bed", "Seedlings", "web:public", "garden.gate.see", order=30, shown=lambda b: bool(b.child)),
            Tab("gate", "Hinges", "web:public", "garden.gate.see"),
        )

    made = Shed("shed", SimpleNamespace(__file__=__file__, __path__=["."]))
    known = {p.code: p for p in Garden.permissions}
    monkeypatch.setattr(room, "rooms", lambda: iter([made]))
    monkeypatch.setattr("palermo.kernel.access.policy.registry", lambda: known)


@pytest.mark.usefixtures("shed")
def test_the_pages_about_one_thing_come_from_every_room_in_order_and_only_for_those_who_may() -> None:
    assert [t.label for t in tabs_for(person("analyst"), bed())] == ["Leaves", "Roots"]
    assert [t.label for t in tabs_for(person("editor"), bed())] == ["Leaves"]
    assert tabs_for(person("editor"), bed(place="shed")) == []


@pytest.mark.usefixtures("shed")
def test_a_page_is_shown_only_where_the_thing_has_it() -> None:
    assert [t.label for t in tabs_for(person("editor"), bed(child=True))] == ["Leaves", "Seedlings"]
    assert [t.label for t in tabs_for(person("editor"), bed(child=False))] == ["Leaves"]


@pytest.mark.usefixtures("garden")
def test_a_page_about_a_thing_lies_in_the_menu_where_all_things_of_its_kind_lie() -> None:
    about = replace(bed(), url=reverse("web:public") + "1/")
    request = SimpleNamespace(path="/elsewhere/", viewer=person("analyst"))
    for context, expected in (({}, []), ({"about": about}, ["Gate"])):
        pillars = menu(Context({"request": request, **context}))
        assert [str(link["label"]) for p in pillars for link in p["links"] if link["here"]] == expected
