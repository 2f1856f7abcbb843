"""What the database insists on for tables of `Reviewed`: who wrote does not publish, and what is published stays."""

from collections.abc import Sequence

from palermo.kernel.database.rls import Protect

FALSE = "USING ERRCODE = 'check_violation'"
EDITORS = "(SELECT access_has('editor', 'coordinator'))"
OPERATOR = "(SELECT access_kind()) = 'operator'"
STEPS = (
    "draft>in_review",
    "in_review>draft",
    "in_review>published",
    "published>draft",
    "published>withdrawn",
)


def walls(tables: Sequence[str]) -> list[Protect]:
    """Published records for everybody, drafts for the colleagues of the room."""
    return [
        Protect(
            table,
            read=f"state IN ('published', 'withdrawn') OR {EDITORS} OR {OPERATOR}",
            insert=f"{OPERATOR} OR ({EDITORS} AND made_by_id = (SELECT access_viewer()))",
            update=f"{EDITORS} OR {OPERATOR}",
            reason="what is published is for everybody; drafts are for the colleagues of the room",
        )
        for table in tables
    ]


def steps(room: str, tables: Sequence[str], *, redacted: Sequence[str] = ()) -> list[str]:
    """One function and its triggers. redacted: columns out of which names may be taken in any state; such a change
    counts one further in the table's column `redactions`, and touches nothing else.
    """
    kept = ",".join(("state", "version", "updated_at", "prepared", "reviewed_by_id", "published_at", "why"))
    named = f"'{{{','.join((*redacted, 'redactions'))}}}'::text[]"
    taken_out = (
        f"""
     AND NOT (NEW.state = OLD.state AND NEW.redactions = OLD.redactions + 1
          AND to_jsonb(NEW) - steps - {named} = to_jsonb(OLD) - steps - {named})"""
        if redacted
        else ""
    )
    allowed = ", ".join(f"'{step}'" for step in STEPS)
    function = f"""
CREATE FUNCTION {room}_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  steps text[] := '{{{kept}}}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was written for the public is never deleted' {FALSE};
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
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({allowed}) THEN
    RAISE EXCEPTION 'a record does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF to_jsonb(NEW) - steps <> to_jsonb(OLD) - steps
     AND (OLD.state <> 'draft' OR NEW.state <> 'draft'
          OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false)){taken_out} THEN
    RAISE EXCEPTION 'only a draft is changed, by who has written in it' {FALSE};
  END IF;
  IF NEW.state = 'published' AND OLD.state <> 'published' AND (NEW.reviewed_by_id IS DISTINCT FROM access_viewer()
     OR coalesce(access_viewer() = ANY (NEW.prepared), true)) THEN
    RAISE EXCEPTION 'a record is published by a second person who wrote nothing in it' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""
    triggers = [
        f"CREATE TRIGGER {room}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {room}_stays()"
        for table in tables
    ]
    return [function.strip(), f"REVOKE ALL ON FUNCTION {room}_stays() FROM PUBLIC", *triggers]
