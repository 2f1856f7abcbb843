"""The shipped survey of practitioners in a real browser: filled in, sent once, and found with the right answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from palermo.fieldwork import forms as shipped
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import Form, Study, Submission
from palermo.rooms.observatory.tests.conftest import VALUES, flattened
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.test_drafts import come  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = 90_000  # a machine with much else to do


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A study with the survey of practitioners, published."""
    for place in ("converting", "publishing"):
        monkeypatch.setattr(f"palermo.rooms.observatory.actions.{place}.validate", lambda xml: "a test")
    analyst = make_cast().analyst
    path = tmp_path / "s2.xlsx"
    shipped.write(shipped.sheets("S2"), path)
    with acting(analyst.viewer) as viewer:
        found = actions.open_study(actor=viewer, values=VALUES)
        version = actions.add_form(actor=viewer, study=found, source=path.read_bytes())
        for name, content in shipped.media().items():
            actions.add_media(actor=viewer, version=version, name=name, content=content)
        actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    return SimpleNamespace(analyst=analyst, study=found, version=version)


def test_look(study: Any, come: Any, live_server: Any) -> None:
    page = come(study.analyst, language="en", width=1280)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + reverse("observatory:fill", args=[study.study.pk, study.version.pk]))
    try:
        page.locator("[data-webform][data-state=ready]").wait_for(timeout=LONG)
    finally:
        print(page.said, asked)
        picture(page, "webform")
    print(page.inner_text("[data-place]")[:3000])
    Path("/tmp/wf.html").write_text(page.content())
