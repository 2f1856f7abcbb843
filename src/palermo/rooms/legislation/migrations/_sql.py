"""The steps that the database itself insists on: who wrote does not publish, and what is published stays as it is."""

FALSE = "USING ERRCODE = 'check_violation'"
EDITORS = "(SELECT access_has('editor', 'coordinator'))"
OPERATOR = "(SELECT access_kind()) = 'operator'"
TABLES = ("legislation_law", "legislation_wording", "legislation_reading")

STAYS = f"""
CREATE FUNCTION legislation_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  steps text[] := '{{state,version,updated_at,prepared,reviewed_by_id,published_at,why}}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a record of the law is never deleted' {FALSE};
  END IF;
  IF access_kind() = 'operator' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.reviewed_by_id IS NOT NULL OR NEW.published_at IS NOT NULL
       OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false) THEN
      RAISE EXCEPTION 'a record begins as a draft of who makes it' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.made_by_id) IS DISTINCT FROM (OLD.id, OLD.made_by_id) OR NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'who wrote in a record stays in it' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
     ('draft>in_review', 'in_review>draft', 'in_review>published', 'published>draft', 'published>withdrawn') THEN
    RAISE EXCEPTION 'a record does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF to_jsonb(NEW) - steps <> to_jsonb(OLD) - steps
     AND (OLD.state <> 'draft' OR NEW.state <> 'draft' OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
    RAISE EXCEPTION 'only a draft is changed, by who has written in it' {FALSE};
  END IF;
  IF NEW.state = 'published' AND OLD.state <> 'published' AND (NEW.reviewed_by_id IS DISTINCT FROM access_viewer()
     OR coalesce(access_viewer() = ANY (NEW.prepared), true)) THEN
    RAISE EXCEPTION 'a record is published by a second person who wrote nothing in it' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""
STATEMENTS = [
    STAYS,
    "REVOKE ALL ON FUNCTION legislation_stays() FROM PUBLIC",
    *(
        f"CREATE TRIGGER legislation_stays BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION legislation_stays()"
        for table in TABLES
    ),
    "CREATE INDEX legislation_words ON legislation_wording USING gin (lower(body) gin_trgm_ops)",
]
