from django.db import migrations

# As the owner, for a wall would keep the indexes from being used: it looks at published cases and at nothing else.
ACROSS = """
CREATE FUNCTION caselaw_across(q text, fuzzy boolean, languages text[], along text[], chinese text[], concepts text[],
  most integer) RETURNS TABLE (palermo_id text, why text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  plain text := lower(unaccent(q));
BEGIN
  PERFORM show_trgm('a'); -- The parameter is there once the extension is loaded.
  PERFORM set_config('pg_trgm.word_similarity_threshold', '0.6', true);
  RETURN QUERY
  (SELECT c.palermo_id::text, 'identifier' FROM caselaw_case c
     WHERE c.state = 'published' AND (c.palermo_id = q OR (c.ecli <> '' AND upper(c.ecli) = upper(q))))
  UNION ALL
  (SELECT f.palermo_id::text, 'text' FROM (
     SELECT c.palermo_id, c.decided, c.words, t.query FROM
       (SELECT l, websearch_to_tsquery(caselaw_config(l), q) AS query FROM unnest(languages) l) t
       JOIN caselaw_case c ON c.words @@ t.query AND split_part(c.language, '-', 1) = t.l
     WHERE c.state = 'published' ORDER BY c.decided DESC NULLS LAST, c.palermo_id LIMIT 1000) f
   ORDER BY ts_rank(f.words, f.query) DESC, f.decided DESC NULLS LAST, f.palermo_id LIMIT most)
  UNION ALL
  (SELECT c.palermo_id::text, 'text' FROM caselaw_case c
     WHERE q ~ '[\u3400-\u9fff]' AND c.state = 'published' AND c.language LIKE 'zh%' AND position(q IN c.body) > 0
   ORDER BY c.decided DESC NULLS LAST, c.palermo_id LIMIT most)
  UNION ALL
  (SELECT c.palermo_id::text, 'name' FROM caselaw_case c
     WHERE fuzzy AND plain <% c.names AND c.state = 'published'
   ORDER BY word_similarity(plain, c.names) DESC, c.decided DESC NULLS LAST, c.palermo_id LIMIT most)
  UNION ALL
  (SELECT g.palermo_id::text, 'concept' FROM (
     SELECT d.palermo_id, d.decided, max(d.coded) AS coded FROM (
       SELECT c.palermo_id, c.decided, 0 AS coded FROM
         (SELECT l, websearch_to_tsquery(caselaw_config(l), a) AS query FROM unnest(languages, along) AS x(l, a)) t
         JOIN caselaw_case c ON c.words @@ t.query AND split_part(c.language, '-', 1) = t.l
       WHERE c.state = 'published'
       UNION ALL
       SELECT c.palermo_id, c.decided, 0 FROM caselaw_case c
         WHERE c.state = 'published' AND c.language LIKE 'zh%'
           AND EXISTS (SELECT 1 FROM unnest(chinese) n WHERE position(n IN c.body) > 0)
       UNION ALL
       SELECT c.palermo_id, c.decided, 1 FROM caselaw_case c
         WHERE c.codes && concepts AND c.state = 'published') d
     GROUP BY d.palermo_id, d.decided) g
   ORDER BY g.coded DESC, g.decided DESC NULLS LAST, g.palermo_id LIMIT most);
END $$
"""
NAME = "caselaw_across(text, boolean, text[], text[], text[], text[], integer)"


class Migration(migrations.Migration):

    dependencies = [
        ("caselaw", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [
                (ACROSS.strip(), None),
                (f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC", None),
                (f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job", None),
                ("CREATE INDEX caselaw_chinese ON caselaw_case (palermo_id) "
                 "WHERE state = 'published' AND language LIKE 'zh%'", None),
            ],
            [(f"DROP FUNCTION {NAME}", None), ("DROP INDEX caselaw_chinese", None)],
        ),
    ]
