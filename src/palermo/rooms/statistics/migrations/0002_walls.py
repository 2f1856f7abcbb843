"""Walls of the statistics: published figures are open to read; a publication cannot be changed, only approved."""

from django.db import migrations

from palermo.kernel.database.rls import Protect

OPERATOR = "(select access_kind()) = 'operator'"
READERS = "(select access_has('coordinator', 'analyst'))"

FREEZE = """
CREATE FUNCTION statistics_publication_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.id, NEW."table", NEW.title, NEW.content, NEW.sha256, NEW.made_at, NEW.made_by_id)
     IS DISTINCT FROM (OLD.id, OLD."table", OLD.title, OLD.content, OLD.sha256, OLD.made_at, OLD.made_by_id) THEN
    RAISE EXCEPTION 'a publication cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.approved_at IS NOT NULL AND (NEW.approved_at, NEW.approved_by_id)
     IS DISTINCT FROM (OLD.approved_at, OLD.approved_by_id) THEN
    RAISE EXCEPTION 'a publication is approved once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL
     AND NEW.approved_by_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody approves in the name of another' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_why)
     IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_why) THEN
    RAISE EXCEPTION 'a publication is withdrawn once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = (
    "CREATE TRIGGER publication_frozen BEFORE UPDATE ON statistics_publication "
    "FOR EACH ROW EXECUTE FUNCTION statistics_publication_frozen()"
)


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial"), ("access", "0002_walls")]

    operations = [
        Protect(
            "statistics_observation",
            read="true",
            insert=OPERATOR,
            update=OPERATOR,
            delete=OPERATOR,
            reason="figures that other bodies have published; anybody may read them",
        ),
        Protect(
            "statistics_population",
            read="true",
            insert=OPERATOR,
            update=OPERATOR,
            delete=OPERATOR,
            reason="published population figures; anybody may read them",
        ),
        Protect(
            "statistics_publication",
            read=f"(approved_at IS NOT NULL AND withdrawn_at IS NULL) OR {READERS} OR {OPERATOR}",
            insert=f"{READERS} AND made_by_id = (select access_viewer()) AND approved_at IS NULL",
            update=READERS,
            reason="frozen protected tables; public once a second person has approved them",
        ),
        migrations.RunSQL(FREEZE, "DROP FUNCTION statistics_publication_frozen()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER publication_frozen ON statistics_publication"),
    ]
