"""Who coordinates a network, and whom it is for, stay as they were opened: also in raw SQL by who leads it.

A focal point may change its name, its purpose, its area and its usual place. Could he change the coordinating house,
he would choose whose supervisors lead it and from which house focal points come.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION networks_guard_network() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF ROW(NEW.id, NEW.organisation_id, NEW.sector, NEW.opened_by_id, NEW.created_at)
     IS DISTINCT FROM ROW(OLD.id, OLD.organisation_id, OLD.sector, OLD.opened_by_id, OLD.created_at) THEN
    RAISE EXCEPTION 'whose network it is never changes' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'whose_network_it_is_never_changes';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("networks", "0002_roles_in_that_house")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION networks_guard_network()"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION networks_guard_network() FROM PUBLIC", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "CREATE TRIGGER networks_guard_network BEFORE UPDATE ON networks_network "
            "FOR EACH ROW EXECUTE FUNCTION networks_guard_network()",
            "DROP TRIGGER networks_guard_network ON networks_network",
        ),
    ]
