"""From a draft to the public and back: three persons, and what was reviewed is what is published."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused, StepUpNeeded
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.models import Check, Release, ReleaseFile, ReleaseTombstone, Review
from palermo.rooms.releases.tests.conftest import (
    REASON,
    TABLE,
    begun,
    carried_out,
    draft,
    judged,
    published,
)

pytestmark = pytest.mark.django_db


def test_from_a_draft_to_the_public(register: Any) -> None:
    made = published(register)
    assert made.state == "published"
    assert made.identifier == "PALERMO-XPA-GLOTIP-2026.1"
    with acting(Viewer.anonymous()) as anybody:
        found = queries.landing(anybody, made.identifier)
        assert [file.name for file in found.files] == [
            "changelog.md", "citation.txt", "codebook.csv", "data.csv", "data.json", "metadata.json",
        ]  # fmt: skip
        assert made.identifier in found.citation
        assert found.codebook
        content = actions.public_file(actor=anybody, identifier=made.identifier, name="data.csv").content
        assert content == bytes(next(file for file in found.files if file.name == "data.csv").content)
        assert [one.identifier for one in queries.catalogue(anybody)] == [made.identifier]


def test_who_prepared_it_judges_nothing(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    for what in (actions.review, actions.reject):
        with pytest.raises(Refused):
            judged(register.analyst, made, what)
    judged(register.second_analyst, made, actions.review)
    with pytest.raises(Refused):
        judged(register.analyst, made, actions.approve)
    with acting(register.analyst.viewer):
        assert Release.objects.get(pk=made.pk).state == "reviewed"


def test_the_same_person_twice_is_refused(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    judged(register.second_analyst, made, actions.review)
    with pytest.raises(Refused, match="second person"):
        judged(register.second_analyst, made, actions.approve)


def test_who_ran_it_has_prepared_it_too(register: Any) -> None:
    made = carried_out(register.coordinator, draft(register.analyst))
    with pytest.raises(Refused):
        judged(register.coordinator, made, actions.review)


def test_each_is_freshly_signed_in(register: Any) -> None:
    from dataclasses import replace

    made = carried_out(register.analyst, draft(register.analyst))
    stale = replace(register.second_analyst.viewer, stepped_up=False)
    with acting(stale), pytest.raises(StepUpNeeded):
        actions.review(actor=stale, release=made, reason=REASON, expected_version=made.version)


def test_a_change_after_the_review_voids_it(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    judged(register.second_analyst, made, actions.review)
    with acting(register.analyst.viewer) as viewer:
        fresh = queries.one(viewer, made.pk)
        actions.change_release(
            actor=viewer, release=fresh, values={**TABLE, "title": "Victims who were detected"},
            expected_version=fresh.version,
        )  # fmt: skip
    with pytest.raises(Conflict):
        judged(register.coordinator, made, actions.approve)
    carried_out(register.analyst, made)
    with pytest.raises(Conflict):
        judged(register.coordinator, made, actions.approve)
    judged(register.second_analyst, made, actions.review)
    assert judged(register.coordinator, made, actions.approve).state == "published"


def test_what_blocks_is_not_published(register: Any) -> None:
    made = begun(register.analyst, draft(register.analyst))
    with acting(register.analyst.viewer):
        Check.objects.create(
            release=made, revision=made.revision, code="invented", level="block", sentence="Blocked.",
            at=made.created_at,
        )  # fmt: skip
    from palermo.rooms.releases.tests.conftest import worked

    worked(register.analyst, made)
    with pytest.raises(Conflict, match="blocks"):
        judged(register.second_analyst, made, actions.review)


def test_sent_back_it_is_made_anew(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    back = judged(register.second_analyst, made, actions.reject)
    assert back.state == "draft"
    again = carried_out(register.analyst, made)
    assert (again.state, again.revision) == ("checked", 2)


def test_a_new_version_supersedes_and_both_keep_their_address(register: Any) -> None:
    first = published(register)
    second = published(register, changes="Persons who were registered late.")
    assert second.identifier.endswith("2026.2")
    with acting(Viewer.anonymous()) as anybody:
        assert queries.landing(anybody, first.identifier).release.state == "superseded"
        assert [one.identifier for one in queries.catalogue(anybody)] == [second.identifier]
        log = actions.public_file(
            actor=anybody, identifier=second.identifier, name="changelog.md"
        ).content.decode()
    assert "Persons who were registered late." in log
    assert first.identifier in log


def test_withdrawn_it_leaves_a_tombstone(register: Any) -> None:
    made = published(register)
    with acting(register.coordinator.viewer) as viewer:
        fresh = queries.one(viewer, made.pk)
        actions.withdraw(
            actor=viewer, release=fresh, why="A list was counted twice.", expected_version=fresh.version
        )
    with acting(Viewer.anonymous()) as anybody:
        with pytest.raises(queries.Withdrawn, match="counted twice") as gone:
            queries.landing(anybody, made.identifier)
        assert gone.value.status == 410
        with pytest.raises(queries.Withdrawn):
            actions.public_file(actor=anybody, identifier=made.identifier, name="data.csv")
        assert not Release.objects.filter(pk=made.pk).exists()
        assert not ReleaseFile.objects.filter(release_id=made.pk).exists()
        assert ReleaseTombstone.objects.get(pk=made.pk).why == "A list was counted twice."


def test_a_second_draft_made_before_the_first_came_out_is_made_anew(register: Any) -> None:
    """Both were attacked with what was public then; together they were not."""
    other = carried_out(register.analyst, draft(register.analyst, title="The same once more"))
    judged(register.second_analyst, other, actions.review)
    published(register)
    with pytest.raises(Conflict, match="not attacked together"):
        judged(register.coordinator, other, actions.approve)


def test_everything_wrong_with_a_draft_is_said_at_once(people: Any) -> None:
    wrong = {
        **TABLE,
        "title": "",
        "purpose": "short",
        "series": "lower case",
        "year_from": 2026,
        "year_to": 2020,
    }
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid) as told:
        actions.open_release(actor=viewer, values={**wrong, "source": "no such table"})
    assert {problem.field for problem in told.value.problems} == {
        "title",
        "purpose",
        "series",
        "year_to",
        "source",
    }


def test_an_empty_register_comes_back_with_the_reason(people: Any) -> None:
    made = carried_out(people.analyst, draft(people.analyst))
    assert made.state == "draft"
    with acting(people.analyst.viewer):
        assert "nothing" in queries.history(made)[0][0].reason.lower()


def test_reviews_say_who_and_why(register: Any) -> None:
    made = published(register)
    with acting(register.analyst.viewer):
        found = Review.objects.filter(release=made).order_by("at")
        assert [(one.stage, one.person_id) for one in found] == [
            ("review", register.second_analyst.pk),
            ("approval", register.coordinator.pk),
        ]
