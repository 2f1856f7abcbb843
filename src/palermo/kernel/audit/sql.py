# ruff: noqa: S608 - only constants of this module are put into these statements
"""The SQL half of the audit: canonical bytes, the append function, and triggers that refuse every change.

Canonical bytes of an entry (`chain.py` builds the same in Python; a test compares them):
    the ASCII text `palermo audit entry 1`, then these parts in this order:
    prev_hash, seq (int8), at (int8, microseconds since 1970 UTC), actor (16 bytes), actor_kind,
    session_ref, action, object_kind, object_id (16 bytes), purpose, fields, detail, result.
    A part is 00 when null, else 01, its length as int4, and its bytes. Integers are big-endian, texts UTF-8.
    `fields` is the int4 count followed by one part for each; `detail` is PostgreSQL's text of the jsonb
    value.
The hash of an entry is SHA-256 of its canonical bytes. The first prev_hash is SHA-256 of `palermo audit `
+ origin.
"""

_PINNED = "SET search_path = pg_catalog, public"
LIMITS = {
    "action": 80,
    "object_kind": 40,
    "purpose": 120,
    "field": 60,
    "fields": 40,
    "detail": 20,
    "value": 200,
}

FUNCTIONS = (
    """
CREATE FUNCTION audit_part(value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN '\\x00'::bytea
         ELSE '\\x01'::bytea || int4send(octet_length(value)) || value END
$$
""",
    """
CREATE FUNCTION audit_text(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT public.audit_part(convert_to(value, 'UTF8'))
$$
""",
    f"""
CREATE FUNCTION audit_tail(e public.audit_entry) RETURNS bytea
LANGUAGE plpgsql STABLE {_PINNED} AS $$
DECLARE listed bytea := int4send(cardinality(e.fields)); item text;
BEGIN
  FOREACH item IN ARRAY e.fields LOOP listed := listed || audit_text(item); END LOOP;
  RETURN audit_part(uuid_send(e.actor)) || audit_text(e.actor_kind) || audit_text(e.session_ref)
    || audit_text(e.action) || audit_text(e.object_kind) || audit_part(uuid_send(e.object_id))
    || audit_text(e.purpose) || audit_part(listed) || audit_text(e.detail::text) || audit_text(e.result);
END $$
""",
    f"""
CREATE FUNCTION audit_place(prev_hash bytea, seq bigint, at timestamptz) RETURNS bytea
LANGUAGE plpgsql STABLE {_PINNED} AS $$
BEGIN
  RETURN convert_to('palermo audit entry 1', 'UTF8') || audit_part(prev_hash) || audit_part(int8send(seq))
    || audit_part(int8send((extract(epoch FROM at) * 1000000)::bigint));
END $$
""",
    f"""
CREATE FUNCTION audit_canonical(e public.audit_entry) RETURNS bytea
LANGUAGE plpgsql STABLE {_PINNED} AS $$
BEGIN
  RETURN audit_place(e.prev_hash, e.seq, e.at) || audit_tail(e);
END $$
""",
    f"""
CREATE FUNCTION audit_acceptable(fields text[], detail jsonb, VARIADIC texts text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE {_PINNED} AS $$
  SELECT jsonb_typeof(detail) = 'object'
    AND (SELECT count(*) <= {LIMITS["detail"]} AND coalesce(bool_and(
           jsonb_typeof(d.value) IN ('string', 'number', 'boolean', 'null')
           AND length(coalesce(d.value #>> '{{}}', '')) <= {LIMITS["value"]}
           AND coalesce(d.value #>> '{{}}', '') !~ '[[:cntrl:]]' AND d.key ~ '^[a-z0-9_]{{1,40}}$'), true)
         FROM jsonb_each(detail) d)
    AND cardinality(fields) <= {LIMITS["fields"]}
    AND (SELECT coalesce(bool_and(f ~ '^[A-Za-z0-9_.-]{{1,{LIMITS["field"]}}}$'), true) FROM unnest(fields) f)
    AND (SELECT bool_and(t IS NOT NULL AND t !~ '[[:cntrl:]]') FROM unnest(texts) t)
$$
""",
    f"""
CREATE FUNCTION audit_append(action text, object_kind text, object_id uuid, purpose text, fields text[],
                             detail jsonb, result text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER {_PINNED} AS $$
DECLARE head public.audit_head; made public.audit_entry; who record; tail bytea;
BEGIN
  IF NOT audit_acceptable(fields, detail, action, object_kind, purpose, result)
     OR action !~ '^[a-z0-9_]+([.][a-z0-9_]+)+$' THEN
    RAISE EXCEPTION 'an audit entry holds codes and short scalars only' USING ERRCODE = 'check_violation';
  END IF;
  SELECT c.kind, c.user_id, c.session_ref INTO who FROM access_current() c;
  made.actor := who.user_id;
  made.actor_kind := coalesce(who.kind, 'anonymous');
  made.session_ref := coalesce(who.session_ref, '');
  made.action := action;
  made.object_kind := object_kind;
  made.object_id := object_id;
  made.purpose := purpose;
  made.fields := fields;
  made.detail := detail;
  made.result := result;
  tail := audit_tail(made);
  -- From here to the commit every other writer waits: as little as possible is left to do.
  SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
  made.seq := head.seq + 1;
  made.at := clock_timestamp();
  made.prev_hash := head.hash;
  made.hash := sha256(audit_place(made.prev_hash, made.seq, made.at) || tail);
  INSERT INTO audit_entry SELECT made.*;
  UPDATE audit_head SET seq = made.seq, hash = made.hash;
  RETURN made.seq;
END $$
""",
    f"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql {_PINNED} AS $$
BEGIN
  RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$
""",
    f"""
CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql {_PINNED} AS $$
BEGIN
  IF NEW.seq <> OLD.seq + 1 OR NEW.origin <> OLD.origin THEN
    RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
""",
)

TRIGGERS = (
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
    "FOR EACH ROW EXECUTE FUNCTION audit_head_forward()",
)

BEGINNING = """
INSERT INTO audit_head (id, origin, seq, hash)
SELECT 1, o, 0, sha256(convert_to('palermo audit ' || o::text, 'UTF8'))
FROM (SELECT gen_random_uuid() AS o) made
"""

APPEND = "audit_append(text, text, uuid, text, text[], jsonb, text)"
PRIVATE = (
    "audit_part(bytea)",
    "audit_text(text)",
    "audit_tail(audit_entry)",
    "audit_place(bytea, bigint, timestamptz)",
    "audit_canonical(audit_entry)",
    "audit_acceptable(text[], jsonb, text[])",
    "audit_refuse()",
    "audit_head_forward()",
)


def statements() -> list[str]:
    """Everything in order: functions, who may call them, triggers, and the head row."""
    made = [text.strip() for text in FUNCTIONS]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*PRIVATE, APPEND)]
    made.append(f"GRANT EXECUTE ON FUNCTION {APPEND} TO palermo_app, palermo_job")
    return [*made, *TRIGGERS, BEGINNING.strip()]


# A viewer sees what he did himself and what was done to objects he holds a grant on; an administrator sees
# all entries, which hold pseudonyms only.
READ = (
    "(SELECT access_has('administrator')) OR actor = (SELECT access_viewer()) "
    "OR EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = audit_entry.object_id)"
)
