"""A case is coded section by section, sent back once, and published by a second person; then everybody finds it.

Everything is found by name and address, so that the journey reads the same in every language. It needs no country of
the demonstration, only an editor and a coordinator.
"""

from collections.abc import Callable
from typing import Any

import pytest

from palermo.kernel.access.cast import make_cast, member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.web.tests.conftest import plain_static_names, visit  # noqa: F401
from tests.browser.journey import press
from tests.browser.story import Stage, answer, at, fits, follow, said, send, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MARK = "48151623"
DRAFT = r"/caselaw/[0-9a-f-]{36}/$"
ROWS = (
    (
        "parties",
        {
            "side": "defendant",
            "entity": "natural_person",
            "label": "A.B.",
            "age": "40",
            "age__state": "stated",
        },
    ),
    (
        "parties",
        {"side": "victim", "entity": "group", "count_min": 3, "count_max": 5, "child__state": "not_stated"},
    ),
    ("proceedings", {"court": "Court of Exampleton", "level": "first", "date": "2024-05-06"}),
    ("charges", {"offence": "Trafficking in persons", "verdict": "convicted"}),
    ("verdict", {"kind": "custody", "amount": 36, "unit": "months"}),
    ("elements", {"concept": "crime:tip", "standing": "found_proved"}),
    ("elements", {"concept": "means:abuse_of_vulnerability", "standing": "found_proved"}),
)


def stepped(page: Any, step: str) -> None:
    press(page, page.locator(f"main button[name=step][value={step}]:visible").first)
    fits(page)


@pytest.fixture
def stage(live_server: Any, visit: Callable[..., Any], transactional_db: None) -> Callable[..., Stage]:  # noqa: F811
    """stage(language, width) -> a Stage on which an editor and a coordinator are signed in already."""
    cast = make_cast()
    with acting(Viewer.operator()):
        people = {"editor": member("editor", Role.EDITOR, cast.organisation), "coordinator": cast.coordinator}

    def set_up(language: str, width: int) -> Stage:
        def come(*, open_at: str = "/", **_more: Any) -> Any:
            page = visit(open_at or "/public/", language=language, width=width)
            page.said.clear()
            return page

        made = Stage(live_server.url, language, width, come, lambda *_who: None)
        for username, person in people.items():
            key = signed_in_client(person).cookies["session"].value
            made.sessions[username] = [{"name": "session", "value": key, "url": live_server.url}]
        return made

    return set_up


def coded(stage: Stage, page: Any, mark: str) -> None:
    """From nothing to a draft with every section that matters."""
    through_menu(page, "/caselaw/")
    follow(page, "/caselaw/new/")
    stage.look(page, "case-new", search=True)
    answer(page, {"title": f"State v. D1 {mark} (invented)", "language": "en", "country": "FRA",
                  "facts": f"Workers {mark} were kept on a farm."})  # fmt: skip
    send(page, expect=DRAFT)
    stage.look(page, "case-draft", search=True)
    home = page.url
    follow(page, "/section/identification/")
    answer(page, {"court": "Court of Exampleton", "decided": "2024-05-06", "citations": f"Case {mark}/2024"})
    stage.look(page, "case-identification", search=True)
    send(page, expect=DRAFT)
    for section, answers in ROWS:
        page.goto(home)
        follow(page, f"/section/{section}/")
        follow(page, f"/section/{section}/0/")
        answer(page, answers)
        stage.look(page, f"case-{section}-row", search=True)
        send(page, expect=rf"/section/{section}/$")
        stage.look(page, f"case-{section}", search=True)
    page.goto(home)
    stage.look(page, "case-coded", search=True)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280), ("ar", 360)])
def test_a_case_is_coded_reviewed_and_published(
    language: str, width: int, stage: Callable[..., Stage]
) -> None:
    play(stage(language, width), MARK)


def play(stage: Stage, mark: str) -> None:
    """The whole journey."""
    writer = stage.come("editor")
    coded(stage, writer, mark)
    home = writer.url
    stepped(writer, "submit")
    assert not writer.locator("button[name=step][value=publish]").count(), said(writer)
    reader = stage.come("coordinator")
    reader.goto(home)
    stage.look(reader, "case-review", search=True)
    follow(reader, "/return/")
    answer(reader, {"why": "The reasoning is missing."})
    stage.look(reader, "case-return", search=True)
    send(reader, expect=DRAFT)
    writer.goto(home)
    assert "The reasoning is missing." in said(writer) + writer.locator("main").inner_text()
    follow(writer, "/section/facts/")
    answer(writer, {"reasoning": "Their need was used, and they knew it."})
    send(writer, expect=DRAFT)
    stepped(writer, "submit")
    reader.goto(home)
    stepped(reader, "publish")
    follow(reader, "/caselaw/public/")
    at(reader, r"/caselaw/public/fra-[0-9a-f]{10}/$")
    anybody = stage.visitor(language=stage.language, width=stage.width, open_at=f"/caselaw/public/?q={mark}")
    follow(anybody, "/caselaw/public/fra-")
    stage.look(anybody, "case-public", search=True)
    assert "Their need was used" in anybody.locator("main").inner_text()
    stage.end()
