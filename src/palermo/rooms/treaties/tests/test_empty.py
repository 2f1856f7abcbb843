"""Before anything was brought in, no page tells a number of parties."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.treaties.actions import import_lines

pytestmark = pytest.mark.django_db
LINE = b"instrument,state,action,date\nTIP,FRA,ratification,2002-10-29\n"


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def test_an_empty_log_is_no_count_of_nobody() -> None:
    pages = [reverse("treaties:public"), reverse("treaties:sheet", args=["TIP"])]
    for address in pages:
        page = Client().get(address).content.decode()
        assert "No action of a State is recorded here yet" in page
        assert "Parties" not in page
    with acting(Viewer.operator()) as system:
        import_lines(actor=system, content=LINE)
    for address in pages:
        assert "Parties" in Client().get(address).content.decode()
    som = Client().get(reverse("treaties:sheet", args=["SOM"])).content.decode()
    assert "No action of a State is recorded here yet" in som
