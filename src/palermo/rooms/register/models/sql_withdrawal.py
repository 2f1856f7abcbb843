"""The SQL of the register's doors: the proof they ask for, taking persons out, putting them back, corrections.

Case roles may not write the register. Their doors take a MAC (`access_proof`: the key is not readable for the
application's role) over the whole call and the token of the very context, so that injected SQL can neither
make a call for any person nor repeat one of somebody else.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

from palermo.rooms.register.models.sql import recount
from palermo.rooms.register.models.sql_joining import CASE_LIST
from palermo.rooms.register.models.withdrawal import UNDO_DAYS

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"
_KEEPER = """
  IF NOT (access_kind() = 'operator' OR access_has('coordinator')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: not one of those who keep it';
  END IF;"""

# Who calls by a case must feed cases, and must be our application, now, in this context.
_ADMIT = f"""
CREATE OR REPLACE FUNCTION register_admit(pseudonym bytea, call text, proof bytea) RETURNS void {_DEFINER} AS $$
BEGIN
  IF NOT (access_kind() = 'operator' OR access_has('first_responder', 'case_manager', 'supervisor',
      'competent_authority', 'child_protection', 'prosecutor')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: not one of those who feed it';
  END IF;
  IF octet_length(pseudonym) IS DISTINCT FROM 16 THEN
    RAISE invalid_parameter_value USING MESSAGE = 'register: this is no pseudonym';
  END IF;
  IF proof IS NULL OR proof IS DISTINCT FROM access_proof(concat_ws('|', 'register',
      current_setting('palermo.token', true), encode(pseudonym, 'hex'), call)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: this call was not made by the application';
  END IF;
END $$
"""

# The row and its events go; the key stays, and what is needed for an undo unless it is an erasure.
_TAKE_OUT = f"""
CREATE OR REPLACE FUNCTION register_take_out(list smallint, skey bytea, why text) RETURNS boolean {_DEFINER} AS $$
DECLARE p public.register_person; knew jsonb;
BEGIN
  SELECT * INTO p FROM register_person o WHERE o.source_list_id = list AND o.source_key = skey FOR UPDATE;
  IF p.id IS NULL AND why = 'erasure' THEN
    UPDATE register_withdrawal w SET kept = NULL, reason = 'erasure'
      WHERE w.source_list_id = list AND w.source_key = skey AND w.undone_at IS NULL;
    IF FOUND THEN RETURN true; END IF;
  END IF;
  IF why <> 'erasure' AND p.id IS NOT NULL THEN
    knew := jsonb_build_object('person', to_jsonb(p) - 'source_key' - 'row_hash' - 'id' - 'part_of',
      'row_hash', encode(p.row_hash, 'hex'),
      'events', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'id' - 'person_id'), '[]') FROM register_event e
                 WHERE e.person_id = p.id));
  END IF;
  INSERT INTO register_withdrawal (number, source_list_id, source_key, provenance_id, reason, kept, withdrawn_at)
    VALUES (p.id, list, skey, p.provenance_id, why, knew, now())
    ON CONFLICT (source_list_id, source_key) WHERE undone_at IS NULL DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  IF why = 'erasure' THEN
    UPDATE register_withdrawal w SET kept = NULL
      WHERE w.source_list_id = list AND w.source_key = skey AND w.undone_at IS NOT NULL;
    DELETE FROM register_rowlink l WHERE l.source_list_id = list AND l.source_key = skey;
  END IF;
  DELETE FROM register_event e WHERE e.person_id = p.id;
  DELETE FROM register_correction c WHERE c.person_id = p.id;
  DELETE FROM register_person o WHERE o.id = p.id;
  RETURN true;
END $$
"""

_WITHDRAW = f"""
CREATE OR REPLACE FUNCTION register_withdraw(person bigint, why text) RETURNS boolean {_DEFINER} AS $$
DECLARE p public.register_person; done boolean := false;
BEGIN {_KEEPER}
  IF EXISTS (SELECT FROM register_joined j WHERE j.number = person) THEN
    -- Whoever stands on several lists is taken out of each: every key stays, so that no delivery brings him back.
    FOR p IN SELECT * FROM register_person o WHERE o.part_of = person ORDER BY o.id LOOP
      done := register_take_out(p.source_list_id::smallint, p.source_key, why) OR done;
    END LOOP;
    RETURN done;
  END IF;
  SELECT * INTO p FROM register_person o WHERE o.id = person;
  IF p.id IS NULL AND why = 'erasure' THEN
    UPDATE register_withdrawal w SET kept = NULL, reason = 'erasure'
      WHERE w.number = person AND w.reason <> 'erasure' AND w.undone_at IS NULL;
    RETURN FOUND;
  END IF;
  RETURN p.id IS NOT NULL AND register_take_out(p.source_list_id::smallint, p.source_key, why);
END $$
"""

_WITHDRAW_CASE = f"""
CREATE OR REPLACE FUNCTION register_withdraw_case(pseudonym bytea, why text, proof bytea) RETURNS boolean
{_DEFINER} AS $$
BEGIN
  PERFORM register_admit(pseudonym, concat_ws('|', 'withdraw', why), proof);
  RETURN register_take_out(register_case_list(), pseudonym, why);
END $$
"""

# The holder of a list took a record out for good: its row goes with everything that was made from it.
_ERASE_ROW = f"""
CREATE OR REPLACE FUNCTION register_erase_row(list_name text, skey bytea, proof bytea) RETURNS boolean {_DEFINER} AS $$
DECLARE list smallint;
BEGIN
  PERFORM register_admit(skey, concat_ws('|', 'erase', list_name), proof);
  SELECT id INTO list FROM register_sourcelist WHERE name = list_name AND members IS NULL;
  RETURN list IS NOT NULL AND register_take_out(list, skey, 'erasure');
END $$
"""

_RESTORE = f"""
CREATE OR REPLACE FUNCTION register_restore(person bigint) RETURNS boolean {_DEFINER} AS $$
DECLARE w public.register_withdrawal;
BEGIN {_KEEPER}
  SELECT * INTO w FROM register_withdrawal o WHERE o.number = person AND o.undone_at IS NULL FOR UPDATE;
  IF w.id IS NULL OR w.kept IS NULL OR w.withdrawn_at < now() - interval '{UNDO_DAYS} days' THEN
    RETURN false;
  END IF;
  INSERT INTO register_person SELECT (jsonb_populate_record(NULL::public.register_person, w.kept->'person' ||
    jsonb_build_object('id', w.number, 'basis', coalesce(w.kept->'person'->>'basis', ''), 'source_key',
      '\\x' || encode(w.source_key, 'hex'),
                       'row_hash', '\\x' || (w.kept->>'row_hash')))).*;
  INSERT INTO register_event (person_id, kind, "on", precision, area, provenance_id)
    SELECT w.number, e.kind, e."on", e.precision, e.area, e.provenance_id
    FROM jsonb_populate_recordset(NULL::public.register_event, w.kept->'events') e;
  UPDATE register_withdrawal o SET undone_at = now(), kept = NULL WHERE o.id = w.id;
  RETURN true;
END $$
"""

# `changes` holds columns of the person; the application has checked that they are codes, the table checks again.
_CORRECT = f"""
CREATE OR REPLACE FUNCTION register_correct(person bigint, changes jsonb, why text) RETURNS bigint {_DEFINER} AS $$
DECLARE p public.register_person; q public.register_person; old jsonb; made bigint;
BEGIN {_KEEPER}
  IF changes ?| ARRAY['id', 'source_list_id', 'source_key', 'row_hash', 'provenance_id', 'part_of'] THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: where a row is known from cannot be corrected';
  END IF;
  SELECT * INTO p FROM register_person o WHERE o.id = person FOR UPDATE;
  IF p.id IS NULL OR EXISTS (SELECT FROM register_joined j WHERE j.number = person) THEN RETURN NULL; END IF;
  SELECT jsonb_object_agg(k, to_jsonb(p)->k) INTO old FROM jsonb_object_keys(changes) k;
  q := jsonb_populate_record(p, changes);
  UPDATE register_person o SET year = q.year, crime = q.crime, status = q.status, sex = q.sex,
    age_band = q.age_band, age_group = q.age_group, majority = q.majority, citizenship = q.citizenship,
    country = q.country, area = q.area WHERE o.id = person;
  INSERT INTO register_correction (person_id, reason, before, after, corrected_at)
    VALUES (person, why, old, changes, now()) RETURNING id INTO made;
  RETURN made;
END $$
"""

_UNCORRECT = f"""
CREATE OR REPLACE FUNCTION register_uncorrect(correction bigint) RETURNS boolean {_DEFINER} AS $$
DECLARE c public.register_correction; p public.register_person; made bigint;
BEGIN {_KEEPER}
  SELECT * INTO c FROM register_correction o WHERE o.id = correction AND o.undone_at IS NULL FOR UPDATE;
  SELECT * INTO p FROM register_person o WHERE o.id = c.person_id FOR UPDATE;
  IF p.id IS NULL OR NOT to_jsonb(p) @> c.after THEN RETURN false; END IF;
  made := register_correct(c.person_id, c.before, c.reason);
  DELETE FROM register_correction o WHERE o.id = made;
  UPDATE register_correction o SET undone_at = now() WHERE o.id = c.id;
  RETURN true;
END $$
"""

# What was kept for an undo goes when the time for it is over. Only the clock decides, so anybody may call it.
_FORGET = f"""
CREATE OR REPLACE FUNCTION register_forget_withdrawn() RETURNS bigint {_DEFINER} AS $$
DECLARE n bigint;
BEGIN
  UPDATE register_withdrawal SET kept = NULL
    WHERE kept IS NOT NULL AND withdrawn_at < now() - interval '{UNDO_DAYS} days';
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$
"""


def _recount() -> str:
    statements = "\n  ".join(f"{statement.strip().rstrip(';')};" for statement in recount())
    return f"""
CREATE OR REPLACE FUNCTION register_recount() RETURNS void {_DEFINER} AS $$
BEGIN
  IF access_kind() <> 'operator' THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: only the operator counts it anew';
  END IF;
  LOCK TABLE register_person IN SHARE ROW EXCLUSIVE MODE;
  {statements}
END $$
"""


CALLABLE = (
    "register_withdraw(bigint, text)",
    "register_withdraw_case(bytea, text, bytea)",
    "register_erase_row(text, bytea, bytea)",
    "register_restore(bigint)",
    "register_correct(bigint, jsonb, text)",
    "register_uncorrect(bigint)",
    "register_forget_withdrawn()",
    "register_recount()",
)
INTERNAL = (
    "register_admit(bytea, text, bytea)",
    "register_case_list()",
    "register_take_out(smallint, bytea, text)",
)


def statements() -> list[str]:
    """The functions, then who may call them."""
    made = [
        _ADMIT, CASE_LIST, _TAKE_OUT, _WITHDRAW, _WITHDRAW_CASE, _ERASE_ROW, _RESTORE, _CORRECT, _UNCORRECT, _FORGET,
        _recount(),
    ]  # fmt: skip
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*CALLABLE, *INTERNAL)]
    return made + [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
