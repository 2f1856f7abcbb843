"""The index of papers and their pages, the search in what the asker may read, and what the database insists on."""

START = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
FALSE = "USING ERRCODE = 'check_violation'"
EDITORS = "(SELECT access_has('editor', 'coordinator'))"
ASKING = (
    "(SELECT access_has('prosecutor', 'competent_authority', 'coordinator', 'child_protection', 'editor'))"
)
OPERATOR = "(SELECT access_kind()) = 'operator'"
SIGNED_IN = "(SELECT access_viewer()) IS NOT NULL"
READER = f"(access = 'public' OR {SIGNED_IN})"

CONFIG = """
CREATE FUNCTION library_config(code text) RETURNS regconfig LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$
  SELECT (CASE split_part(code, '-', 1) WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'es' THEN 'spanish'
    WHEN 'ar' THEN 'arabic' WHEN 'ru' THEN 'russian' ELSE 'simple' END)::regconfig
$$
"""
INDEXED = f"""
CREATE FUNCTION library_indexed() RETURNS trigger {START}
DECLARE
  one record;
BEGIN
  NEW.words := to_tsvector('simple', concat_ws(' ', NEW.record->>'bodies', NEW.record->>'authors',
    NEW.record->>'publisher', NEW.record->>'symbol'));
  NEW.names := '';
  FOR one IN SELECT key, value FROM jsonb_each_text(NEW.record->'titles') ORDER BY key LOOP
    NEW.words := NEW.words || setweight(to_tsvector(library_config(one.key), one.value), 'A');
    NEW.names := NEW.names || ' ' || lower(unaccent(one.value));
  END LOOP;
  FOR one IN SELECT key, value FROM jsonb_each_text(NEW.record->'summaries') ORDER BY key LOOP
    NEW.words := NEW.words || setweight(to_tsvector(library_config(one.key), one.value), 'B');
  END LOOP;
  RETURN NEW;
END $$
"""
PAGED = f"""
CREATE FUNCTION library_paged() RETURNS trigger {START}
BEGIN
  NEW.words := to_tsvector(library_config(NEW.language), left(NEW.text, 200000));
  RETURN NEW;
END $$
"""
STAYS = f"""
CREATE FUNCTION library_stays() RETURNS trigger {START}
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a paper is never deleted' {FALSE};
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF access_kind() IS DISTINCT FROM 'operator' AND (NEW.state <> 'draft' OR NEW.reviewed_by_id IS NOT NULL
       OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
      RAISE EXCEPTION 'a paper begins as a draft of who makes it' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.palermo_id, NEW.made_by_id) IS DISTINCT FROM (OLD.id, OLD.palermo_id, OLD.made_by_id)
     OR NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'the id of a paper stays, and who wrote in it' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
     ('draft>in_review', 'in_review>draft', 'in_review>published', 'published>draft', 'published>withdrawn')
     AND NOT (access_kind() = 'operator' AND OLD.state = 'draft' AND NEW.state = 'published') THEN
    RAISE EXCEPTION 'a paper does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF access_kind() IS DISTINCT FROM 'operator' THEN
    IF (NEW.record, NEW.access) IS DISTINCT FROM (OLD.record, OLD.access) AND (OLD.state <> 'draft'
       OR NEW.state <> 'draft' OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
      RAISE EXCEPTION 'only a draft is changed, by who has written in it' {FALSE};
    END IF;
    IF NEW.state = 'published' AND OLD.state <> 'published' AND (NEW.reviewed_by_id IS DISTINCT FROM access_viewer()
       OR coalesce(access_viewer() = ANY (NEW.prepared), true)) THEN
      RAISE EXCEPTION 'a paper is published by a second person who wrote nothing in it' {FALSE};
    END IF;
  END IF;
  IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn'
     AND NOT EXISTS (SELECT 1 FROM library_itemtombstone t WHERE t.palermo_id = NEW.palermo_id) THEN
    RAISE EXCEPTION 'a withdrawn paper leaves a tombstone' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""
# A file comes and goes with a draft, by who is among those that prepared it; of its row only the reading changes.
FILE_STAYS = f"""
CREATE FUNCTION library_file_stays() RETURNS trigger {START}
DECLARE
  of_item library_item%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.item_id, NEW.language, NEW.name, NEW.media_type, NEW.content, NEW.size, NEW.sha256, NEW.added_by_id)
       IS DISTINCT FROM (OLD.id, OLD.item_id, OLD.language, OLD.name, OLD.media_type, OLD.content, OLD.size, OLD.sha256,
       OLD.added_by_id) THEN
      RAISE EXCEPTION 'a file of a paper stays as it is' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO of_item FROM library_item WHERE id = coalesce(NEW.item_id, OLD.item_id) FOR SHARE;
  IF of_item.state <> 'draft' OR NOT coalesce(access_viewer() = ANY (of_item.prepared), false) THEN
    RAISE EXCEPTION 'files come and go with a draft, by who has written in it' {FALSE};
  END IF;
  RETURN coalesce(NEW, OLD);
END $$
"""
# As the owner, for a wall would keep the indexes from being used: so it asks itself what the asker may read.
FIND = """
CREATE FUNCTION library_find(q text, fuzzy boolean, along text[], concepts text[])
RETURNS TABLE (id uuid, rank real, why text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  plain text := lower(unaccent(q));
  part text := '%' || replace(replace(replace(q, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
  signed boolean := access_viewer() IS NOT NULL;
BEGIN
  PERFORM show_trgm('a'); -- The parameter is there once the extension is loaded.
  PERFORM set_config('pg_trgm.word_similarity_threshold', '0.6', true);
  RETURN QUERY
  SELECT i.id, max(m.r)::real, (array_agg(m.w ORDER BY m.r DESC, m.w))[1] FROM (
    SELECT i.id, 100::real AS r, 'identifier' AS w FROM library_item i
      WHERE lower(q) IN (i.palermo_id, lower(i.record->>'symbol'), lower(i.record->>'doi'))
         OR (length(q) > 9 AND replace(q, '-', '') = replace(i.record->>'isbn', '-', ''))
    UNION ALL
    SELECT i.id, 10 + ts_rank(i.words, t.query), 'text' FROM
      (SELECT websearch_to_tsquery(library_config(l), q) AS query FROM unnest('{en,fr,es,ar,ru,other}'::text[]) l) t
      JOIN library_item i ON i.words @@ t.query
    UNION ALL
    SELECT p.item_id, 8 + ts_rank(p.words, t.query), 'text' FROM
      (SELECT l, websearch_to_tsquery(library_config(l), q) AS query FROM unnest('{en,fr,es,ar,ru,other}'::text[]) l) t
      JOIN library_passage p ON p.words @@ t.query
        AND (CASE WHEN split_part(p.language, '-', 1) IN ('en', 'fr', 'es', 'ar', 'ru')
             THEN split_part(p.language, '-', 1) ELSE 'other' END) = t.l
    UNION ALL
    SELECT p.item_id, 5::real, 'text' FROM library_passage p
      WHERE q ~ '[\u3040-\u30ff\u3400-\u9fff]' AND p.text LIKE part
    UNION ALL
    SELECT i.id, 5::real, 'text' FROM library_item i
      WHERE q ~ '[\u3040-\u30ff\u3400-\u9fff]'
        AND (i.record->>'titles' LIKE part OR i.record->>'summaries' LIKE part)
    UNION ALL
    SELECT i.id, 4 + word_similarity(plain, i.names), 'name' FROM library_item i
      WHERE fuzzy AND plain <> '' AND plain <% i.names
    UNION ALL
    SELECT i.id, 3::real, 'concept' FROM library_item i WHERE i.codes && concepts
    UNION ALL
    SELECT i.id, 2::real, 'concept' FROM unnest(along) a,
      unnest('{en,fr,es,ar,ru}'::text[]) l, library_item i
      WHERE a <> '' AND i.words @@ websearch_to_tsquery(library_config(l), a)
  ) m JOIN library_item i ON i.id = m.id
  WHERE i.state = 'published' AND (i.access = 'public' OR signed)
  GROUP BY i.id;
END $$
"""
NAME = "library_find(text, boolean, text[], text[])"
STATEMENTS = [
    CONFIG, INDEXED, PAGED, STAYS, FILE_STAYS, FIND,
    *(f"REVOKE ALL ON FUNCTION {one}() FROM PUBLIC"
      for one in ("library_indexed", "library_paged", "library_stays", "library_file_stays")),
    f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job",
    "CREATE TRIGGER library_stays BEFORE INSERT OR UPDATE OR DELETE ON library_item FOR EACH ROW "
    "EXECUTE FUNCTION library_stays()",
    "CREATE TRIGGER library_indexed BEFORE INSERT OR UPDATE OF record, words, names ON library_item FOR EACH ROW "
    "EXECUTE FUNCTION library_indexed()",
    "CREATE TRIGGER library_paged BEFORE INSERT OR UPDATE ON library_passage FOR EACH ROW "
    "EXECUTE FUNCTION library_paged()",
    "CREATE TRIGGER library_file_stays BEFORE INSERT OR UPDATE OR DELETE ON library_itemfile FOR EACH ROW "
    "EXECUTE FUNCTION library_file_stays()",
]  # fmt: skip
