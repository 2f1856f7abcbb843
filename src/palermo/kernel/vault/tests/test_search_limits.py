"""The search box is a way to try names one after another: it is counted, stopped and told."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.notices import mine, title_of
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Refused
from palermo.kernel.vault.actions import register_person
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.limits import ALARM, RULE
from palermo.kernel.vault.queries import search


def tries(who: Any, count: int) -> list[int]:
    """How many persons each of so many searches found."""
    found = []
    for number in range(count):
        with acting(who.viewer) as viewer:
            found.append(len(search(viewer, Probe(name=f"Zzvenko Olena {number}", birth_year=1998))))
    return found


def test_many_searches_are_stopped_and_told(people: Any, settings: Any) -> None:
    settings.PALERMO_SEARCHES_PER_HOUR = 3
    with acting(people.case_worker.viewer) as viewer:
        register_person(
            actor=viewer,
            organisation_id=people.organisation.pk,
            identity=Identity(family_name="Zzvenko", given_names="Olena", birth_date="1998"),
        )
    assert tries(people.case_worker, 3) == [1, 1, 1]
    with pytest.raises(Refused) as caught:
        tries(people.case_worker, 1)
    assert caught.value.rule == RULE
    assert "supervisor" in str(caught.value.message)
    assert tries(people.supervisor, 1) == [0], "a colleague has an hour of his own"
    with acting(people.supervisor.viewer) as viewer:
        notice = mine(viewer).get(kind="many_searches")
        assert notice.about_id == people.case_worker.pk
        assert title_of(notice) != "Notice"
    with acting(people.case_worker.viewer):
        assert Entry.objects.filter(action=ALARM, result="alarm").count() == 1


def test_an_old_search_does_not_count(people: Any, settings: Any) -> None:
    from palermo.kernel.vault import limits

    settings.PALERMO_SEARCHES_PER_HOUR = 1
    tries(people.case_worker, 1)
    kept, limits.WINDOW = limits.WINDOW, limits.WINDOW * 0
    try:
        assert tries(people.case_worker, 1) == [0]
    finally:
        limits.WINDOW = kept


def test_the_page_of_the_search_goes_on_without_one(people: Any, client_for: Any, settings: Any) -> None:
    """Help does not wait for an hour to pass: the case can still be opened, and the page says why nothing was found."""
    settings.PALERMO_SEARCHES_PER_HOUR = 1
    tries(people.case_worker, 1)
    client = client_for(people.case_worker)
    page = client.post("/cases/open/", {"screening": "", "family_name": "Zzvenko"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "try again in an hour" in text
    assert 'name="searched"' in text
