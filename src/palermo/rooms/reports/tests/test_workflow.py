"""From the outline to the public and back: three persons, and what was submitted is what is published."""

import hashlib
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused, Stale
from palermo.rooms.releases import actions as releases
from palermo.rooms.releases.models import Release
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.tests.conftest import (
    begun,
    filled,
    fresh,
    judged,
    published,
    put,
    submitted,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Steps are tested without the seconds that drawing takes; the files have tests of their own."""
    if "drawn" not in request.keywords:
        made = ("report-en.docx", "application/octet-stream", b"drawn elsewhere")
        monkeypatch.setattr(
            "palermo.rooms.reports.actions.submitting.files", lambda told, dated: _one(told, made)
        )


def _one(told: Any, made: tuple[str, str, bytes]) -> list[tuple[str, str, bytes]]:
    return [(made[0].replace("en", told["language"]), made[1], made[2])]


def test_from_the_outline_to_the_public(two_years: Any) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    assert made.state == "published"
    assert made.identifier == "PALERMO-XPA-REPORT-2026.1"
    with acting(Viewer.anonymous()) as anybody:
        assert [one.pk for one in queries.catalogue(anybody)] == [made.pk]
        found = queries.landing(anybody, made.identifier)
        for file in found.files:
            first = actions.public_file(actor=anybody, identifier=made.identifier, name=file.name).content
            again = actions.public_file(actor=anybody, identifier=made.identifier, name=file.name).content
            assert first == again
            assert hashlib.sha256(first).hexdigest() == file.sha256
        assert not made.sections.exists(), "the public reads what was submitted, not what was written"


def test_the_outline_is_there_in_every_language(people: Any) -> None:
    made = begun(people.analyst)
    with acting(people.analyst.viewer):
        titles = [one.titles for one in made.sections.all()]
    assert len(titles) == 10
    assert all(set(one) == {"en", "fr", "ar"} for one in titles)


def test_a_draft_is_not_public(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    from palermo.kernel.errors import NotFound

    with acting(Viewer.anonymous()) as anybody:
        assert not queries.catalogue(anybody).exists()
        with pytest.raises(NotFound):
            queries.landing(anybody, made.identifier)


def test_two_persons_who_wrote_nothing_in_it(two_years: Any) -> None:
    made = filled(two_years.analyst, two_years.new)
    put(two_years.coordinator, made, kind="text", texts=words("One more."))
    submitted(two_years.analyst, made)
    for writer in (two_years.analyst, two_years.coordinator):
        with pytest.raises(Refused, match="two other persons"):
            judged(writer, made, actions.review)
    judged(two_years.second_analyst, made, actions.review)
    with pytest.raises(Refused, match="second person"):
        judged(two_years.second_analyst, made, actions.approve)


def test_what_was_submitted_is_not_changed(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    with pytest.raises(Conflict):
        put(two_years.analyst, made, kind="text", texts=words("Late."))


def test_a_change_voids_the_review(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    judged(two_years.second_analyst, made, actions.review)
    with acting(two_years.analyst.viewer) as viewer:
        found = queries.one(viewer, made.pk)
        actions.reopen(actor=viewer, report=found, expected_version=found.version)
    put(two_years.analyst, made, kind="text", texts=words("One more thing."))
    submitted(two_years.analyst, made)
    with pytest.raises(Conflict):
        judged(two_years.coordinator, made, actions.approve)
    judged(two_years.second_analyst, made, actions.review)
    assert judged(two_years.coordinator, made, actions.approve).revision == 2


def test_sections_move_and_go(people: Any) -> None:
    made = begun(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        rows = list(made.sections.all())
        actions.move_section(actor=viewer, section=rows[1], up=True)
        actions.move_section(actor=viewer, section=rows[1], up=True)
        actions.remove_section(actor=viewer, section=rows[0])
        left = list(made.sections.all())
    assert [one.pk for one in left] == [rows[1].pk, *(one.pk for one in rows[2:])]
    assert [one.place for one in left] == list(range(1, 10))


def test_a_section_goes_behind_another(people: Any) -> None:
    made = begun(people.analyst)
    with acting(people.analyst.viewer):
        first = made.sections.first()
    put(people.analyst, made, kind="text", texts=words("Second."), after=str(first.pk))
    with acting(people.analyst.viewer):
        assert made.sections.all()[1].texts["en"] == "Second. (en)"


def test_who_comes_late_is_told(people: Any) -> None:
    made = begun(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        one = made.sections.first()
        values = {"texts": {"en": "First."}}
        actions.change_section(actor=viewer, section=one, values=values, expected_version=1)
        with pytest.raises(Stale):
            actions.change_section(actor=viewer, section=one, values=values, expected_version=1)


def test_last_years_recommendations_are_answered(two_years: Any) -> None:
    published(two_years, filled(two_years.analyst, two_years.old, 2025))
    made = filled(two_years.analyst, two_years.new)
    with pytest.raises(Conflict, match="last year's recommendations"):
        submitted(two_years.analyst, made)
    with acting(two_years.analyst.viewer) as viewer:
        one = made.recommendations.get(of__isnull=False)
        with pytest.raises(Conflict):
            actions.remove_recommendation(actor=viewer, recommendation=one)
        values = {"outcome": "partly", "notes": words("Two of five offices")}
        actions.change_recommendation(actor=viewer, recommendation=one, values=values, expected_version=1)
    told = submitted(two_years.analyst, made).content["en"]
    rows = next(block["rows"] for block in told["blocks"] if block["kind"] == "advice")
    assert rows == [["Train labour inspectors (en)", "Partly done", "Two of five offices (en)"]]


def test_a_withdrawn_release_is_told_and_asks_for_an_edition(two_years: Any) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    with acting(two_years.coordinator.viewer) as viewer:
        found = Release.objects.get(pk=two_years.new.pk)
        why = "A list was counted twice."
        releases.withdraw(actor=viewer, release=found, why=why, expected_version=found.version)
        assert any("withdrawn figures" in str(due.title) for due in queries.due_for(viewer))
    with acting(Viewer.anonymous()) as anybody:
        assert queries.landing(anybody, made.identifier).fallen == ((two_years.new.identifier, ""),)
    again = begun(two_years.analyst)
    assert again.identifier.endswith("2026.2")
    with acting(two_years.analyst.viewer) as viewer:
        assert not again.sections.exclude(source="").exists(), "withdrawn figures do not come back"
        assert again.sections.filter(kind="text").exists()
        assert not any("withdrawn figures" in str(due.title) for due in queries.due_for(viewer))


def test_withdrawn_between_review_and_approval_it_is_not_published(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    judged(two_years.second_analyst, made, actions.review)
    with acting(two_years.coordinator.viewer) as viewer:
        found = Release.objects.get(pk=two_years.new.pk)
        releases.withdraw(actor=viewer, release=found, why="Wrong.", expected_version=found.version)
    with pytest.raises(Conflict, match="withdrawn"):
        judged(two_years.coordinator, made, actions.approve)


def test_withdrawn_it_leaves_a_tombstone(two_years: Any) -> None:
    made = published(two_years, filled(two_years.analyst, two_years.new))
    with acting(two_years.coordinator.viewer) as viewer:
        found = queries.one(viewer, made.pk)
        actions.withdraw(
            actor=viewer, report=found, why="A chapter was wrong.", expected_version=found.version
        )
    with acting(Viewer.anonymous()) as anybody, pytest.raises(queries.Withdrawn, match="chapter was wrong"):
        queries.landing(anybody, made.identifier)


def test_a_new_edition_supersedes_and_both_keep_their_address(two_years: Any) -> None:
    first = published(two_years, filled(two_years.analyst, two_years.new))
    second = published(two_years, begun(two_years.analyst))
    with acting(Viewer.anonymous()) as anybody:
        assert queries.landing(anybody, first.identifier).report.state == "superseded"
        assert queries.landing(anybody, first.identifier).newest == second.identifier
    assert fresh(two_years.analyst, second.pk).content["en"]["sources"], (
        "it began with what the first one held"
    )


def test_numbers_that_stand_in_no_table_are_told_to_the_judges(two_years: Any) -> None:
    made = filled(two_years.analyst, two_years.new)
    put(
        two_years.analyst, made, kind="text", texts={"en": "In 2026 we met 44 women and 312 men, ٣١٣ in all."}
    )
    assert queries.strange_numbers(submitted(two_years.analyst, made)) == ["312", "313"]


def test_an_empty_report_is_not_submitted(people: Any) -> None:
    with pytest.raises(Conflict, match="nothing in this report"):
        submitted(people.analyst, begun(people.analyst))


def test_microdata_and_unknown_parts_are_refused(two_years: Any) -> None:
    made = begun(two_years.analyst)
    for values in (
        {"source": two_years.new.identifier, "part": "nothing"},
        {"source": "PALERMO-XPA-GLOTIP-1999.1", "part": "who"},
        {"source": "", "part": "who"},
        {"source": two_years.new.identifier, "part": "who", "layout": "pie"},
    ):
        with pytest.raises(Invalid):
            put(two_years.analyst, made, kind="table", **values)
