"""The directory: who is there, for everybody; how to reach them, sealed, for who asks other States, on record."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, DomainError, Invalid
from palermo.papers.reading import rows_of
from palermo.rooms.library import actions, queries
from palermo.rooms.library.models import Authority, Contact
from palermo.rooms.library.views.directory import age

pytestmark = pytest.mark.django_db
PHONE = "+00 555 0147"
CSV = f"""ref,kind,country,body,accepts,channels,checked_on,phone,email
fra-mla,mutual_legal_assistance,FRA,Office of Letters,fr;en,direct;interpol,2020-02-03,{PHONE},desk@letters.example
deu-sea,smuggling_by_sea,DEU,Harbour Desk,de,direct,,,
"""


def brought(text: str = CSV, dry_run: bool = False) -> actions.Imported:
    with acting(Viewer.operator()) as viewer:
        return actions.bring_in_authorities(
            actor=viewer, rows=rows_of(text.encode(), as_csv=True), dry_run=dry_run
        )


def looks(who: Any) -> int:
    """What the audit says that he opened."""
    with acting(who.viewer):
        return Entry.objects.filter(action="library.contact.open").count()


def test_all_or_nothing_and_twice_is_once() -> None:
    assert brought(dry_run=True).added == 2
    with acting(Viewer.operator()):
        assert not Authority.objects.exists()
    assert brought().added == 2
    assert brought().unchanged == 2
    assert brought(CSV.replace("0147", "0199")).updated == 1
    bad = brought(CSV + "x y,no_such,ZZZ,,,pigeon,2999-01-01,,nobody\n")
    assert {one.line for one in bad.problems} == {4}
    assert {one.field for one in bad.problems} == {
        "ref", "kind", "country", "body", "channels", "checked_on", "email",
    }  # fmt: skip
    assert all("nobody" not in one.value for one in bad.problems), "a contact is repeated nowhere"


def test_everybody_sees_that_it_exists_and_nobody_how_to_reach_it() -> None:
    brought()
    for address in (reverse("library:authorities"), reverse("library:authority", args=["fra-mla"])):
        page = Client().get(address).content.decode()
        assert "Office of Letters" in page
        assert PHONE not in page
    assert "Contacts are protected" in page
    assert "Ask before you send" in page
    assert Client().post(reverse("library:contacts", args=["fra-mla"])).status_code in (302, 403)
    with acting(Viewer.anonymous()):
        assert not Contact.objects.exists()
    found = Client().get(reverse("library:authorities"), {"country": "DEU", "kind": "smuggling_by_sea"})
    assert b"Harbour Desk" in found.content
    assert b"Office of Letters" not in found.content


def test_each_look_is_on_record_and_only_who_asks_other_states_looks(people: Any, client_for: Any) -> None:
    brought()
    before = looks(people.prosecutor)
    address = reverse("library:contacts", args=["fra-mla"])
    answer = client_for(people.prosecutor).post(address)
    assert PHONE in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert looks(people.prosecutor) == before + 1
    for who in (people.case_worker, people.analyst, people.administrator):
        assert client_for(who).post(address).status_code == 403
        with acting(who.viewer):
            assert not Contact.objects.exists()
    assert client_for(people.prosecutor).get(address).status_code == 405
    assert (
        client_for(people.prosecutor).post(reverse("library:contacts", args=["deu-sea"])).status_code == 404
    )
    assert looks(people.prosecutor) == before + 1


def test_the_database_holds_no_contact_in_clear_and_a_moved_one_does_not_open(people: Any) -> None:
    brought(CSV.replace("de,direct,,,", "de,direct,,+00 1,"))
    with acting(people.prosecutor.viewer) as viewer:
        one, other = Authority.objects.get(ref="fra-mla"), Authority.objects.get(ref="deu-sea")
        mine = Contact.objects.get(authority=one)
        assert PHONE.encode() not in bytes(mine.sealed)
        assert actions.open_contacts(actor=viewer, authority=one)["phone"] == PHONE
    with acting(people.editor.viewer) as viewer:
        Contact.objects.filter(authority=other).update(sealed=bytes(mine.sealed))
        with pytest.raises(Conflict):
            actions.open_contacts(actor=viewer, authority=other)


def test_kept_by_hand_checked_and_closed(people: Any, client_for: Any) -> None:
    editor = client_for(people.editor)
    given = {
        "ref": "ita-nrm", "kind": "referral_coordinator", "country": "ITA", "body": "Desk", "language": "en",
        "phone": PHONE, "accepts": "it; en",
    }  # fmt: skip
    assert editor.post(reverse("library:new-authority"), given).status_code == 302
    with acting(people.editor.viewer) as viewer:
        found = queries.authority(viewer, "ita-nrm")
        assert queries.stale(found.checked_on, date(2026, 1, 1))
    changed = {**given, "version": found.version, "body": "New desk", "phone": ""}
    assert editor.post(reverse("library:edit-authority", args=["ita-nrm"]), changed).status_code == 302
    with acting(people.editor.viewer) as viewer:
        found = queries.authority(viewer, "ita-nrm")
        assert found.body == "New desk"
        assert actions.open_contacts(actor=viewer, authority=found) == {"phone": PHONE}
    way = reverse("library:authority-step", args=["ita-nrm"])
    assert editor.post(way, {"step": "check", "version": found.version}).status_code == 302
    assert (
        "Checked within a month"
        in Client().get(reverse("library:authority", args=["ita-nrm"])).content.decode()
    )
    assert editor.post(way, {"step": "close", "version": found.version + 1}).status_code == 302
    with acting(people.editor.viewer) as viewer:
        assert not Contact.objects.exists()
        assert not queries.authorities(viewer).exists()
    assert editor.post(reverse("library:new-authority"), {**given, "email": "x"}).status_code == 422


def test_others_write_nothing(people: Any) -> None:
    for who in (people.prosecutor, people.case_worker):
        with acting(who.viewer) as viewer, pytest.raises(DomainError):
            actions.keep_authority(actor=viewer, values={"ref": "a"})
    with acting(people.editor.viewer) as viewer, pytest.raises(Invalid):
        actions.keep_authority(actor=viewer, values={"ref": "a"})


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Checked within a month"), (30, "Checked within a month"), (31, "Checked 1 month ago"),
     (364, "Checked 11 months ago"), (365, "Checked 12 months ago"), (800, "Checked 26 months ago")],
)  # fmt: skip
def test_the_age_is_said(days: int, words: str) -> None:
    today = date(2026, 11, 1)
    with translation.override("en"):
        assert age(today - timedelta(days), today) == words
        assert age(None, today) == "Never checked"
    assert queries.stale(today - timedelta(days), today) == (days > 365)
