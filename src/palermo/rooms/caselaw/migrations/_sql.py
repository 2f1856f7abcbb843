"""The index of a case, the search in what is published, and the steps that the database itself insists on."""

START = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
FALSE = "USING ERRCODE = 'check_violation'"
EDITORS = "(SELECT access_has('editor', 'coordinator'))"
OPERATOR = "(SELECT access_kind()) = 'operator'"

CONFIG = """
CREATE FUNCTION caselaw_config(code text) RETURNS regconfig LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$
  SELECT (CASE split_part(code, '-', 1) WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'es' THEN 'spanish'
    WHEN 'ar' THEN 'arabic' WHEN 'ru' THEN 'russian' ELSE 'simple' END)::regconfig
$$
"""
INDEXED = f"""
CREATE FUNCTION caselaw_indexed() RETURNS trigger {START}
BEGIN
  NEW.words := setweight(to_tsvector(caselaw_config(NEW.language), NEW.title || ' ' || NEW.called), 'A')
            || setweight(to_tsvector(caselaw_config(NEW.language), NEW.body), 'B');
  NEW.names := lower(unaccent(NEW.title || ' ' || NEW.called));
  RETURN NEW;
END $$
"""
STAYS = f"""
CREATE FUNCTION caselaw_stays() RETURNS trigger {START}
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a case is never deleted' {FALSE};
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF access_kind() IS DISTINCT FROM 'operator' AND (NEW.state <> 'draft' OR NEW.reviewed_by_id IS NOT NULL
       OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
      RAISE EXCEPTION 'a case begins as a draft of who makes it' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.palermo_id, NEW.made_by_id) IS DISTINCT FROM (OLD.id, OLD.palermo_id, OLD.made_by_id)
     OR NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'the id of a case stays, and who wrote in it' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
     ('draft>in_review', 'in_review>draft', 'in_review>published', 'published>withdrawn')
     AND NOT (access_kind() = 'operator' AND OLD.state = 'draft' AND NEW.state = 'published') THEN
    RAISE EXCEPTION 'a case does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF access_kind() IS DISTINCT FROM 'operator' THEN
    IF NEW.record IS DISTINCT FROM OLD.record AND NEW.redactions <> OLD.redactions + 1
       AND (OLD.state <> 'draft' OR NEW.state <> 'draft' OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
      RAISE EXCEPTION 'only a draft is changed, by who has written in it' {FALSE};
    END IF;
    IF NEW.state = 'published' AND OLD.state <> 'published' AND (NEW.reviewed_by_id IS DISTINCT FROM access_viewer()
       OR coalesce(access_viewer() = ANY (NEW.prepared), true)) THEN
      RAISE EXCEPTION 'a case is published by a second person who wrote nothing in it' {FALSE};
    END IF;
  END IF;
  IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn'
     AND NOT EXISTS (SELECT 1 FROM caselaw_casetombstone t WHERE t.palermo_id = NEW.palermo_id) THEN
    RAISE EXCEPTION 'a withdrawn case leaves a tombstone' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""
# As the owner, for a wall would keep the indexes from being used: so it looks at published cases and at nothing else.
FIND = """
CREATE FUNCTION caselaw_find(q text, wanted text[], concepts text[]) RETURNS TABLE (id uuid, rank real, why text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  plain text := lower(unaccent(q));
  part text := '%' || replace(replace(replace(q, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
BEGIN
  IF q = '' THEN
    RETURN QUERY SELECT c.id, 0::real, ''::text FROM caselaw_case c
      WHERE c.state = 'published' AND c.codes @> wanted;
    RETURN;
  END IF;
  PERFORM show_trgm('a'); -- The parameter is there once the extension is loaded.
  PERFORM set_config('pg_trgm.word_similarity_threshold', '0.5', true);
  RETURN QUERY
  SELECT m.id, max(m.r)::real, (array_agg(m.w ORDER BY m.r DESC, m.w))[1] FROM (
    SELECT c.id, 100::real AS r, 'identifier' AS w FROM caselaw_case c
      WHERE (c.palermo_id = q OR (c.ecli <> '' AND upper(c.ecli) = upper(q))) AND c.state = 'published' AND c.codes @> wanted
    UNION ALL
    SELECT c.id, 10 + ts_rank(c.words, t.query), 'text' FROM
      (SELECT l, websearch_to_tsquery(caselaw_config(l), q) AS query FROM unnest('{en,fr,es,ar,ru,other}'::text[]) l) t
      JOIN caselaw_case c ON c.words @@ t.query
        AND (CASE WHEN split_part(c.language, '-', 1) IN ('en', 'fr', 'es', 'ar', 'ru')
             THEN split_part(c.language, '-', 1) ELSE 'other' END) = t.l
      WHERE c.state = 'published' AND c.codes @> wanted
    UNION ALL
    SELECT c.id, 5::real, 'text' FROM caselaw_case c
      WHERE q ~ '[\u3040-\u30ff\u3400-\u9fff]' AND c.body LIKE part AND c.state = 'published' AND c.codes @> wanted
    UNION ALL
    SELECT c.id, 5 + 4 * word_similarity(plain, c.names), 'name' FROM caselaw_case c
      WHERE plain <% c.names AND c.state = 'published' AND c.codes @> wanted
    UNION ALL
    SELECT c.id, 3::real, 'concept' FROM caselaw_case c
      WHERE c.codes && concepts AND c.state = 'published' AND c.codes @> wanted
  ) m GROUP BY m.id;
END $$
"""
STATEMENTS = [
    CONFIG, INDEXED, STAYS, FIND,
    "REVOKE ALL ON FUNCTION caselaw_indexed() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION caselaw_stays() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION caselaw_find(text, text[], text[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION caselaw_find(text, text[], text[]) TO palermo_app, palermo_job",
    "CREATE TRIGGER caselaw_stays BEFORE INSERT OR UPDATE OR DELETE ON caselaw_case FOR EACH ROW "
    "EXECUTE FUNCTION caselaw_stays()",
    "CREATE TRIGGER caselaw_indexed BEFORE INSERT OR UPDATE OF title, body, called, language, words, names "
    "ON caselaw_case FOR EACH ROW EXECUTE FUNCTION caselaw_indexed()",
]  # fmt: skip
