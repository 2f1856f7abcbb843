"""The SQL half of ending and forcing access. Owned by palermo_owner, SECURITY DEFINER, pinned search path.

What emergency access opens cannot be passed on: `access_holds` leaves break-glass grants out, so that nobody turns
sixty minutes into for ever. The notices to supervisors are written by the database in the statement that
opens the object; no code path opens it silently. `access_holds` is made anew in `sql_reach.py`, since a grant can name
roles; how a grant is made stands in `sql_houses.py`.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

FUNCTIONS = [
    f"""
CREATE OR REPLACE FUNCTION access_holds(object uuid, scope text) RETURNS boolean
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM public.access_grant g
    WHERE g.object_id = object AND scope = ANY (g.scopes) AND NOT g.break_glass AND g.revoked_at IS NULL
      AND g.valid_from <= clock_timestamp() AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
      AND g.grantee_id = ANY (public.access_grantees()))
$$
""",
    f"""
CREATE OR REPLACE FUNCTION access_revoke(grant_id uuid) RETURNS uuid
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE object uuid;
BEGIN
  SELECT g.object_id INTO object FROM public.access_grant g WHERE g.id = grant_id AND g.revoked_at IS NULL;
  IF object IS NULL OR NOT (public.access_kind() = 'operator' OR public.access_holds(object, 'case')) THEN
    RETURN NULL;
  END IF;
  UPDATE public.access_grant SET revoked_at = clock_timestamp() WHERE id = grant_id;
  RETURN object;
END $$
""",
    # The organisations that hold an object (through themselves, a team or a member), and so answer for it.
    f"""
CREATE OR REPLACE FUNCTION access_holders(object uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT g.grantee_id FROM public.access_grant g
    WHERE g.object_id = object AND g.grantee_kind = 'organisation' AND g.revoked_at IS NULL AND NOT g.break_glass
  UNION SELECT u.organisation_id FROM public.access_grant g JOIN public.organisations_unit u ON u.id = g.grantee_id
    WHERE g.object_id = object AND g.revoked_at IS NULL AND NOT g.break_glass
  UNION SELECT m.organisation_id FROM public.access_grant g
    JOIN public.organisations_membership m ON m.user_id = g.grantee_id AND m.ended_at IS NULL
    WHERE g.object_id = object AND g.revoked_at IS NULL AND NOT g.break_glass
$$
""",
    # Break-glass: one object, sixty minutes, a typed reason; the supervisors of both houses are told at once.
    f"""
CREATE OR REPLACE FUNCTION access_break_glass(kind text, object uuid, reason text) RETURNS uuid
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE made uuid := gen_random_uuid();
BEGIN
  IF NOT public.access_has('case_manager', 'supervisor', 'child_protection') OR length(trim(reason)) < 15 THEN
    RAISE EXCEPTION 'break-glass needs a case role and a written reason' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.access_grant g WHERE g.object_id = object AND g.object_kind = kind) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.access_grant (id, object_kind, object_id, grantee_kind, grantee_id, scopes, purpose,
      valid_from, valid_until, granted_by_id, break_glass, created_at)
  VALUES (made, kind, object, 'person', public.access_viewer(), ARRAY['case', 'identity'], left(reason, 200),
      clock_timestamp(), clock_timestamp() + interval '60 minutes', public.access_viewer(), true, clock_timestamp());
  INSERT INTO public.access_notice (id, kind, object_kind, object_id, role, organisation_id, about_id, created_at)
  SELECT gen_random_uuid(), 'break_glass', 'grant', made, 'supervisor', o.id, public.access_viewer(),
         clock_timestamp()
  FROM (SELECT public.access_holders(object) AS id UNION SELECT unnest(public.access_organisations())) o
  WHERE o.id IS NOT NULL;
  RETURN made;
END $$
""",
    # What a supervisor reads when he opens the notice: who, when and why; not what was opened, if he holds it not.
    f"""
CREATE OR REPLACE FUNCTION access_emergency(grant_id uuid, OUT who uuid, OUT since timestamptz, OUT until timestamptz,
                                 OUT reason text, OUT object_kind text, OUT object uuid)
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT g.grantee_id, g.valid_from, coalesce(g.revoked_at, g.valid_until), g.purpose, g.object_kind,
         CASE WHEN public.access_granted(g.object_id, 'case') THEN g.object_id END
  FROM public.access_grant g WHERE g.id = grant_id AND g.break_glass AND EXISTS (
    SELECT 1 FROM public.access_notice n WHERE n.object_id = g.id AND n.kind = 'break_glass'
      AND n.organisation_id = ANY (public.access_organisations()) AND public.access_has(n.role::text))
$$
""",
    # A supervisor of a house that was told can end the emergency before its hour is over.
    f"""
CREATE OR REPLACE FUNCTION access_end_emergency(grant_id uuid) RETURNS boolean
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF (public.access_emergency(grant_id)).who IS NULL THEN RETURN false; END IF;
  UPDATE public.access_grant SET revoked_at = clock_timestamp() WHERE id = grant_id AND revoked_at IS NULL;
  RETURN FOUND;
END $$
""",
]

CALLABLE = (
    "access_holds(uuid, text)",
    "access_revoke(uuid)",
    "access_break_glass(text, uuid, text)",
    "access_emergency(uuid)",
    "access_end_emergency(uuid)",
)
NOT_CALLABLE = ("access_holders(uuid)",)

# A notice is for one person, or for those who hold a role in an organisation. Anybody known may write one.
MY_NOTICE = (
    "user_id = (SELECT access_viewer()) OR (role <> '' AND role = ANY ((SELECT access_roles())::text[]) "
    "AND (organisation_id IS NULL OR organisation_id = ANY ((SELECT access_organisations())::uuid[])))"
)
KNOWN = "(SELECT access_kind()) <> 'anonymous'"

# Roles are given by administrators and by the command line; a stolen statement of anybody else gives none.
MAY_GIVE_ROLES = "(SELECT access_kind()) = 'operator' OR (SELECT access_has('administrator'))"


# The same, and to whom it was given: so that the audit can say whose access ended.
REVOKE = f"""
CREATE FUNCTION access_revoke(grant_id uuid, OUT object uuid, OUT grantee_kind text, OUT grantee uuid,
                              OUT scopes text[])
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  SELECT g.object_id, g.grantee_kind, g.grantee_id, g.scopes INTO object, grantee_kind, grantee, scopes
  FROM public.access_grant g WHERE g.id = grant_id AND g.revoked_at IS NULL FOR UPDATE;
  IF object IS NULL OR NOT (public.access_kind() = 'operator' OR public.access_holds(object, 'case')) THEN
    object := NULL; grantee_kind := NULL; grantee := NULL; scopes := NULL;
    RETURN;
  END IF;
  UPDATE public.access_grant SET revoked_at = clock_timestamp() WHERE id = grant_id;
END $$
"""


def revoke_statements() -> list[str]:
    """The function that ends a grant, made anew with what it gives back."""
    return [
        "DROP FUNCTION access_revoke(uuid)",
        REVOKE.strip(),
        "REVOKE ALL ON FUNCTION access_revoke(uuid) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION access_revoke(uuid) TO palermo_app, palermo_job",
    ]


def statements() -> list[str]:
    """Everything in order: functions, then who may call them."""
    made = [text.strip() for text in FUNCTIONS]
    for name in (*CALLABLE, *NOT_CALLABLE):
        made.append(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
    return made
