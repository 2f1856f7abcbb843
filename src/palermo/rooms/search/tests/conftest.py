"""Cases in six languages that the instance has brought in."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions

FACTS = {
    "en": "The recruiter abused a position of vulnerability of seasonal workers.",
    "fr": "La victime a déposé une plainte tardive contre son employeur.",
    "es": "El tribunal examinó la servidumbre por deudas de una trabajadora.",
    "ar": "نظرت المحكمة في مصادرة جوازات السفر.",
    "ru": "Суд оценил показания эксперта о травме.",
    "zh": "法院审查了电话监听的证据。",
}


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def told(palermo_id: str, language: str, facts: str, **more: Any) -> dict[str, Any]:
    return {
        "palermo_id": palermo_id, "title": f"Case {palermo_id}", "language": language, "country": "FRA",
        "facts": facts, "status": "published", **more,
    }  # fmt: skip


@pytest.fixture
def cases(db: None) -> None:
    """One published case a language, and one draft that says the same as the first."""
    values = [told(f"c-{language}", language, facts) for language, facts in FACTS.items()]
    values.append(told("c-draft", "en", FACTS["en"], status="draft"))
    values.append(told("c-ecli", "en", "Another matter.", ecli="ECLI:FR:CC:2020:12.34"))
    with acting(Viewer.operator()) as viewer:
        assert actions.bring_in(actor=viewer, values=values).problems == ()
