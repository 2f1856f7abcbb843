"""The SQL half of credentials: the only ways in which accounts, second factors and sessions are written.

SECURITY DEFINER, owned by palermo_owner, pinned search path. Each wants a MAC under the key of `access_secret`, which
no statement of the application can read, over what it is asked to do and the number of the running transaction; and
each looks at who is asking. `credentials.py` and `sessions.py` build the same messages; tests compare them.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
# How far the clocks of application and database may differ, in seconds; so long can a session's write be repeated.
CLOCKS = 120

FUNCTIONS = [
    f"""
CREATE OR REPLACE FUNCTION access_digest(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE {_DEFINER} AS $$
  SELECT string_agg(coalesce(encode(sha256(convert_to(p, 'UTF8')), 'hex'), '-'), '|' ORDER BY n)
  FROM unnest(parts) WITH ORDINALITY AS t(p, n)
$$
""",
    f"""
CREATE OR REPLACE FUNCTION access_demand(message text, proof bytea) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF proof IS DISTINCT FROM public.access_proof(message) THEN
    RAISE EXCEPTION 'the application did not ask for this' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$
""",
    # Administrators manage accounts, their own password and factors everybody. Before a person is known (sign-in, first
    # password) there is no context, and the proof alone speaks.
    f"""
CREATE OR REPLACE FUNCTION access_is_administration() RETURNS boolean LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT public.access_kind() = 'operator' OR public.access_has('administrator')
$$
""",
    f"""
CREATE OR REPLACE FUNCTION access_is_own(person uuid) RETURNS boolean LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT public.access_kind() = 'operator'
      OR coalesce(public.access_viewer() = person, public.access_kind() = 'anonymous')
$$
""",
    # An account that holds a role is opened again by two people (organisations), never by one administrator.
    f"""
CREATE OR REPLACE FUNCTION access_may_reopen(person uuid) RETURNS boolean LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT public.access_kind() = 'operator' OR (public.access_has('administrator') AND NOT EXISTS (
    SELECT 1 FROM public.organisations_membership m WHERE m.user_id = person AND m.ended_at IS NULL))
$$
""",
    f"""
CREATE OR REPLACE FUNCTION access_account_add(person uuid, username text, display_name text, email text,
  language text, active boolean, password text, proof bytea) RETURNS timestamptz
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE made timestamptz := clock_timestamp();
BEGIN
  PERFORM public.access_demand('credential|' || pg_current_xact_id()::text || '|access_account_add|'
    || public.access_digest(person::text, username, display_name, email, language, active::text, password), proof);
  IF NOT public.access_is_administration() THEN
    RAISE EXCEPTION 'accounts are made by administrators' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.access_user (id, username, display_name, email, language, theme, is_active, password, created_at)
  VALUES (person, username, display_name, email, language, '', active, password, made);
  RETURN made;
END $$
""",
    # What is NULL stays as it is, so that a change of one thing never brings back an old state of another.
    f"""
CREATE OR REPLACE FUNCTION access_account_set(person uuid, new_username text, new_display_name text, new_email text,
  active boolean, new_password text, proof bytea) RETURNS boolean
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM public.access_demand('credential|' || pg_current_xact_id()::text || '|access_account_set|'
    || public.access_digest(person::text, new_username, new_display_name, new_email, active::text, new_password),
    proof);
  -- Who may take a way to sign in away is decided by rooms and requests (a second person, for example), who may give
  -- one is not: a usable password is set by its owner, or by who has his link and is nobody yet.
  IF NOT (CASE WHEN coalesce(new_username, active::text) IS NOT NULL THEN public.access_is_administration()
               WHEN coalesce(new_display_name, new_email) IS NOT NULL
               THEN public.access_is_administration() OR public.access_viewer() IS NOT DISTINCT FROM person
               ELSE true END)
     OR NOT (new_password IS NULL OR new_password LIKE '!%' OR public.access_is_own(person))
     OR (new_password LIKE '!%' AND public.access_kind() = 'anonymous')
     OR (active AND NOT public.access_may_reopen(person)
         AND EXISTS (SELECT 1 FROM public.access_user u WHERE u.id = person AND NOT u.is_active)) THEN
    RAISE EXCEPTION 'this account is not yours to change' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.access_user SET username = coalesce(new_username, username),
    display_name = coalesce(new_display_name, display_name), email = coalesce(new_email, email),
    is_active = coalesce(active, is_active), password = coalesce(new_password, password)
  WHERE id = person;
  RETURN FOUND;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION access_factor_put(factor bigint, person uuid, kind text, sealed text, proof bytea)
RETURNS bigint LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE made bigint;
BEGIN
  PERFORM public.access_demand('credential|' || pg_current_xact_id()::text || '|access_factor_put|'
    || public.access_digest(factor::text, person::text, kind, sealed), proof);
  IF NOT public.access_is_own(person) THEN
    RAISE EXCEPTION 'this account is not yours to change' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF factor IS NULL THEN
    INSERT INTO public.mfa_authenticator (user_id, type, data, created_at)
    VALUES (person, kind, jsonb_build_object('sealed', sealed), clock_timestamp()) RETURNING id INTO made;
  ELSE
    UPDATE public.mfa_authenticator a SET data = jsonb_build_object('sealed', sealed)
    WHERE a.id = factor AND a.user_id = person AND a.type = kind RETURNING a.id INTO made;
  END IF;
  RETURN made;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION access_factor_remove(person uuid, factor bigint, proof bytea) RETURNS integer
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE gone integer;
BEGIN
  PERFORM public.access_demand('credential|' || pg_current_xact_id()::text || '|access_factor_remove|'
    || public.access_digest(person::text, factor::text), proof);
  IF public.access_kind() = 'anonymous' THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.mfa_authenticator WHERE user_id = person AND (factor IS NULL OR id = factor);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$
""",
    # Whoever knows the hash of a cookie may have the sealed row; the table itself shows one's own sessions only.
    f"""
CREATE OR REPLACE FUNCTION access_session_read(key text) RETURNS text
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT s.session_data FROM public.access_session s
  WHERE s.session_key = key AND s.expire_date > clock_timestamp()
$$
""",
    # One statement a write, so bound to the time instead of the transaction, whose number would have to be asked.
    # `expires` and `started` are milliseconds since 1970, `asked` seconds.
    f"""
CREATE OR REPLACE FUNCTION access_session_write(is_new boolean, key text, content text, expires bigint, person uuid,
  started bigint, device text, asked bigint, proof bytea) RETURNS boolean
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM public.access_demand('browser|' || public.access_digest(is_new::text, key, content, expires::text,
    person::text, started::text, device, asked::text), proof);
  IF abs(extract(epoch FROM clock_timestamp()) - asked) > {CLOCKS} THEN
    RAISE EXCEPTION 'this was asked for too long ago, or the clocks of application and database differ'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF is_new THEN
    INSERT INTO public.access_session (session_key, session_data, expire_date, user_id, started_at, last_seen_at,
      device)
    VALUES (key, content, to_timestamp(expires / 1000.0), person, to_timestamp(started / 1000.0), clock_timestamp(),
      device)
    ON CONFLICT (session_key) DO NOTHING;
  ELSE
    UPDATE public.access_session s SET session_data = content, expire_date = to_timestamp(expires / 1000.0),
      user_id = person, started_at = to_timestamp(started / 1000.0), last_seen_at = clock_timestamp(),
      device = access_session_write.device
    WHERE s.session_key = key;
  END IF;
  RETURN FOUND;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION access_session_end(key text) RETURNS void
LANGUAGE sql {_DEFINER} AS $$ DELETE FROM public.access_session s WHERE s.session_key = key $$
""",
    f"""
CREATE OR REPLACE FUNCTION access_session_end_all(person uuid, but text, proof bytea) RETURNS integer
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE gone integer;
BEGIN
  PERFORM public.access_demand('end|' || public.access_digest(person::text, but), proof);
  DELETE FROM public.access_session s WHERE s.user_id = person AND s.session_key IS DISTINCT FROM but;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM public.access_session s WHERE s.expire_date < clock_timestamp();
  RETURN gone;
END $$
""",
]

CALLABLE = (
    "access_account_add(uuid, text, text, text, text, boolean, text, bytea)",
    "access_account_set(uuid, text, text, text, boolean, text, bytea)",
    "access_factor_put(bigint, uuid, text, text, bytea)",
    "access_factor_remove(uuid, bigint, bytea)",
    "access_session_read(text)",
    "access_session_write(boolean, text, text, bigint, uuid, bigint, text, bigint, bytea)",
    "access_session_end(text)",
    "access_session_end_all(uuid, text, bytea)",
)
NOT_CALLABLE = (
    "access_digest(text[])",
    "access_demand(text, bytea)",
    "access_is_administration()",
    "access_is_own(uuid)",
    "access_may_reopen(uuid)",
)

OWN_SESSION = "user_id = (SELECT access_viewer())"


def statements() -> list[str]:
    """Everything in order: functions, then who may call them."""
    made = [text.strip() for text in FUNCTIONS]
    for name in (*CALLABLE, *NOT_CALLABLE):
        made.append(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app" for name in CALLABLE]
    return made
