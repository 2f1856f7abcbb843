"""One page of the search with its facets, in one go: what is found is not looked up again behind the wall."""

from django.db import migrations

# As the owner, as caselaw_find: it looks at published cases and at nothing else.
PAGE = """
CREATE FUNCTION caselaw_page(q text, wanted text[], concepts text[], size integer, skip integer)
RETURNS TABLE (kind text, key text, why text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF q = '' THEN
    RETURN QUERY
    (SELECT 'hit', c.id::text, '', row_number() OVER (ORDER BY c.decided DESC NULLS LAST, c.palermo_id)
       FROM caselaw_case c WHERE c.state = 'published' AND c.codes @> wanted
       ORDER BY c.decided DESC NULLS LAST, c.palermo_id LIMIT size OFFSET skip)
    UNION ALL SELECT 'total', '', '', count(*) FROM caselaw_case c WHERE c.state = 'published' AND c.codes @> wanted
    UNION ALL (SELECT 'facet', code, '', count(*) FROM caselaw_case c, unnest(c.codes) code
       WHERE c.state = 'published' AND c.codes @> wanted GROUP BY code);
    RETURN;
  END IF;
  RETURN QUERY
  WITH found AS MATERIALIZED (SELECT f.id, f.rank, f.why, c.codes, c.palermo_id, c.decided
    FROM caselaw_find(q, wanted, concepts) f JOIN caselaw_case c ON c.id = f.id)
  (SELECT 'hit', id::text, f.why, row_number() OVER (ORDER BY rank DESC, decided DESC NULLS LAST, palermo_id)
     FROM found f ORDER BY rank DESC, decided DESC NULLS LAST, palermo_id LIMIT size OFFSET skip)
  UNION ALL SELECT 'total', '', '', count(*) FROM found
  UNION ALL (SELECT 'facet', code, '', count(*) FROM found, unnest(codes) code GROUP BY code);
END $$
"""
NAME = "caselaw_page(text, text[], text[], integer, integer)"


class Migration(migrations.Migration):

    dependencies = [
        ("caselaw", "0002_found_across_rooms"),
    ]

    operations = [
        migrations.RunSQL(
            [
                (PAGE.strip(), None),
                # A plan for any filter reads the index of codes from end to end where there is no filter.
                ("ALTER FUNCTION caselaw_find(text, text[], text[]) SET plan_cache_mode = force_custom_plan", None),
                (f"ALTER FUNCTION {NAME} SET plan_cache_mode = force_custom_plan", None),
                ("CREATE INDEX caselaw_ecli ON caselaw_case (upper(ecli)) WHERE ecli <> ''", None),
                (f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC", None),
                (f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job", None),
                ("CREATE INDEX caselaw_newest ON caselaw_case (decided DESC NULLS LAST, palermo_id) "
                 "WHERE state = 'published'", None),
            ],
            [(f"DROP FUNCTION {NAME}", None), ("DROP INDEX caselaw_newest", None), ("DROP INDEX caselaw_ecli", None),
             ("ALTER FUNCTION caselaw_find(text, text[], text[]) RESET plan_cache_mode", None)],
        ),
    ]
