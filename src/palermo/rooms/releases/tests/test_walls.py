"""What the database itself refuses, whatever statement comes: changed files, names of others, skipped persons."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.releases import actions
from palermo.rooms.releases.models import Release, ReleaseFile, Review
from palermo.rooms.releases.tests.conftest import REASON, carried_out, draft, judged, published

pytestmark = pytest.mark.django_db

TABLES = (
    "releases_release", "releases_releasefile", "releases_check", "releases_review", "releases_population",
    "releases_ledgerentry", "releases_capdecision",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", ["case_worker", "supervisor", "competent_authority", "prosecutor", "administrator"]
)
def test_others_see_no_draft(register: Any, name: str) -> None:
    carried_out(register.analyst, draft(register.analyst))
    with acting(getattr(register, name).viewer), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def refused(viewer: Any, sql: str, *values: Any) -> None:
    with acting(viewer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_files_are_never_changed_or_deleted(register: Any) -> None:
    made = published(register)
    for viewer in (register.analyst.viewer, Viewer.operator(), Viewer.anonymous()):
        refused(viewer, "UPDATE releases_releasefile SET content = 'x' WHERE release_id = %s", made.pk)
        refused(viewer, "DELETE FROM releases_releasefile WHERE release_id = %s", made.pk)
        refused(viewer, "DELETE FROM releases_release WHERE id = %s", made.pk)


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_tables_rewrites_them(register: Any, cluster: Any) -> None:
    made = published(register)
    for sql in (
        "UPDATE releases_releasefile SET content = 'x' WHERE release_id = %s",
        "DELETE FROM releases_releasefile WHERE release_id = %s",
        "UPDATE releases_review SET reason = 'x' WHERE release_id = %s",
        "UPDATE releases_release SET title = 'x' WHERE id = %s",
        "DELETE FROM releases_release WHERE id = %s",
    ):
        with (
            psycopg.connect(cluster.dsn("palermo_owner")) as owner,
            pytest.raises(psycopg.errors.CheckViolation, match=r"never|draft"),
        ):
            owner.execute(sql, [made.pk])


def test_a_published_release_stays_as_it_is(register: Any) -> None:
    made = published(register)
    viewer = register.coordinator.viewer
    for change in (
        "title = 'Another'", "purpose = 'Another'", "year_to = 2026", "parameters = '{\"epsilon\": 1}'",
        "tables = '[]'", "identifier = 'PALERMO-XPA-GLOTIP-2026.9'", "number = 9", "state = 'draft'",
        "state = 'withdrawn'", "revision = revision + 1", "prepared = '{}'", "published_at = now()",
    ):  # fmt: skip
        refused(viewer, f"UPDATE releases_release SET {change} WHERE id = %s", made.pk)


def test_nothing_is_added_to_what_is_public(register: Any) -> None:
    made = published(register)
    with acting(register.coordinator.viewer), pytest.raises(DatabaseError), transaction.atomic():
        ReleaseFile.objects.create(
            release=made, revision=made.revision, name="more.csv", kind="public", content_type="text/csv",
            content=b"", sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", size=0,
            made_at=made.published_at,
        )  # fmt: skip


def test_no_step_is_skipped(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    for viewer in (register.analyst.viewer, register.coordinator.viewer):
        for state in ("published", "reviewed", "superseded", "withdrawn", "discarded", "running"):
            refused(viewer, "UPDATE releases_release SET state = %s WHERE id = %s", state, made.pk)


def test_nobody_judges_in_the_name_of_another_or_what_he_prepared(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    given = {
        "release": made, "revision": made.revision, "stage": "review", "verdict": "agree", "reason": REASON,
        "at": made.created_at,
    }  # fmt: skip
    for who, named in ((register.analyst, register.second_analyst), (register.analyst, register.analyst)):
        with acting(who.viewer), pytest.raises(DatabaseError), transaction.atomic():
            Review.objects.create(**given, person_id=named.pk)
    judged(register.second_analyst, made, actions.review)
    with acting(register.second_analyst.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.create(**{**given, "stage": "approval"}, person_id=register.second_analyst.pk)
    # Even with the machine left aside: the state alone does not move.
    refused(
        register.second_analyst.viewer,
        "UPDATE releases_release SET state = 'published' WHERE id = %s",
        made.pk,
    )


def test_a_file_has_the_fingerprint_that_it_says(register: Any) -> None:
    from palermo.rooms.releases.tests.conftest import begun

    made = begun(register.analyst, draft(register.analyst))
    with acting(register.analyst.viewer), pytest.raises(DatabaseError), transaction.atomic():
        ReleaseFile.objects.create(
            release=made, revision=made.revision, name="data.csv", kind="public", content_type="text/csv",
            content=b"1", sha256="0" * 64, size=1, made_at=made.created_at,
        )  # fmt: skip


def test_internal_files_are_not_shown_to_the_public(register: Any) -> None:
    made = carried_out(register.analyst, draft(register.analyst))
    from palermo.rooms.releases.tests.conftest import begun, worked

    with acting(register.analyst.viewer) as viewer:
        fresh = Release.objects.get(pk=made.pk)
        actions.change_release(
            actor=viewer, release=fresh, expected_version=fresh.version,
            values={name: getattr(fresh, name) for name in (
                "product", "source", "title", "series", "year", "year_from", "year_to", "purpose", "changes",
            )},
        )  # fmt: skip
    begun(register.analyst, made)
    with acting(register.analyst.viewer):
        from palermo.rooms.releases.actions.running import put_file

        put_file(Release.objects.get(pk=made.pk), "risk.json", "internal", "application/json", b"{}")
    worked(register.analyst, made)
    judged(register.second_analyst, made, actions.review)
    out = judged(register.coordinator, made, actions.approve)
    with acting(Viewer.anonymous()) as anybody:
        assert not ReleaseFile.objects.filter(release_id=out.pk, kind="internal").exists()
        from palermo.kernel.errors import NotFound

        with pytest.raises(NotFound):
            actions.public_file(actor=anybody, identifier=out.identifier, name="risk.json")
    with acting(register.coordinator.viewer) as viewer, pytest.raises(NotFound):
        actions.draft_file(actor=viewer, release=out, name="risk.json")
