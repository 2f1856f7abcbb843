"""The log in the database: dry run, twice is once, all or nothing, nothing is changed, and the public pages."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError
from palermo.rooms.treaties import actions
from palermo.rooms.treaties.models import TreatyAction

KNOWN = (Path(__file__).parent / "data" / "known.csv").read_bytes()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def taken(content: bytes, *, dry_run: bool = False) -> Any:
    with acting(Viewer.operator()) as viewer:
        return actions.import_lines(actor=viewer, content=content, dry_run=dry_run)


def test_a_dry_run_adds_nothing_and_twice_is_once() -> None:
    wanted = taken(KNOWN, dry_run=True).added
    with acting(Viewer.operator()):
        assert TreatyAction.objects.count() == 0
    assert taken(KNOWN).added == wanted > 50
    assert (taken(KNOWN).added, taken(KNOWN).known) == (0, wanted)


def test_one_bad_line_and_nothing_is_added() -> None:
    assert taken(KNOWN + b"TIP,Nowhere,ratification,2002-01-01,day,,\n").bad
    with acting(Viewer.operator()):
        assert TreatyAction.objects.count() == 0


def test_the_database_lets_nobody_change_a_line() -> None:
    taken(KNOWN)
    with acting(Viewer.operator()), pytest.raises(DatabaseError), transaction.atomic():
        TreatyAction.objects.update(note="changed")


def test_the_public_adds_nothing() -> None:
    with acting(Viewer.anonymous()) as viewer, pytest.raises(DomainError):
        actions.import_lines(actor=viewer, content=KNOWN)


def test_pages_tell_a_day(client: Any) -> None:
    taken(KNOWN + b"TIP,JPN,acceptance,2017-12-31,year,,\n")
    page = client.get(reverse("treaties:sheet", args=["TIP"]), {"on": "2015-04-12"}).content.decode()
    assert "France" in page
    assert "Japan" not in page
    assert "Japan" in client.get(reverse("treaties:sheet", args=["TIP"])).content.decode()
    assert client.get(reverse("treaties:state", args=["FRA"])).status_code == 200
    assert client.get(reverse("treaties:public")).status_code == 200
    assert client.get(reverse("treaties:sheet", args=["NONE"])).status_code == 404
    again = client.get(reverse("treaties:csv", args=["TIP"])).content
    assert taken(again, dry_run=True).added == 0
