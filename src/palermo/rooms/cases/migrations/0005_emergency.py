"""Emergency access by the code of a case: the database finds the case, opens it and tells the supervisors, all at once.

There is no function that only says whether a code exists: who guesses one right has opened it, under his name.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION cases_emergency(wanted text, reason text, who_it_is boolean) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE found record;
BEGIN
  SELECT c.id, c.person_id INTO found FROM public.cases_case c WHERE c.code = wanted;
  IF found.id IS NULL THEN RETURN NULL; END IF;
  PERFORM public.access_break_glass('case', found.id, reason);
  IF who_it_is THEN PERFORM public.access_break_glass('person', found.person_id, reason); END IF;
  RETURN found.id;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_plans"), ("access", "0007_credentials")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION cases_emergency(text, text, boolean)"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION cases_emergency(text, text, boolean) FROM PUBLIC; "
            "GRANT EXECUTE ON FUNCTION cases_emergency(text, text, boolean) TO palermo_app",
            migrations.RunSQL.noop,
        ),
    ]
