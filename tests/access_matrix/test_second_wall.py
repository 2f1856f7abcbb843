"""The second wall alone: every protected table, read by raw SQL as people to whom the story is foreign."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.cast import Member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer

from .story import CANARY, Story

# What is readable without a grant, and why.
READABLE = {
    "organisations_membership": "roles of staff; every policy reads them",
    "access_session": "one's own sign-in, and nobody else's (see the next test)",
    "caselaw_case": "published decisions; drafts are the editors' alone",
    "digest_edition": "editions of the digest, which are for everybody",
    "digest_finding": "published findings on published decisions; drafts are the editors' alone",
    "exchange_owncard": "signed cards of this instance, made to be handed out",
    "exchange_ownkey": "wrapped keys, which open nothing without the secret outside the database",
    "exchange_partner": "which instances are partners and their public keys: whoever writes chooses one",
    "legislation_law": "published laws of invented States; drafts are the editors' alone",
    "legislation_wording": "the texts of those laws",
    "library_authority": "whom another State asks, and for what; how they are reached is not in it",
    "networks_network": "which networks there are and who coordinates them; who belongs is not in it",
    "vault_organisationkey": "wrapped keys, which open nothing without the root key outside the database",
}


def protected() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
            "AND obj_description(c.oid, 'pg_class') LIKE 'protected:%'"
        )
        return sorted(name for (name,) in cursor.fetchall())


def visible(viewer: Viewer) -> dict[str, int]:
    """Rows that a viewer reads of each protected table, when no application stands in between."""
    found = {}
    with acting(viewer), connection.cursor() as cursor:
        for table in protected():
            cursor.execute("SELECT has_table_privilege(current_user, %s, 'SELECT')", [f"public.{table}"])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return {table: rows for table, rows in found.items() if rows and table not in READABLE}


def test_the_team_reads_its_own_rows(story: Story) -> None:
    """Without this the next tests could pass on an empty database."""
    seen = visible(story.people["case_worker"].viewer)
    assert {"access_grant", "cases_case", "identification_screening"} <= set(seen)


def test_a_stranger_reads_no_row_at_all(story: Story) -> None:
    assert visible(story.people["stranger"].viewer) == {}


def test_of_sessions_everybody_reads_only_his_own(story: Story) -> None:
    for persona in ("stranger", "administrator"):
        viewer = story.people[persona].viewer
        with acting(viewer), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM access_session WHERE user_id IS DISTINCT FROM %s", [viewer.user_id]
            )
            assert cursor.fetchone()[0] == 0


def test_the_public_reads_no_row_at_all(story: Story) -> None:
    assert visible(Viewer.anonymous()) == {}


@pytest.mark.parametrize("persona", ["prosecutor", "administrator"])
def test_colleagues_of_the_authority_do_not_see_that_something_was_referred(
    story: Story, persona: str
) -> None:
    """A grant to the authority names who decides there; the rest of that house reads no grant and no key."""
    seen = visible(story.people[persona].viewer)
    rooms = ("cases_", "consents_", "children_", "encounters_", "identification_", "referral_", "door_")
    assert not {t for t in seen if t.startswith((*rooms, "vault_"))}, seen
    with acting(story.people[persona].viewer), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT object_kind FROM access_grant")
        kinds = {kind for (kind,) in cursor.fetchall()}
    assert kinds <= {"assessment"}, kinds  # what the prosecutor takes part in is no secret to the prosecutor
    assert visible(story.people["competent_authority"].viewer)["access_grant"] > 0


def test_every_grant_to_a_house_names_roles(story: Story) -> None:
    """In the whole story of all rooms, as those see them whom they reach."""
    kinds = dict[str, int]()
    for person in (p for p in story.people.values() if isinstance(p, Member)):
        with acting(person.viewer), connection.cursor() as cursor:
            cursor.execute(
                "SELECT object_kind, count(*) FILTER (WHERE roles = '{}') FROM access_grant "
                "WHERE grantee_kind = 'organisation' GROUP BY 1"
            )
            kinds |= dict(cursor.fetchall())
    assert {"referral", "identification", "help_request"} <= set(kinds), kinds
    assert not any(kinds.values()), kinds


@pytest.mark.parametrize("persona", ["other_worker", "child_protection", "editor"])
def test_colleagues_elsewhere_read_no_row_of_the_case(story: Story, persona: str) -> None:
    seen = visible(story.people[persona].viewer)
    assert not {t for t in seen if t.startswith(("cases_", "identification_", "vault_", "access_"))}, seen


def test_no_protected_or_open_table_holds_the_name_in_clear(story: Story, cluster: Any) -> None:
    """Whatever the role: the planted name is in no text of any table that the owner of the case can read."""
    with acting(story.people["case_worker"].viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(current_user, %s, 'SELECT')", [f'public."{table}"'])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{CANARY}%"])
                assert cursor.fetchone()[0] == 0, table
