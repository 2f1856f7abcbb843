"""An instrument is found by what it is called, in any of six languages, and by its articles; not by its subject."""

import pytest

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.treaties.queries import SOURCE
from palermo.web.searched import Asked

pytestmark = pytest.mark.django_db
ANYBODY = Viewer.anonymous()


def found(query: str, **more: object) -> list[tuple[str, str]]:
    return [(one.key, one.why) for one in SOURCE.find(ANYBODY, Asked(query, **more), 60)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Palermo Protocol", "TIP"), ("protocole de palerme", "TIP"), ("بروتوكول باليرمو", "TIP"),
        ("巴勒莫议定书", "TIP"),
        ("Smuggling protocol", "SOM"), ("Палермская конвенция", "UNTOC"), ("convención de palermo", "UNTOC"),
    ],
)  # fmt: skip
def test_it_is_found_by_its_name(query: str, code: str) -> None:
    assert found(query) == [(code, "name")]
    (told,) = SOURCE.named(ANYBODY, [code], Asked(query))
    assert told.url.endswith(f"/treaties/public/{code}/")
    assert "UNTS" in SOURCE.pieces(ANYBODY, [code], Asked(query))[code]


@pytest.mark.parametrize(
    "query",
    ["trafficking in persons", "smuggling of migrants", "traite des personnes", "贩运人口", "", "protocol"],
)
def test_its_subject_alone_does_not_find_it(query: str) -> None:
    assert found(query) == []


def test_an_article_names_its_instrument() -> None:
    assert found("TIP 3(b)", references=("TIP 3(b)",)) == [("TIP", "identifier")]
    assert found("som") == [("SOM", "identifier")]
