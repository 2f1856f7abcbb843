"""Whoever is withdrawn is counted nowhere, comes back by no door but the undo, and an erasure keeps nothing."""

import json
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, StepUpNeeded
from palermo.kernel.imports.actions import run_import
from palermo.rooms.register import actions, queries
from palermo.rooms.register.models import Event, Person, Withdrawal

WHO = {"sex": "female", "age_group": "adult", "crime": "tip", "citizenship": "XPA", "form": {"begging": True}}


def feed(viewer: Viewer, key: bytes, kind: str = "presumed", **more: Any) -> bool:
    return actions.record_case_event(
        actor=viewer, pseudonym=key, kind=kind, on=date(2025, 3, 4), attributes={**WHO, **more}
    )


@pytest.fixture
def fed(people: Any) -> tuple[Any, bytes, str]:
    """A person whom a case has fed: the cast, the pseudonym, the public code."""
    key = actions.pseudonym(uuid.uuid4())
    with acting(people.case_worker.viewer) as worker:
        feed(worker, key)
        feed(worker, key, "identified")
    with acting(people.coordinator.viewer):
        return people, key, Person.objects.get().code


def state(people: Any) -> tuple[int, int, int]:
    """Persons, events, and persons counted; the counts must agree with the rows."""
    with acting(people.coordinator.viewer) as viewer:
        assert queries.drift(viewer) == []
        return Person.objects.count(), Event.objects.count(), queries.tally(viewer, ())[0]["count"]


def test_a_withdrawn_person_is_counted_nowhere_and_is_not_fed_again(fed: Any) -> None:
    people, key, code = fed
    with acting(people.coordinator.viewer) as viewer:
        actions.withdraw_person(actor=viewer, code=code, reason="consent")
    assert state(people) == (0, 0, 0)
    with acting(people.case_worker.viewer) as worker:
        assert feed(worker, key, "assisted") is False
    assert state(people) == (0, 0, 0)
    with acting(people.administrator.viewer):
        entry = Entry.objects.get(action="register.person.withdraw")
        assert entry.detail == {"code": code, "reason": "consent"}


def test_an_undo_brings_back_the_person_the_code_and_the_events(fed: Any) -> None:
    people, key, code = fed
    with acting(people.coordinator.viewer) as viewer:
        before = Person.objects.values().get()
        events = list(
            Event.objects.order_by("kind").values("kind", "on", "precision", "area", "provenance_id")
        )
        actions.withdraw_person(actor=viewer, code=code, reason="mistake")
        actions.restore_person(actor=viewer, code=code)
        after = Person.objects.values().get()
        assert {k: bytes(v) if isinstance(v, memoryview) else v for k, v in after.items()} == {
            k: bytes(v) if isinstance(v, memoryview) else v for k, v in before.items()
        }
        assert (
            list(Event.objects.order_by("kind").values("kind", "on", "precision", "area", "provenance_id"))
            == events
        )
        assert Withdrawal.objects.get().kept is None
        with pytest.raises(Conflict):
            actions.restore_person(actor=viewer, code=code)
    assert state(people) == (1, 2, 1)
    with acting(people.case_worker.viewer) as worker:
        assert feed(worker, key, "assisted")
    with acting(people.coordinator.viewer) as viewer:
        actions.withdraw_person(actor=viewer, code=code, reason="duplicate")
    assert state(people) == (0, 0, 0)


def test_an_erasure_keeps_nothing_and_cannot_be_undone(fed: Any) -> None:
    people, _key, code = fed
    with acting(people.coordinator.viewer) as viewer:
        actions.withdraw_person(actor=viewer, code=code, reason="erasure")
        row = Withdrawal.objects.values("kept", "number", "provenance_id").get()
        assert row["kept"] is None
        assert row["provenance_id"] is not None, "where it came from stays"
        with pytest.raises(Conflict):
            actions.restore_person(actor=viewer, code=code)


def test_who_was_withdrawn_may_ask_for_erasure_later(fed: Any) -> None:
    people, _key, code = fed
    with acting(people.coordinator.viewer) as viewer:
        actions.withdraw_person(actor=viewer, code=code, reason="consent")
        assert Withdrawal.objects.get().kept is not None
        actions.withdraw_person(actor=viewer, code=code, reason="erasure")
        assert Withdrawal.objects.values_list("kept", "reason").get() == (None, "erasure")


@pytest.mark.django_db(transaction=True)
def test_after_the_days_of_undo_nothing_is_kept(cluster: Any, people: Any) -> None:
    with acting(people.case_worker.viewer) as worker:
        feed(worker, actions.pseudonym(uuid.uuid4()))
    with acting(people.coordinator.viewer) as viewer:
        code = Person.objects.get().code
        actions.withdraw_person(actor=viewer, code=code, reason="consent")
    assert actions.forget_withdrawn() == 0
    with psycopg.connect(cluster.dsn("palermo_owner")) as owner:
        owner.execute("UPDATE register_withdrawal SET withdrawn_at = withdrawn_at - interval '31 days'")
    with acting(people.coordinator.viewer) as viewer, pytest.raises(Conflict):
        actions.restore_person(actor=viewer, code=code)
    assert actions.forget_withdrawn() == 1
    with acting(people.coordinator.viewer):
        assert Withdrawal.objects.values_list("kept", flat=True).get() is None


def test_a_case_withdraws_its_person_without_learning_the_code(fed: Any) -> None:
    people, key, code = fed
    with acting(people.case_worker.viewer) as worker:
        assert actions.withdraw_case_person(actor=worker, pseudonym=key, reason="consent")
        assert not actions.withdraw_case_person(actor=worker, pseudonym=key, reason="consent")
    assert state(people) == (0, 0, 0)
    with acting(people.administrator.viewer):
        entry = Entry.objects.filter(action="register.case_person.withdraw").first()
        assert entry is not None
        assert code not in json.dumps(entry.detail)


def test_who_objects_before_the_first_event_is_never_fed(people: Any) -> None:
    key = actions.pseudonym(uuid.uuid4())
    with acting(people.case_worker.viewer) as worker:
        assert actions.withdraw_case_person(actor=worker, pseudonym=key, reason="consent")
        assert feed(worker, key) is False
    assert state(people) == (0, 0, 0)


def test_only_those_who_keep_the_register_withdraw_freshly_signed_in(fed: Any) -> None:
    people, _key, code = fed
    for who in (people.analyst.viewer, people.case_worker.viewer, people.stranger.viewer):
        with acting(who):
            with pytest.raises(Refused):
                actions.withdraw_person(actor=who, code=code, reason="consent")
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                for call in ("register_withdraw(1, 'consent')", "register_restore(1)", "register_recount()",
                             "register_correct(1, '{\"sex\": \"male\"}', 'source')"):  # fmt: skip
                    with (
                        pytest.raises(DatabaseError, match=r"not one of those|only the operator"),
                        transaction.atomic(),
                    ):
                        cursor.execute(f"SELECT {call}")
                cursor.execute("SELECT count(*) FROM register_withdrawal")
    with acting(replace(people.coordinator.viewer, stepped_up=False)) as viewer, pytest.raises(StepUpNeeded):
        actions.withdraw_person(actor=viewer, code=code, reason="consent")
    with acting(people.coordinator.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.withdraw_person(actor=viewer, code=code, reason="because")
        with pytest.raises(NotFound):
            actions.withdraw_person(actor=viewer, code="R-0000-0000", reason="consent")
    assert state(people) == (1, 2, 1)


HEADER = "record_number,year,sex,crime,status\n"


def take(path: Path) -> tuple[int, int, int]:
    found = run_import(actor=Viewer.operator(), path=path, format="people", source="a list")
    return found.added, found.updated, found.unchanged


def test_a_withdrawn_row_of_a_list_stays_out_when_the_list_comes_again(people: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "".join(f"N{i},2024,female,tip,presumed\n" for i in range(8)))
    assert take(path) == (8, 0, 0)
    with acting(people.coordinator.viewer) as viewer:
        code = Person.objects.order_by("id")[3].code
        actions.withdraw_person(actor=viewer, code=code, reason="duplicate")
    assert take(path) == (0, 0, 8)
    path.write_text(path.read_text().replace("female", "male"))
    assert take(path) == (0, 7, 1)
    assert state(people) == (7, 0, 7)


def test_a_corrected_row_stays_corrected_until_the_source_itself_changes_it(
    people: Any, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "N1,2024,female,tip,presumed\n")
    take(path)
    with acting(people.coordinator.viewer) as viewer:
        code = Person.objects.get().code
        actions.correct_person(
            actor=viewer, code=code, changes={"sex": "male", "year": 2023}, reason="source"
        )
        assert queries.tally(viewer, ("sex", "year")) == [{"sex": "male", "year": 2023, "count": 1}]
        assert [c.changes for c in queries.corrections(viewer, code)] == [
            (("Year", "2024", "2023"), ("Sex", "Female", "Male"))
        ] or len(queries.corrections(viewer, code)[0].changes) == 2
    assert take(path) == (0, 0, 1)
    with acting(people.coordinator.viewer) as viewer:
        assert queries.drift(viewer) == []
        number = queries.corrections(viewer, code)[0].number
        actions.undo_correction(actor=viewer, code=code, correction=number)
        assert queries.tally(viewer, ("sex", "year")) == [{"sex": "female", "year": 2024, "count": 1}]
        with pytest.raises(Conflict):
            actions.undo_correction(actor=viewer, code=code, correction=number)
        for wrong in ({"sex": "nobody"}, {"source_key": "x"}, {"sex": "female"}):
            with pytest.raises(Invalid):
                actions.correct_person(actor=viewer, code=code, changes=wrong, reason="source")
    path.write_text(HEADER + "N1,2024,female,tip,identified\n")
    assert take(path) == (0, 1, 0)


def test_the_pages_withdraw_undo_and_correct(fed: Any, client_for: Any) -> None:
    people, _key, code = fed
    client = client_for(people.coordinator.user)
    page, withdrawing = reverse("register:person", args=[code]), reverse("register:withdraw", args=[code])
    assert withdrawing in client.get(page).content.decode()
    assert client.post(withdrawing, {}).status_code == 200, "a reason must be given"
    assert client.post(withdrawing, {"reason": "consent"}).status_code == 302
    assert code in client.get(reverse("register:withdrawn")).content.decode()
    gone = client.get(page)
    assert (gone.status_code, b"withdrawn" in gone.content) == (410, True)
    assert client_for(people.analyst.user).get(page).status_code == 404
    assert client.post(reverse("register:restore", args=[code])).status_code == 302
    assert client.get(page).status_code == 200
    correcting = reverse("register:correct", args=[code])
    held = client.get(correcting).context["form"].initial
    sent = {name: value for name, value in held.items() if value is not None}
    assert b"Nothing is different" in client.post(correcting, {**sent, "reason": "record"}).content
    assert client.post(correcting, {**sent, "sex": "male", "reason": "record"}).status_code == 302
    body = client.get(page).content.decode()
    assert "Corrections" in body
    undo = reverse("register:undo_correction", args=[code, 1])
    number = body.split("/corrections/")[1].split("/")[0]
    assert client.post(undo.replace("/1/", f"/{number}/")).status_code == 302
    with acting(people.coordinator.viewer):
        assert Person.objects.get().sex == "female"
