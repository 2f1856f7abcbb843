"""The SQL half of grants that name roles: whom of a house, or of a team, a grant reaches.

`roles` empty: everybody of the house. Otherwise only those who hold one of them in that very house or team: a role
held elsewhere does not count. It is asked wherever a grant is asked for, so that a colleague whom a grant
does not reach cannot even see that there is one.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

REACHES = f"""
CREATE FUNCTION access_reaches(house uuid, wanted text[]) RETURNS boolean
LANGUAGE sql STABLE {_DEFINER} PARALLEL SAFE AS $$
  SELECT cardinality(wanted) = 0 OR EXISTS (
    SELECT 1 FROM public.organisations_membership m
    WHERE m.user_id = public.access_viewer() AND m.ended_at IS NULL
      AND house IN (m.organisation_id, m.unit_id) AND m.role = ANY (wanted))
$$
"""

# In the owner's functions, where no wall of access_grant helps: the condition of a grant `g` that is the viewer's.
MINE = (
    "g.grantee_id = ANY (public.access_grantees()) "
    "AND (cardinality(g.roles) = 0 OR public.access_reaches(g.grantee_id, g.roles))"
)
NOW = "g.valid_from <= clock_timestamp() AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())"

FUNCTIONS = [
    REACHES,
    f"""
CREATE OR REPLACE FUNCTION access_granted(object uuid, scope text) RETURNS boolean
LANGUAGE sql STABLE {_DEFINER} PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT 1 FROM public.access_grant g
    WHERE g.object_id = object AND scope = ANY (g.scopes) AND g.revoked_at IS NULL AND {NOW} AND {MINE})
$$
""",
    f"""
CREATE OR REPLACE FUNCTION access_holds(object uuid, scope text) RETURNS boolean
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM public.access_grant g
    WHERE g.object_id = object AND scope = ANY (g.scopes) AND NOT g.break_glass AND g.revoked_at IS NULL
      AND {NOW} AND {MINE})
$$
""",
]

CALLABLE = (
    "access_reaches(uuid, text[])",
    "access_granted(uuid, text)",
    "access_holds(uuid, text)",
)

# What a viewer reads of access_grant, and with it of every table whose wall joins it. The time of the statement, as in
# `sql.LIVE_GRANT`; a function and no subquery, so that PostgreSQL can still plan a join.
REACHING_GRANT = (
    "grantee_id = ANY ((SELECT access_grantees())::uuid[]) AND revoked_at IS NULL "
    "AND valid_from <= statement_timestamp() AND (valid_until IS NULL OR valid_until > statement_timestamp()) "
    "AND (cardinality(roles) = 0 OR access_reaches(grantee_id, roles))"
)

# Grants to a house that were made before they could name roles: to those who work with that kind of thing.
_WORKERS = "{first_responder,case_manager,supervisor,child_protection}"
EARLIER = {
    "referral": _WORKERS,
    "event": _WORKERS,
    "migrant": _WORKERS,
    "help_request": _WORKERS,
    "service": _WORKERS,
    "feedback": "{supervisor}",
    "identification": "{competent_authority,child_protection}",
}


def statements() -> list[str]:
    """Everything in order: functions, who may call them, the wall, and what was given before."""
    made = [text.strip() for text in FUNCTIONS]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in CALLABLE]
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
    made.append(f"ALTER POLICY may_read ON access_grant USING ({REACHING_GRANT})")
    made += [
        f"UPDATE access_grant SET roles = '{roles}' WHERE grantee_kind = 'organisation' AND object_kind = '{kind}'"
        for kind, roles in EARLIER.items()
    ]
    return made
