"""One's own period stays with the house: who works elsewhere now does not take the old house's cases along."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("palermo.rooms.referral.migrations.0002_roles_of_grants")

# Works on cases today in a house to which he belonged at that moment.
STILL_THERE = """
CREATE FUNCTION referral_still_there(moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.organisations_membership now_in JOIN public.organisations_membership was_in
      ON was_in.user_id = now_in.user_id AND was_in.organisation_id = now_in.organisation_id
    WHERE now_in.user_id = public.access_viewer() AND now_in.ended_at IS NULL
      AND now_in.role IN ('first_responder', 'case_manager', 'supervisor', 'child_protection')
      AND was_in.created_at <= moment AND (was_in.ended_at IS NULL OR was_in.ended_at >= moment))
$$
"""
NAME = "referral_still_there(timestamptz)"
PAST = f"{BEFORE.PAST} AND referral_still_there(referral_past.until)"


class Migration(migrations.Migration):
    dependencies = [("referral", "0005_numbers_in_one_place"), ("organisations", "0002_proposals")]

    operations = [
        migrations.RunSQL(STILL_THERE, f"DROP FUNCTION {NAME}"),
        migrations.RunSQL(f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            f"ALTER POLICY may_read ON referral_past USING ({PAST})",
            f"ALTER POLICY may_read ON referral_past USING ({BEFORE.PAST})",
        ),
    ]
