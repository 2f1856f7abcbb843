"""Persons of a rescue written where there is no link: kept, sent once, in order, by their author; clashes shown."""

import time
import uuid
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.encounters import actions, queries
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.test_drafts import cast, come, make_ready, sign_in_elsewhere, unlock  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "form[data-kind=persons]"
SENT = "It is in palermo now"


@pytest.fixture
def event(cast: Any) -> Any:  # noqa: F811
    with acting(cast.case_worker.viewer) as viewer:
        return actions.open_event(actor=viewer, kind="sea_rescue", place="Off Quizzlepoint")


@pytest.fixture
def ready(cast: Any, come: Any, live_server: Any) -> Any:  # noqa: F811
    page = come(cast.case_worker, width=360)
    make_ready(page, live_server.url)
    return page


def persons(cast: Any, event: Any) -> list[tuple[int, str]]:  # noqa: F811
    with acting(cast.case_worker.viewer) as viewer:
        return [(one.number, one.tag) for one in queries.persons(viewer, event)]


def write(page: Any, lines: str, **more: str) -> None:
    """A draft from the list of drafts, finished."""
    page.click("[data-new=persons]")
    for name, value in more.items():
        field = page.locator(f"{FORM} [name={name}]")
        assert field.is_visible()
        field.select_option(value) if name == "kind" else field.fill(value)
    page.fill(f"{FORM} [name=lines]", lines)
    page.locator(f"{FORM} button[type=submit]").click()


def test_written_by_fields_at_sea_and_sent_once_in_the_order_of_writing(
    ready: Any,
    cast: Any,  # noqa: F811
    live_server: Any,
    event: Any,
) -> None:
    page, url = ready, live_server.url
    page.goto(f"{url}/encounters/{event.pk}/intake/")
    page.locator("a[href^='/drafts/#persons/']").click()
    page.locator(FORM).wait_for()
    assert page.locator(f"{FORM} [name=event]").input_value() == event.code
    page.context.set_offline(True)
    page.fill(f"{FORM} [data-cell=tag]", "K1")
    page.select_option(f"{FORM} [data-cell=age]", "doubt")
    page.check(f"{FORM} [data-cell=alone]")
    page.locator(f"{FORM} [data-next-person]").click()
    page.fill(f"{FORM} [data-cell=tag]", "K2")
    page.select_option(f"{FORM} [data-cell=languages]", "ti")
    assert page.locator(f"{FORM} [name=lines]").input_value() == "K1; doubt; ; ; ; x\nK2; ; ; ti"
    assert "2" in page.locator(f"{FORM} [data-count]").inner_text()
    page.locator(f"{FORM} [data-kept]", has_text="Kept").wait_for()
    picture(page, "drafts-persons-360")
    page.reload()  # The battery dies in the middle of the second person.
    unlock(page)
    page.locator("[data-rows] [data-open]").click()
    # Fields after the break are a line of their own, and can be taken away.
    page.check(f"{FORM} [data-cell=urgent]")
    page.uncheck(f"{FORM} [data-cell=urgent]")
    assert page.locator(f"{FORM} [name=lines]").input_value() == "K1; doubt; ; ; ; x\nK2; ; ; ti"
    page.locator(f"{FORM} button[type=submit]").click()
    page.locator("#draft-said", has_text="No link").wait_for()
    write(page, "K3;30;m", event=event.code)
    write(page, "K4;31;m", event=event.code)
    page.wait_for_function("() => document.querySelectorAll('[data-rows] > li').length === 3")
    assert persons(cast, event) == []
    page.context.set_offline(False)
    page.wait_for_function("() => !document.querySelector('[data-rows] > li')", timeout=60_000)
    assert persons(cast, event) == [(1, "K1"), (2, "K2"), (3, "K3"), (4, "K4")]
    page.locator("#draft-said a").click()
    page.wait_for_url(f"**/encounters/{event.pk}/")
    assert "K4" in page.locator("main").inner_text()


def test_an_answer_that_was_lost_adds_nobody_twice(
    ready: Any,
    cast: Any,  # noqa: F811
    event: Any,
) -> None:
    page, lost = ready, []

    def swallow(route: Any) -> None:
        """The server gets it and answers; the first answer never arrives."""
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/api/encounters/intakes", swallow)
    write(page, "K1;16;f\nK2;30;m", event=event.code)
    page.locator("#draft-said", has_text="No link").wait_for()
    page.locator("[data-rows] [data-send]").click()
    page.locator("#draft-said", has_text=SENT).wait_for(timeout=30_000)
    assert lost == [200, 200]
    assert persons(cast, event) == [(1, "K1"), (2, "K2")]


def test_a_wristband_that_a_colleague_gave_meanwhile_is_shown_and_the_text_stays(
    ready: Any,
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    live_server: Any,
    event: Any,
) -> None:
    page, url = ready, live_server.url
    page.context.set_offline(True)
    write(page, "K1;16;f\nK2;30;m", event=event.code)
    write(page, "K9;8;m", event=event.code)
    other = come(cast.supervisor)
    other.goto(f"{url}/encounters/{event.pk}/intake/")
    other.fill("[name=lines]", "K2;50;f")
    other.locator("button[name=do][value=lines]").click()
    other.locator(".alert-success").wait_for()
    page.context.set_offline(False)
    told = page.locator("[data-rows] [data-problem] .alert")
    told.wait_for(timeout=30_000)
    page.wait_for_function("() => document.querySelectorAll('[data-rows] > li').length === 1")
    assert "K2 is on number 1 already (25 to 59 years, Female" in told.inner_text()
    picture(page, "drafts-persons-clash-360")
    # All of this draft or nothing of it; what was written after it does not wait.
    assert persons(cast, event) == [(1, "K2"), (2, "K9")]
    page.locator("[data-rows] [data-open]").click()
    lines = page.locator(f"{FORM} [name=lines]")
    assert lines.input_value() == "K1;16;f\nK2;30;m"
    lines.fill("K1;16;f\nK3;30;m")
    page.locator(f"{FORM} button[type=submit]").click()
    page.locator("#draft-said", has_text=SENT).wait_for(timeout=30_000)
    assert persons(cast, event)[2:] == [(3, "K1"), (4, "K3")]


def test_an_event_that_was_taken_away_meanwhile_is_said_and_the_text_stays(
    ready: Any,
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    event: Any,
    live_server: Any,
) -> None:
    """A helper of another house, whose share ended while he was at sea."""
    with acting(cast.case_worker.viewer) as viewer:
        share = actions.share_event(
            actor=viewer, event=event, grantee_kind="person", grantee_id=cast.other_worker.pk, purpose="At sea with us"
        )  # fmt: skip
    page = come(cast.other_worker)
    make_ready(page, live_server.url)
    page.context.set_offline(True)
    write(page, "K1;16;f", event=event.code)
    with acting(cast.case_worker.viewer) as viewer:
        actions.end_share(actor=viewer, event=event, grant_id=share)
    page.context.set_offline(False)
    told = page.locator("[data-rows] [data-problem] .alert")
    told.wait_for(timeout=30_000)
    assert "No such event is open to you" in told.inner_text()
    page.locator("[data-rows] [data-open]").click()
    assert page.locator(f"{FORM} [name=lines]").input_value() == "K1;16;f"
    assert persons(cast, event) == []


def test_who_signed_in_since_sends_nothing_in_the_name_of_its_author(
    ready: Any,
    cast: Any,  # noqa: F811
    event: Any,
    live_server: Any,
) -> None:
    page, url = ready, live_server.url
    page.context.set_offline(True)
    write(page, "K1;16;f", event=event.code)
    page.locator("#draft-said", has_text="No link").wait_for()
    mine = page.context.cookies()
    sign_in_elsewhere(page, url, cast.supervisor)
    page.context.set_offline(False)
    page.locator("[data-rows] [data-send]").click()
    page.locator("#draft-said", has_text="somebody else").wait_for(timeout=30_000)
    assert persons(cast, event) == []
    page.context.add_cookies(mine)
    page.locator("[data-rows] [data-send]").click()
    page.locator("#draft-said", has_text=SENT).wait_for(timeout=30_000)
    assert persons(cast, event) == [(1, "K1")]


def test_a_rescue_that_nobody_could_open_is_opened_from_the_device(
    ready: Any,
    cast: Any,  # noqa: F811
) -> None:
    page, place = ready, f"Quizzlecape {time.time():.0f}"
    page.context.set_offline(True)
    write(page, "K1;16;f\nK2;c", kind="sea_rescue", place=place)
    assert place in page.locator("[data-rows] > li").inner_text()
    page.context.set_offline(False)
    page.locator("#draft-said a").wait_for(timeout=30_000)
    page.locator("#draft-said a").click()
    page.wait_for_url("**/encounters/*/")
    assert place in page.locator("main").inner_text()
    with acting(cast.case_worker.viewer) as viewer:
        (made,) = [one for one in queries.events(viewer) if one.place == place]
    assert persons(cast, made) == [(1, "K1"), (2, "K2")]


def test_one_box_ticks_everybody_on_the_board(
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    live_server: Any,
    event: Any,
) -> None:
    with acting(cast.case_worker.viewer) as viewer:
        actions.add_some(actor=viewer, event=event, number=7, key=uuid.uuid4())
    page = come(cast.case_worker, width=360)
    page.goto(f"{live_server.url}/encounters/{event.pk}/")
    page.check("#everybody")
    assert page.locator("input[name=person]:checked").count() == 7
    page.uncheck("#p3")
    assert page.evaluate("() => document.getElementById('everybody').indeterminate")
    page.locator("main form:has(#step) button[type=submit]").click()
    page.wait_for_url("**/together/")
    assert "For 6 persons" in page.locator("main").inner_text()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360), ("fr", 360)])
def test_both_forms_can_be_used_by_everybody(
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    live_server: Any,
    event: Any,
    language: str,
    width: int,
) -> None:
    page, url = come(cast.case_worker, language=language, width=width), live_server.url
    page.goto(f"{url}/encounters/{event.pk}/intake/")
    page.fill("[data-cell=tag]", "K1")
    page.keyboard.press("Enter")
    page.fill("[data-cell=tag]", "K2")
    assert page.locator("[name=lines]").input_value() == "K1\nK2"
    picture(page, f"intake-{language}-{width}")
    assert violations(page) == []
    make_ready(page, url)
    page.click("[data-new=persons]")
    picture(page, f"drafts-persons-{language}-{width}")
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
