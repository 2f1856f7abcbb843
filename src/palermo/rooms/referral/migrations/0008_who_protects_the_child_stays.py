"""A child's case changes its house; the authority that protects the child keeps what it holds.

Until now a transfer ended every grant on the case: also those of the child-protection authority, which is no part of the
old house, has agreed to the transfer, and answers for guardian, best interests and panel. Whoever works in the old
house himself keeps nothing but his own period, whatever role he has elsewhere.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("palermo.rooms.referral.migrations.0004_all_that_was_held")

MEMBER = (
    "SELECT 1 FROM organisations_membership m WHERE m.user_id = g.grantee_id AND m.ended_at IS NULL AND m.{0}"
)
PROTECTS = f"""(c.child IS DISTINCT FROM false AND NOT g.break_glass AND (
        (g.grantee_kind = 'organisation' AND g.grantee_id <> r.organisation_id
          AND cardinality(g.roles) = 1 AND g.roles[1] = 'child_protection')
        OR (g.grantee_kind = 'person'
          AND EXISTS ({MEMBER.format("role = 'child_protection'")} AND m.organisation_id <> r.organisation_id)
          AND NOT EXISTS ({MEMBER.format('organisation_id = r.organisation_id')}))))"""
HAND_OVER = BEFORE.HAND_OVER.replace(
    "AND (g.valid_until IS NULL OR g.valid_until > now())\n    GROUP BY",
    f"AND (g.valid_until IS NULL OR g.valid_until > now())\n      AND NOT {PROTECTS}\n    GROUP BY",
).replace(
    "SET revoked_at = clock_timestamp() WHERE g.revoked_at IS NULL\n    AND (g.object_id = c.id",
    f"SET revoked_at = clock_timestamp() WHERE g.revoked_at IS NULL\n    AND NOT {PROTECTS}\n    AND (g.object_id = c.id",
)
if HAND_OVER.count("child_protection'") != BEFORE.HAND_OVER.count("child_protection'") + 4:
    raise AssertionError("the function that this builds on has changed")


class Migration(migrations.Migration):
    dependencies = [("referral", "0007_frozen_facts"), ("access", "0008_grants_name_roles")]

    operations = [migrations.RunSQL(HAND_OVER, BEFORE.HAND_OVER)]
