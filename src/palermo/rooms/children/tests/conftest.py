"""A case about a child, a child-protection worker elsewhere, a police unit: all invented."""

from dataclasses import dataclass
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.children import actions
from palermo.rooms.children.actions.demo import WAY, demo_protectors, step_answers
from palermo.rooms.children.models import ChildProtection
from palermo.web.room import Subject, subject

CANARY = "Vibbletonova"


@dataclass
class Way:
    """The cast, the staff for children, and one child on the way."""

    people: Any
    staff: dict[str, Any]
    about: Subject

    @property
    def protector(self) -> Any:
        return self.staff["protector"]

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        return step_answers(self.staff, self.people.coordinator.viewer.organisation_id)

    def child(self) -> ChildProtection:
        return ChildProtection.objects.get(pk=self.about.key)

    def begin(self, age: str = "not_sure", situation: str = "unaccompanied") -> ChildProtection:
        with acting(self.people.case_worker.viewer) as viewer:
            return actions.begin_child(
                actor=viewer, about=self.about, situation=situation, age=age, language="ar"
            )

    def step(self, member: Any, event: str, reason: str = "", **changed: Any) -> ChildProtection:
        with acting(member.viewer) as viewer:
            child = self.child()
            return actions.take_step(
                actor=viewer,
                child=child,
                event=event,
                expected_version=child.version,
                reason=reason,
                given={**self.answers.get(event, {}), **changed},
            )

    def record(self, member: Any, what: str, **given: Any) -> ChildProtection:
        with acting(member.viewer) as viewer:
            child = self.child()
            return actions.add_record(
                actor=viewer, child=child, what=what, expected_version=child.version, given=given
            )

    def walk(self, until: str = "") -> ChildProtection:
        """Every step of the demonstration's way up to and with `until`."""
        child = self.begin()
        for who, event in WAY:
            member = self.protector if who == "protector" else self.people.case_worker
            child = self.step(member, event, "Decided in one meeting.")
            if event == until:
                break
        return child


@pytest.fixture
def way(people: Any) -> Way:
    staff = demo_protectors(people)
    with acting(people.case_worker.viewer) as viewer:
        identity = Identity(family_name=CANARY, given_names="Zarquella")
        made = cases.open_case(
            actor=viewer, reason="Found alone at the harbour.", identity=identity, crime="tip", child=True
        )
        about = subject(viewer, "case", made.pk)
    return Way(people, staff, about)


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Pages render without the front end having been built."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
