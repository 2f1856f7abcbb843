"""The SQL half of access: functions that turn the transaction's token into a viewer.

All are SECURITY DEFINER with a pinned search path and owned by palermo_owner. The token is 256 random bits
(or a keyed hash of the session cookie), set with `set_config(..., true)`, so that it ends with the
transaction. A context can be opened only with a MAC under a key that lives outside the tables which the
application may read: SQL that an attacker injects can neither guess a token nor make one.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public PARALLEL SAFE"


FUNCTIONS = [
    # A token that is not hexadecimal must mean "nobody", not an error that tells an attacker something.
    """
CREATE FUNCTION access_token_hash() RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public PARALLEL SAFE AS $$
DECLARE token text := current_setting('palermo.token', true);
BEGIN
  IF token IS NULL OR token !~ '^[0-9a-f]{64}$' THEN RETURN NULL; END IF;
  RETURN sha256(decode(token, 'hex'));
END $$
""",
    """
CREATE FUNCTION access_current(OUT kind text, OUT user_id uuid, OUT session_ref text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public PARALLEL SAFE AS $$
  SELECT c.kind, c.user_id, c.session_ref
  FROM public.access_context c LEFT JOIN public.access_user u ON u.id = c.user_id
  WHERE c.token_sha256 = public.access_token_hash()
    AND c.expires_at > clock_timestamp() AND (c.user_id IS NULL OR u.is_active)
$$
""",
    f"CREATE FUNCTION access_viewer() RETURNS uuid {_DEFINER} AS $$ SELECT (public.access_current()).user_id $$",
    f"CREATE FUNCTION access_kind() RETURNS text {_DEFINER} AS "
    "$$ SELECT coalesce((public.access_current()).kind, 'anonymous') $$",
    f"CREATE FUNCTION access_session() RETURNS text {_DEFINER} AS "
    "$$ SELECT coalesce((public.access_current()).session_ref, '') $$",
    f"""
CREATE FUNCTION access_roles() RETURNS text[] {_DEFINER} AS $$
  SELECT coalesce(array_agg(DISTINCT m.role::text), '{{}}') FROM public.organisations_membership m
  WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL
$$
""",
    f"""
CREATE FUNCTION access_has(VARIADIC wanted text[]) RETURNS boolean {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM public.organisations_membership m
    WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL AND m.role = ANY (wanted))
$$
""",
    f"""
CREATE FUNCTION access_organisations() RETURNS uuid[] {_DEFINER} AS $$
  SELECT coalesce(array_agg(DISTINCT m.organisation_id), '{{}}') FROM public.organisations_membership m
  WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL
$$
""",
    f"""
CREATE FUNCTION access_grantees() RETURNS uuid[] {_DEFINER} AS $$
  SELECT coalesce(array_agg(DISTINCT g), '{{}}') FROM (
    SELECT public.access_viewer() AS g
    UNION ALL SELECT m.organisation_id FROM public.organisations_membership m
      WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL
    UNION ALL SELECT m.unit_id FROM public.organisations_membership m
      WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL
  ) mine WHERE g IS NOT NULL
$$
""",
    # Made anew in `sql_reach.py`, since a grant can name roles.
    f"""
CREATE FUNCTION access_granted(object uuid, scope text) RETURNS boolean {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM public.access_grant g
    WHERE g.object_id = object AND scope = ANY (g.scopes) AND g.revoked_at IS NULL
      AND g.valid_from <= clock_timestamp() AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
      AND g.grantee_id = ANY (public.access_grantees()))
$$
""",
    # HMAC-SHA-256 by hand (RFC 2104): the embedded server carries no pgcrypto. The padded keys are stored ready.
    """
CREATE FUNCTION access_proof(message text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT sha256(s.outer_pad || sha256(s.inner_pad || convert_to(message, 'UTF8')))
  FROM public.access_secret s WHERE s.name = 'context'
$$
""",
    """
CREATE FUNCTION access_open(token bytea, kind text, person uuid, session_ref text, expires bigint, proof bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  message text := concat_ws('|', encode(token, 'hex'), kind, coalesce(person::text, ''), session_ref, expires);
BEGIN
  IF octet_length(token) <> 32 OR proof IS DISTINCT FROM public.access_proof(message) THEN
    RAISE EXCEPTION 'this context was not opened by the application' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.access_context (token_sha256, kind, user_id, session_ref, expires_at)
  VALUES (sha256(token), kind, person, session_ref, to_timestamp(expires))
  ON CONFLICT (token_sha256) DO UPDATE SET expires_at = excluded.expires_at;
END $$
""",
    # Enter: make the token this transaction's, and say who that is, in one round trip.
    """
CREATE FUNCTION access_enter(token text, OUT kind text, OUT user_id uuid, OUT session_ref text,
                             OUT roles text[], OUT organisations uuid[], OUT units uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM set_config('palermo.token', token, true);
  SELECT c.kind, c.user_id, c.session_ref INTO kind, user_id, session_ref FROM public.access_current() c;
  SELECT array_agg(DISTINCT m.role::text), array_agg(m.organisation_id ORDER BY m.created_at),
         array_agg(m.unit_id ORDER BY m.created_at) FILTER (WHERE m.unit_id IS NOT NULL)
    INTO roles, organisations, units
    FROM public.organisations_membership m WHERE m.user_id = access_enter.user_id AND m.ended_at IS NULL;
END $$
""",
    # Close: whoever holds the token may end it; a user's contexts end together when he is signed out everywhere.
    """
CREATE FUNCTION access_close(token bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  DELETE FROM public.access_context WHERE token_sha256 = sha256(token)
$$
""",
    """
CREATE FUNCTION access_close_all(person uuid, proof bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF proof IS DISTINCT FROM public.access_proof('close|' || person::text) THEN
    RAISE EXCEPTION 'only the application ends contexts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.access_context WHERE user_id = person;
  DELETE FROM public.access_context WHERE expires_at < clock_timestamp();
END $$
""",
    # Who else holds an object: for those who hold it themselves. Ended grants are shown too: they are its history.
    """
CREATE FUNCTION access_grants_of(object uuid) RETURNS SETOF public.access_grant
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.* FROM public.access_grant g
  WHERE g.object_id = object AND public.access_granted(object, 'case') ORDER BY g.created_at
$$
""",
]

CALLABLE = (
    "access_token_hash()",
    "access_current()",
    "access_viewer()",
    "access_kind()",
    "access_session()",
    "access_roles()",
    "access_has(text[])",
    "access_organisations()",
    "access_grantees()",
    "access_granted(uuid, text)",
    "access_open(bytea, text, uuid, text, bigint, bytea)",
    "access_enter(text)",
    "access_close(bytea)",
    "access_close_all(uuid, bytea)",
    "access_grants_of(uuid)",
)

# access_proof is the one function that nobody but the owner may call: it would make any context openable.
NOT_CALLABLE = ("access_proof(text)",)

# As it was before a grant could name roles; `sql_reach.REACHING_GRANT` is what holds now.
# The time of the statement, not of the transaction: a grant made a moment ago counts for the next statement, and one
# that ended during a long transaction does not. (clock_timestamp() would keep PostgreSQL from planning a join.)
LIVE_GRANT = (
    "grantee_id = ANY ((SELECT access_grantees())::uuid[]) AND revoked_at IS NULL "
    "AND valid_from <= statement_timestamp() AND (valid_until IS NULL OR valid_until > statement_timestamp())"
)


def statements() -> list[str]:
    """Everything in order: functions, then who may call them."""
    made = [text.strip() for text in FUNCTIONS]
    for name in (*CALLABLE, *NOT_CALLABLE):
        made.append(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
    return made
