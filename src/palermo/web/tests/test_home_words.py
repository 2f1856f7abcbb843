"""The home page never points to something that is not there."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from palermo.kernel.access.viewer import Viewer


def home(doors: list[object]) -> str:
    request = RequestFactory().get("/home/")
    request.viewer = Viewer.anonymous()  # type: ignore[attr-defined]
    seen = SimpleNamespace(greeting="", due=[], more=0, tiles=[], doors=doors)
    return render_to_string("web/home.html", {"home": seen}, request=request)


@pytest.mark.django_db
def test_who_has_no_page_is_not_sent_to_the_pages_below() -> None:
    text = home([])
    assert "Nothing is open to you yet" in text
    assert "pages below" not in text


@pytest.mark.django_db
def test_who_has_pages_is_sent_to_them() -> None:
    text = home([SimpleNamespace(label="Cases", url="/cases/", note="", icon="folder")])
    assert "pages below" in text
    assert "Nothing is open to you yet" not in text
