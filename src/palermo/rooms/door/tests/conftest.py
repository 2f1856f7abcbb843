"""A desk that is open, an adult's case, and a person at the door with a browser that has no cookie."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.door import actions
from palermo.rooms.door.actions import limits
from palermo.web.room import Subject, subject
from palermo.web.tests.conftest import visit  # noqa: F401


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long answers to codes were held back; no test waits for it. Buckets are full at the beginning."""
    held: list[float] = []
    monkeypatch.setattr(limits.time, "sleep", held.append)
    limits._left.clear()
    return held


@pytest.fixture
def desk(people: Any) -> Any:
    with acting(people.supervisor.viewer) as viewer:
        return actions.set_desk(
            actor=viewer, organisation_id=people.organisation.pk, is_open=True, languages=["en", "ar"]
        )


@pytest.fixture
def about(people: Any) -> Subject:
    """The case of an adult, with the case worker."""
    with acting(people.case_worker.viewer) as viewer:
        identity = Identity(family_name="Vibbletonova", given_names="Zarquella")
        made = cases.open_case(
            actor=viewer, reason="Asked for help at the desk.", identity=identity, crime="tip", child=False
        )
        return subject(viewer, "case", made.pk)


class Door:
    """A person with a browser: sends the forms as they stand in the page, and keeps nothing."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def get(self, page: str, lang: str = "en") -> Any:
        return self.client.get(f"/door/{lang}/{page}")

    def token(self, page: str, text: str, lang: str = "en") -> dict[str, str]:
        """The hidden fields of the form that goes to this address."""
        action = f'action="/door/{lang}/{page}"'
        form = text[text.index(action) :] if action in text else text[text.index("<form") :]
        form = form[: form.index("</form>")]
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

    def ask(self, desk: Any, **more: Any) -> Any:
        given = {
            "help": ["safe_place"],
            "urgency": "now",
            "organisation": str(desk.organisation_id),
            "answer_by": "code",
            "text": "Please come to the back door.",
        }
        hidden = self.token("ask/", self.get("ask/").content.decode())
        return self.client.post("/door/en/ask/", {**hidden, **given, **more})

    def code_in(self, answer: Any) -> str:
        found = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", answer.content.decode())
        assert found, answer.content.decode()
        return found.group()

    def come(self, code: str, lang: str = "en") -> Any:
        hidden = self.token("code/", self.get("code/", lang).content.decode(), lang)
        return self.client.post(f"/door/{lang}/code/", {**hidden, "code": code})

    def send(self, opened: Any, page: str, lang: str = "en", **given: Any) -> Any:
        return self.client.post(
            f"/door/{lang}/{page}", {**self.token(page, opened.content.decode(), lang), **given}
        )


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def page_code(people: Any, about: Subject) -> Callable[[], str]:
    """A code for the own page of the case's person, as the worker gives it."""

    def give() -> str:
        with acting(people.case_worker.viewer) as viewer:
            return actions.give_page(actor=viewer, about=about)

    return give
