"""Who held a case by two grants keeps, of his own period, what both of them opened, and not one by chance."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("palermo.rooms.referral.migrations.0003_own_period")

HAND_OVER = BEFORE.HAND_OVER.replace(
    "SELECT DISTINCT ON (g.grantee_id, g.roles) ref, c.id, c.code, g.grantee_id, g.scopes, clock_timestamp(), "
    "g.roles FROM access_grant g\n",
    "SELECT ref, c.id, c.code, g.grantee_id, array_agg(DISTINCT held.scope::text), clock_timestamp(), g.roles\n"
    "    FROM access_grant g CROSS JOIN LATERAL unnest(g.scopes) AS held(scope)\n",
).replace(
    "AND (g.valid_until IS NULL OR g.valid_until > now());",
    "AND (g.valid_until IS NULL OR g.valid_until > now())\n    GROUP BY g.grantee_id, g.roles;",
)
if "GROUP BY" not in HAND_OVER or "DISTINCT ON" in HAND_OVER:
    raise AssertionError("the function that this builds on has changed")


class Migration(migrations.Migration):
    dependencies = [("referral", "0003_own_period")]

    operations = [migrations.RunSQL(HAND_OVER, BEFORE.HAND_OVER)]
