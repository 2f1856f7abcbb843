"""What a handing-over writes down, and what a referral shares, keeps the roles that a grant names."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

FIRST = import_module("palermo.rooms.referral.migrations.0001_initial")

SHARE = (
    FIRST.SHARE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("granted_by_id, break_glass, created_at)", "granted_by_id, break_glass, created_at, roles)")
    .replace("access_viewer(), false, clock_timestamp()", "access_viewer(), false, clock_timestamp(), g.roles")
    .replace("AND h.revoked_at IS NULL AND", "AND h.roles = g.roles AND h.revoked_at IS NULL AND")
)
HAND_OVER = (
    FIRST.HAND_OVER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("grantee_id, scopes, until)", "grantee_id, scopes, until, roles)")
    .replace("SELECT DISTINCT ON (g.grantee_id) ref", "SELECT DISTINCT ON (g.grantee_id, g.roles) ref")
    .replace("g.scopes, now() FROM", "g.scopes, now(), g.roles FROM")
)
PAST = (
    f"{FIRST.WORKER} AND referral_past.grantee_id = ANY ((SELECT access_grantees())::uuid[]) "
    "AND (cardinality(referral_past.roles) = 0 OR access_reaches(referral_past.grantee_id, referral_past.roles))"
)


class Migration(migrations.Migration):
    dependencies = [("access", "0008_grants_name_roles"), ("referral", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="past",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.RunSQL(SHARE, FIRST.SHARE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(f"ALTER POLICY may_read ON referral_past USING ({PAST})", migrations.RunSQL.noop),
    ]
