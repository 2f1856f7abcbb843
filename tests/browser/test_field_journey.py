"""From a questionnaire to a published route, in a browser and in three languages: a study is opened, a shipped survey
published, an interview taken on a page, judged, seen among the figures, and a story told of what was released.

The other interviews come from a device, and the worker's and the releases' steps are carried out here; what people do
they do on pages. Nothing is found by its words.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from palermo.fieldwork.forms import VERSION
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import FormVersion, InterviewFacts, ReviewState, Study, Submission
from palermo.rooms.observatory.queries import releasable
from palermo.rooms.observatory.tests.conftest import device
from palermo.rooms.observatory.tests.test_indicators import computed, filled, many
from palermo.rooms.releases import actions as releases
from palermo.rooms.releases.models import Release
from palermo.web.tests.conftest import plain_static_names  # noqa: F401
from tests.browser.conftest import picture, violations
from tests.browser.form_reader import Reader, findings, watched
from tests.browser.journey import press
from tests.browser.story import answer, at, fits, follow, said, send
from tests.browser.test_drafts import come  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = 120_000  # a machine with much else to do
FROM_DEVICES = 40
REASON = "I read it in every language and compared each figure with its release."
TITLES = {"title_en": "By the desert", "title_fr": "Par le désert", "title_ar": "عبر الصحراء"}
TEXTS = {
    "text_en": "People wait for weeks before this leg.",
    "text_fr": "Les personnes attendent des semaines avant cette étape.",
    "text_ar": "ينتظر الناس أسابيع قبل هذه المرحلة.",
}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Forms are judged elsewhere; what was said yesterday may be released."""
    for place in ("converting", "publishing"):
        monkeypatch.setattr(f"palermo.rooms.observatory.actions.{place}.validate", lambda xml: "a test")
    monkeypatch.setattr(releasable, "DELAY", timedelta(0))
    return make_cast()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360), ("ar", 360)])
def test_from_a_questionnaire_to_a_published_route(
    cast: Any,
    come: Any,  # noqa: F811
    live_server: Any,
    language: str,
    width: int,
) -> None:
    def page_of(who: Any) -> Any:
        page = come(who, language=language, width=width)
        page.set_default_timeout(LONG)
        return page

    def look(page: Any, name: str) -> None:
        picture(page, f"field-{name}-{language}-{width}")
        fits(page)
        if language == "ar":
            # The renderer's own part of a questionnaire is its makers'.
            found = findings(page) if page.locator("[data-place]").count() else violations(page)
            assert found == []

    page = page_of(cast.analyst)
    study = opened(page, live_server.url, look)
    version = published(page, study, look)
    told = taken_on_a_page(page, version, language, look)
    from_devices(cast, study)
    judged(page, live_server.url, study, told, look)
    seen(page, live_server.url, study, look)
    route = released(cast, study)
    address = written(page, live_server.url, route, look)
    for who, what in ((cast.second_analyst, "review"), (cast.coordinator, "approve")):
        answered_for(page_of(who), address, what, look)
    anybody = page_of(cast.case_worker)
    anybody.context.clear_cookies(name="session")
    read(anybody, live_server.url, look)
    assert [line for line in page.said if "Error" in line or "Security" in line] == []


def opened(page: Any, url: str, look: Any) -> Study:
    """A study with a site."""
    page.goto(url + reverse("observatory:list"))
    look(page, "studies")
    follow(page, "/observatory/new/")
    answer(page, {
        "title": "Routes through the desert", "code": "desert-1", "country": "NER",
        "ethics_reference": "Invented board, 2026/7",
    })  # fmt: skip
    send(page, expect=r"/observatory/[0-9a-f-]{36}/$")
    follow(page, "/sites/add/")
    answer(page, {"name": "Bus station"})
    send(page, expect=r"/observatory/[0-9a-f-]{36}/$")
    look(page, "study")
    with acting(make_cast().analyst.viewer):
        return Study.objects.get(code="desert-1")


def published(page: Any, study: Study, look: Any) -> FormVersion:
    """The shipped survey of migrants on the way, offered to devices and on a page."""
    follow(page, "/forms/add/")
    answer(page, {"shipped": "S1"})
    look(page, "add-form")
    send(page, expect=r"/forms/[0-9a-f-]{36}/$")
    look(page, "form")
    press(page, page.locator("main form[action$='/publish/'] button"))
    with acting(make_cast().analyst.viewer):
        return FormVersion.objects.get(study=study)


def taken_on_a_page(page: Any, version: FormVersion, language: str, look: Any) -> dict[Any, Any]:
    """An interview at a desk: asked, answered, sent; laid out as facts by the worker."""
    asked = watched(page)
    follow(page, "/fill/")
    page.locator("[data-webform][data-state=ready]").wait_for()
    look(page, "asked")
    reader = Reader(page, version.schema, language)
    reader.go_through()
    look(page, "answered")
    page.locator(".footer button").click()
    page.locator("[data-webform][data-state=taken]").wait_for(state="attached")
    home = page.url.split("/observatory/")[0]
    assert [one for one in asked if not one.startswith((home, "data:", "blob:"))] == []
    lay_out()
    return reader.said


def lay_out() -> None:
    with acting(Viewer.operator()) as system:
        for effect in Effect.objects.filter(kind="observatory.flatten", done_at=None):
            actions.flatten(system, effect)


def from_devices(cast: Any, study: Study) -> None:
    """What enumerators sent meanwhile, all of it approved."""
    account = device(cast.analyst, study).device
    with acting(Viewer.operator()) as system:
        for number, one in enumerate(many(FROM_DEVICES)):
            xml = filled(one, number).replace(b'version="1"', f'version="{VERSION}"'.encode())
            actions.receive(actor=system, device=account, xml=xml, files=[])
    lay_out()
    with acting(cast.analyst.viewer) as viewer:
        for record in Submission.objects.filter(device=account):
            actions.review(
                actor=viewer, submission=record, state=ReviewState.APPROVED, reason="",
                expected_version=record.version,
            )  # fmt: skip


def judged(page: Any, url: str, study: Study, told: dict[Any, Any], look: Any) -> None:
    """The interview from the page is read as it was answered, and approved."""
    with acting(make_cast().analyst.viewer):
        record = Submission.objects.get(study=study, state=ReviewState.RECEIVED)
        assert record.flattening == "done", record.problem
        assert InterviewFacts.objects.filter(submission=record).exists()
    page.goto(url + reverse("observatory:study", args=[study.pk]))
    follow(page, "/records/")
    look(page, "records")
    follow(page, f"/records/{record.pk}/")
    look(page, "record")
    assert len(told) > 10
    answer(page, {"state": "approved"})
    send(page)
    with acting(make_cast().analyst.viewer):
        assert Submission.objects.get(pk=record.pk).state == ReviewState.APPROVED


def seen(page: Any, url: str, study: Study, look: Any) -> None:
    """Among the figures: one interview more than came from devices."""
    computed(study)
    page.goto(url + reverse("observatory:study", args=[study.pk]))
    follow(page, "/indicators/")
    look(page, "indicators")
    assert page.locator("main .flow-svg").count() == 1
    assert page.locator("main table").count() > 3, said(page)


def released(cast: Any, study: Study) -> str:
    """The indicators of the study by three persons; the identifier of the release."""
    values = {
        "product": "observatory", "source": str(study.pk), "title": "Routes through the desert", "series": "ROUTES",
        "year": 2026, "year_from": 2026, "year_to": 2026, "purpose": REASON, "changes": "",
    }  # fmt: skip
    with acting(cast.analyst.viewer) as viewer:
        made = releases.open_release(actor=viewer, values=values)
        releases.start_run(actor=viewer, release=made, expected_version=made.version)
    with acting(cast.analyst.viewer) as viewer:
        releases.carry_out(viewer, Effect.objects.get(object_id=made.pk))
    for who, step in ((cast.second_analyst, releases.review), (cast.coordinator, releases.approve)):
        with acting(who.viewer) as viewer:
            made = Release.objects.get(pk=made.pk)
            step(actor=viewer, release=made, reason=REASON, expected_version=made.version)
    return str(made.identifier)


def written(page: Any, url: str, route: str, look: Any) -> str:
    """A story with a map of the released legs, handed in; its address."""
    page.goto(url + reverse("reports:stories"))
    answer(page, {"year": 2026, "slug": "desert", **TITLES})
    look(page, "stories")
    send(page, expect=r"/reports/[0-9a-f-]{36}/$")
    address = str(page.url)
    look(page, "story")
    press(page, page.locator("main a[href$='add/?kind=map']").last)
    page.locator("select[name=figures]").select_option(f"{route}|legs")
    answer(page, {**TITLES, **TEXTS})
    look(page, "story-map")
    send(page)
    page.goto(address)
    press(page, page.locator("main form[action$='/submit/'] button"))
    return address


def answered_for(page: Any, address: str, what: str, look: Any) -> None:
    page.goto(address)
    press(page, page.locator(f"main a[href$='/{what}/']").first)
    answer(page, {"reason": REASON})
    look(page, f"story-{what}")
    send(page)


def read(page: Any, url: str, look: Any) -> None:
    """By somebody without an account, from the list of stories on."""
    page.goto(url + reverse("reports:public-stories"))
    look(page, "public-stories")
    follow(page, "-STORY-desert-")
    at(page, r"/reports/public/PALERMO-[A-Z]+-STORY-desert-2026\.1/$")
    page.locator(".story-step .flow-svg").first.wait_for()
    page.locator(".story-pictures details summary").first.click()
    page.locator(".story-pictures table").first.wait_for(state="visible")
    look(page, "public")
