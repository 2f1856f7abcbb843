"""Which status hangs on a case, and the grant that its authority got: a key each, never how anything was decided.

For functions of the owner that hand a case over: they move the grants of a status without reading the status.
"""

from django.db import migrations

ASKED = {"identification_of_case": "id", "identification_authority_grant": "authority_grant_id"}
MAKE = """
CREATE FUNCTION {name}(of_case uuid) RETURNS uuid LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
  SELECT i.{column} FROM public.identification_identification i WHERE i.case_id = of_case
$$
"""


class Migration(migrations.Migration):
    dependencies = [("identification", "0005_areas_are_numbers")]

    operations = [
        operation
        for name, column in ASKED.items()
        for operation in (
            migrations.RunSQL(MAKE.format(name=name, column=column), f"DROP FUNCTION {name}(uuid)"),
            migrations.RunSQL(f"REVOKE ALL ON FUNCTION {name}(uuid) FROM PUBLIC", migrations.RunSQL.noop),
        )
    ]
