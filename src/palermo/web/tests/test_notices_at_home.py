"""Notices on the home page: one line for a kind, by codes; and all that is due can be reached."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.notices import tell
from palermo.web import home as page
from palermo.web import notices
from palermo.web.room import Due, codes_of

pytestmark = pytest.mark.django_db
ANSWERED = "A referral of yours was answered"


def told(people, times, kind="referral_answered"):
    with acting(people.case_worker.viewer):
        for _time in range(times):
            tell(people.case_worker.pk, kind=kind, object_kind="referral", object_id=uuid.uuid4())
        return [str(due.title) for due in notices.due_for(people.case_worker.viewer)]


def test_six_of_a_kind_are_one_line_that_says_how_many(people):
    assert told(people, 6) == [f"{ANSWERED} (6 times)"]


def test_one_of_a_kind_is_its_sentence(people):
    assert told(people, 1) == [ANSWERED]


def test_kinds_stay_apart(people):
    told(people, 2)
    assert sorted(told(people, 1, "referral_ended")) == ["A referral has ended", f"{ANSWERED} (2 times)"]


def test_codes_are_named_where_the_room_tells_them_and_only_the_first_few(people, monkeypatch):
    monkeypatch.setattr(notices, "codes_of", lambda viewer, kind, keys: {k: f"R-{k.hex[:4]}" for k in keys})
    (title,) = told(people, 5)
    assert title.startswith(f"{ANSWERED}: R-")
    assert title.count("R-") == notices.CODES
    assert title.endswith("+2")


def test_a_referral_that_is_not_the_viewers_has_no_code_for_him(people):
    with acting(people.other_worker.viewer):
        assert codes_of(people.other_worker.viewer, "referral", [uuid.uuid4()]) == {}


def test_home_shows_the_first_and_leads_to_all(people, client_for, monkeypatch):
    many = [Due(f"step {n}", "/", timezone.now() + timedelta(days=n)) for n in range(page.SHOWN + 3)]
    monkeypatch.setattr(page, "due_for", lambda viewer: many)
    client = client_for(people.case_worker)
    first = client.get(reverse("web:home")).content.decode()
    assert "step 11" in first
    assert "step 12" not in first
    assert 'href="?all=1#due-heading"' in first
    whole = client.get(reverse("web:home") + "?all=1").content.decode()
    assert "step 14" in whole
    assert 'href="?all=1' not in whole
