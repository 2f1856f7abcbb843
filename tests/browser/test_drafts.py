"""Working without a link, in a real browser: write, come back, sent once; conflicts shown; sign-out wipes; sealed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from palermo.kernel.access.cast import make_cast, signed_in_client
from palermo.kernel.access.context import acting
from palermo.rooms.cases.tests.conftest import opened
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.journey import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSPHRASE = "anchor velvet nineteen gull"
WORDS = (
    "Quizzlewharf was closed; the person waits at the chapel."  # invented, and in no other text of the house
)
RAW = """async () => {
  const open = indexedDB.open("palermo-drafts");
  const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const text = [];
  for (const name of base.objectStoreNames) {
    const all = base.transaction(name).objectStore(name).getAll();
    for (const row of await new Promise((done) => { all.onsuccess = () => done(all.result); })) {
      const flat = (value) => value instanceof Uint8Array ? String.fromCharCode(...value)
        : value && typeof value === "object" ? Object.entries(value).map(([k, v]) => k + "=" + flat(v)).join(";")
        : String(value);
      text.push(flat(row));
    }
  }
  base.close();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) text.push(request.url, await (await cache.match(request)).text());
  }
  text.push(JSON.stringify(localStorage), JSON.stringify(sessionStorage));
  return text.join("\\n");
}"""


def make_ready(page: Any, url: str) -> None:
    page.goto(url + "/drafts/")
    page.fill("#new-passphrase", PASSPHRASE)
    page.fill("#new-again", PASSPHRASE)
    page.locator("form[data-part=setup] button[type=submit]").click()
    page.locator("[data-part=list]").wait_for(timeout=60_000)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=20_000)
    page.wait_for_function("async () => Boolean(await caches.match('/drafts/'))", timeout=20_000)


def write_note(page: Any, code: str, words: str = WORDS) -> None:
    page.click("[data-new=note]")
    page.fill("form[data-kind=note] [name=case]", code)
    page.fill("form[data-kind=note] [name=text]", words)


def unlock(page: Any) -> None:
    page.locator("form[data-part=locked]").wait_for()
    page.fill("#passphrase", PASSPHRASE)
    page.locator("form[data-part=locked] button[type=submit]").click()
    page.locator("[data-part=list]").wait_for(timeout=60_000)


def type_signed_out(page: Any, url: str, case: Any, words: str) -> Any:
    """Write a note while the session ends, and try to add it. Returns its form, which says that the link was lost."""
    page.goto(f"{url}/cases/{case.pk}/")
    note = page.locator("form[action$='/notes/']")
    note.locator("textarea").fill(words)
    page.context.clear_cookies(name="session")
    note.locator("button[value=add]").click()
    note.locator("[data-link-lost]").wait_for()
    return note


def sign_in_elsewhere(page: Any, url: str, who: Any) -> None:
    """In another tab of the same browser."""
    session = signed_in_client(who).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": url}])


def added_once(page: Any, note: Any, words: str) -> bool:
    press(page, note.locator("[data-again]"))
    page.wait_for_load_state()
    return bool(page.locator("main").inner_text().count(words) == 1)


@pytest.fixture
def cast() -> Any:
    return make_cast()


@pytest.fixture
def case(cast: Any) -> Any:
    with acting(cast.case_worker.viewer) as viewer:
        return opened(viewer)


@pytest.fixture
def come(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """come(who, language=, width=) -> a page of a browser of his own in which he is signed in."""
    contexts: list[Any] = []

    def go(who: Any, *, language: str = "en", width: int = 1280) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        cookies = {"django_language": language, "session": signed_in_client(who).cookies["session"].value}
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def ready(cast: Any, come: Any, live_server: Any) -> Any:
    page = come(cast.case_worker)
    make_ready(page, live_server.url)
    return page


def test_written_without_a_link_and_sent_once_when_it_is_back(
    ready: Any, live_server: Any, case: Any
) -> None:
    page, url = ready, live_server.url
    address, code = f"/cases/{case.pk}/", case.code
    page.context.set_offline(True)
    page.goto(url + "/drafts/")  # the worker brings the page; nothing else could
    unlock(page)
    words = f"{WORDS} {time.time()}"
    write_note(page, code, words)
    page.locator("form[data-kind=note] button[type=submit]").click()
    page.locator("#draft-said", has_text="No link").wait_for()
    picture(page, "drafts-offline")
    page.goto(url + "/cases/")  # any other page: the drafts stand in, and say so
    page.locator("#draft-said", has_text="needs the link").wait_for()
    page.goto(url + "/drafts/")
    unlock(page)
    assert page.locator("[data-rows] > li").count() == 1
    page.context.set_offline(False)
    page.locator("#draft-said", has_text="It is in palermo now").wait_for(timeout=30_000)
    assert page.locator("[data-rows] > li").count() == 0
    page.locator("#draft-said a").click()
    page.wait_for_url(f"**{address}")
    assert page.locator("main").inner_text().count(words) == 1
    assert "written without a link on" in page.locator("main").inner_text()
    assert page.said == [] or all("ERR_INTERNET_DISCONNECTED" in said for said in page.said)


def test_an_answer_that_was_lost_does_not_double_the_note(ready: Any, live_server: Any, case: Any) -> None:
    page, url = ready, live_server.url
    address, code = f"/cases/{case.pk}/", case.code
    page.goto(url + "/drafts/")
    page.locator("[data-part=list]").wait_for()
    words = f"{WORDS} lost {time.time()}"
    lost: list[int] = []

    def swallow(route: Any) -> None:
        """The server gets it and answers; the answer never arrives. The second time it does."""
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/api/cases/notes", swallow)
    write_note(page, code, words)
    page.locator("form[data-kind=note] button[type=submit]").click()
    page.locator("#draft-said", has_text="No link").wait_for()
    page.locator("[data-rows] [data-send]").click()
    page.locator("#draft-said", has_text="It is in palermo now").wait_for(timeout=30_000)
    assert lost == [200, 200]
    page.unroute("**/api/cases/notes")
    page.goto(url + address)
    assert page.locator("main").inner_text().count(words) == 1


def test_a_case_that_changed_meanwhile_is_shown_and_waits_for_the_author(
    ready: Any, cast: Any, come: Any, live_server: Any, case: Any
) -> None:
    page, url = ready, live_server.url
    address = f"/cases/{case.pk}/"
    page.goto(f"{url}/drafts/#note/{address.split('/')[2]}")
    page.reload()
    form = page.locator("form[data-kind=note]")
    form.wait_for()
    page.wait_for_function(
        "() => document.querySelector('form[data-kind=note] [name=case]').value.startsWith('C-')"
    )
    words = f"{WORDS} changed {time.time()}"
    page.fill("form[data-kind=note] [name=text]", words)
    other = come(cast.supervisor)
    other.goto(url + address)
    risk = other.locator("form[action$='/risk/']")
    other.locator("details:has(form[action$='/risk/'])").evaluate("(one) => { one.open = true; }")
    now = other.locator("form[action$='/risk/'] input[name=risk]:checked")
    before = now.get_attribute("value") if now.count() else ""
    risk.locator(f"input[name=risk][value={'low' if before == 'high' else 'high'}]").check()
    risk.locator("textarea[name=reason]").fill("The employer was seen at the gate.")
    press(other, risk.locator("button[type=submit]"))
    form.locator("button[type=submit]").click()
    clash = page.locator("[data-rows] [data-changes]")
    clash.wait_for(timeout=30_000)
    assert "High" in clash.inner_text()
    picture(page, "drafts-conflict")
    page.locator("[data-rows] [data-anyway]").click()
    page.locator("#draft-said", has_text="It is in palermo now").wait_for(timeout=30_000)
    page.goto(url + address)
    assert page.locator("main").inner_text().count(words) == 1


def test_a_stolen_device_reads_nothing(ready: Any, live_server: Any, case: Any) -> None:
    page, url, code = ready, live_server.url, case.code
    write_note(page, code)
    page.locator("form[data-kind=note] [data-back]").click()
    page.locator("[data-rows] > li").wait_for()
    lying = page.evaluate(RAW)
    for word in (WORDS, "Quizzlewharf", code, PASSPHRASE, "case-worker"):
        assert word not in lying
    # Without the session and without the passphrase: the thief has the device, and no more.
    page.context.clear_cookies(name="session")
    page.goto(url + "/drafts/")
    page.locator("form[data-part=locked]").wait_for()
    assert page.locator("#draft-link").inner_text().startswith("There is a link, but you are not signed in")
    page.fill("#passphrase", "anchor velvet nineteen gulls")
    page.locator("form[data-part=locked] button[type=submit]").click()
    page.locator("#draft-wrong", has_text="opens nothing").wait_for(timeout=60_000)
    assert "Quizzlewharf" not in page.content()
    unlock(page)
    page.locator("[data-rows] [data-send]").click()  # its owner, signed out: told, and nothing is lost
    page.locator("#draft-said", has_text="not signed in").wait_for()
    assert page.locator("[data-rows] > li").count() == 1


def test_signing_out_asks_and_wipes(ready: Any, live_server: Any, case: Any) -> None:
    page, url = ready, live_server.url
    write_note(page, "C-2222-22")
    page.locator("form[data-kind=note] [data-back]").click()
    page.locator("[data-rows] > li").wait_for()
    page.goto(url + "/account/logout/")
    asked: list[str] = []
    page.once("dialog", lambda one: (asked.append(one.message), one.dismiss()))
    page.locator("main form button[type=submit]").click()
    page.wait_for_function("() => true")
    assert asked == ["1 drafts on this device were not sent. Signing out deletes them. Sign out?"]
    assert page.url.endswith("/account/logout/")
    page.once("dialog", lambda one: one.accept())
    press(page, page.locator("main form button[type=submit]"))
    page.wait_for_load_state()
    left = page.evaluate(
        "async () => [(await indexedDB.databases()).length, (await caches.keys()).length, localStorage.length,"
        " (await navigator.serviceWorker.getRegistrations()).length]"
    )
    assert left == [0, 0, 0, 0]


def test_a_whole_screening_is_asked_offline_and_arrives(cast: Any, come: Any, live_server: Any) -> None:
    page, url = come(cast.first_responder, width=360), live_server.url
    make_ready(page, url)
    page.context.set_offline(True)
    page.reload()
    unlock(page)
    place = f"Quizzlepier {time.time():.0f}"
    page.click("[data-new=intake]")
    page.fill("form[data-kind=intake] [name=event]", place)
    page.locator("form[data-kind=intake] input[type=radio][value=yes]").first.check()
    page.locator("form[data-kind=intake] [data-kept]", has_text="Kept").wait_for()
    page.reload()  # the battery dies
    unlock(page)
    page.locator("[data-rows] [data-open]").click()
    assert page.locator("form[data-kind=intake] [name=event]").input_value() == place
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    picture(page, "drafts-intake-360")
    page.context.set_offline(False)
    page.locator("form[data-kind=intake] button[type=submit]").click()
    page.locator("#draft-said a").wait_for(timeout=30_000)
    page.locator("#draft-said a").click()
    page.wait_for_url("**/identification/*/")
    assert place in page.locator("main").inner_text()


def test_a_form_that_the_link_took_stays_and_is_sent_again(
    cast: Any, come: Any, live_server: Any, case: Any
) -> None:
    page, url = come(cast.case_worker), live_server.url
    page.goto(f"{url}/cases/{case.pk}/")
    words = f"{WORDS} form {time.time()}"
    note = page.locator("form[action$='/notes/']")
    note.locator("textarea").fill(words)
    page.context.set_offline(True)
    note.locator("button[value=add]").click()
    told = note.locator("[data-link-lost]")
    told.wait_for()
    assert note.locator("textarea").input_value() == words
    picture(page, "link-lost")
    page.context.set_offline(False)
    press(page, told.locator("[data-again]"))
    page.wait_for_load_state()
    assert page.locator("main").inner_text().count(words) == 1


def test_a_form_whose_author_was_signed_out_keeps_what_was_typed(
    cast: Any, come: Any, live_server: Any, case: Any
) -> None:
    page, url = come(cast.case_worker), live_server.url
    words = f"{WORDS} late {time.time()}"
    note = type_signed_out(page, url, case, words)
    assert "signed out" in note.locator("[data-link-lost]").inner_text().lower()
    assert note.locator("textarea").input_value() == words
    sign_in_elsewhere(page, url, cast.case_worker)
    assert added_once(page, note, words)


def test_a_form_is_not_sent_in_the_name_of_who_signed_in_since(
    cast: Any, come: Any, live_server: Any, case: Any
) -> None:
    """On a device that two people share."""
    page, url = come(cast.case_worker), live_server.url
    words = f"{WORDS} mine {time.time()}"
    note = type_signed_out(page, url, case, words)
    sign_in_elsewhere(page, url, cast.supervisor)
    note.locator("[data-again]").click()
    page.wait_for_function(
        "() => document.querySelector('[data-words]')?.textContent.includes('Somebody else')"
    )
    assert note.locator("textarea").input_value() == words
    sign_in_elsewhere(page, url, cast.case_worker)
    assert added_once(page, note, words)


def test_a_form_with_faults_comes_back_with_everything_in_it(
    cast: Any, come: Any, live_server: Any, case: Any
) -> None:
    """The script puts the server's page in the place of this one: the same as without a script."""
    page, url = come(cast.case_worker), live_server.url
    page.goto(f"{url}/cases/{case.pk}/")
    note = page.locator("form[action$='/notes/']")
    note.locator("textarea").fill(" ")
    note.evaluate("(form) => { form.noValidate = true; }")
    press(page, note.locator("button[value=add]"))
    assert page.locator(
        "form[action$='/notes/'] .invalid-feedback, form[action$='/notes/'] .error-summary"
    ).count()
    page.fill("form[action$='/notes/'] textarea", "Now with words.")
    press(page, page.locator("form[action$='/notes/'] button[value=add]"))
    page.wait_for_load_state()
    assert page.locator("main").inner_text().count("Now with words.") == 1


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("en", 360), ("ar", 360)])
def test_it_can_be_read_by_everybody(
    cast: Any, come: Any, live_server: Any, language: str, width: int
) -> None:
    page, url = come(cast.case_worker, language=language, width=width), live_server.url
    page.goto(url + "/drafts/")
    page.locator("form[data-part=setup]").wait_for()
    picture(page, f"drafts-setup-{language}-{width}")
    assert violations(page) == []
    make_ready(page, url)
    write_note(page, "C-2222-22")
    picture(page, f"drafts-edit-{language}-{width}")
    assert violations(page) == []
    page.locator("form[data-kind=note] button[type=submit]").click()
    page.locator("[data-rows] [data-problem] .alert").wait_for(timeout=30_000)
    picture(page, f"drafts-list-{language}-{width}")
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
