"""The SQL half of giving access, and of what becomes of it when somebody leaves a house.

A grant to a person is held in a house: it ends when the person's last working role there does, whoever ends it and
by whatever statement. What nobody else of the house would hold then goes to its supervisors, so that no case is left
to nobody. A grant whose house is not known ends with the person's last working role anywhere.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

from palermo.kernel.access.sql_reach import MINE

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Roles in which somebody works on what was given to him in person. Who only counts, writes or administrates does not.
WORKING = (
    "'{first_responder,case_manager,supervisor,competent_authority,child_protection,prosecutor}'::text[]"
)
_LIVE = "revoked_at IS NULL AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())"

FUNCTIONS = [
    "DROP FUNCTION IF EXISTS "
    "access_make_grant(text, uuid, text, uuid, text[], text, timestamptz, timestamptz, text[])",
    # A grant is made by somebody who holds the object, or for an object that nobody held yet (its creation).
    # What is passed on ends no later than what the giver holds. Whoever names no roles gives to everybody of a house.
    f"""
CREATE FUNCTION access_make_grant(kind text, object uuid, to_kind text, to_id uuid, scopes text[], purpose text,
                                  starts timestamptz, ends timestamptz, only_roles text[] DEFAULT '{{}}',
                                  of_house uuid DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  made uuid := gen_random_uuid();
  latest timestamptz;
BEGIN
  IF public.access_kind() NOT IN ('person', 'operator') THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF coalesce(cardinality(scopes), 0) = 0 THEN
    RAISE EXCEPTION 'a grant names its scopes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(object::text, 0));
  IF EXISTS (SELECT 1 FROM public.access_grant g WHERE g.object_id = object) THEN
    IF NOT (SELECT bool_and(public.access_holds(object, s)) FROM unnest(scopes) s) THEN
      RAISE EXCEPTION 'only a holder of these scopes can pass them on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT min(until) INTO latest FROM (
      SELECT max(coalesce(g.valid_until, 'infinity')) AS until FROM unnest(scopes) s
        JOIN public.access_grant g ON g.object_id = object AND s = ANY (g.scopes)
      WHERE NOT g.break_glass AND g.revoked_at IS NULL AND {MINE}
        AND g.valid_from <= clock_timestamp() GROUP BY s) mine;
    IF latest < 'infinity' THEN ends := least(coalesce(ends, latest), latest); END IF;
  END IF;
  INSERT INTO public.access_grant (id, object_kind, object_id, grantee_kind, grantee_id, scopes, purpose,
      valid_from, valid_until, granted_by_id, break_glass, created_at, roles, house_id)
  VALUES (made, kind, object, to_kind, to_id, scopes, purpose, coalesce(starts, clock_timestamp()), ends,
      public.access_viewer(), false, clock_timestamp(), coalesce(only_roles, '{{}}'),
      CASE WHEN to_kind = 'person' AND EXISTS (SELECT 1 FROM public.organisations_membership m
        WHERE m.user_id = to_id AND m.organisation_id = of_house AND m.ended_at IS NULL) THEN of_house END);
  RETURN made;
END $$
""",
    # Where the house was not said: the only one of the person, or the only one that giver and person share.
    f"""
CREATE FUNCTION access_house_of(person uuid) RETURNS uuid LANGUAGE sql STABLE {_DEFINER} AS $$
  WITH theirs AS (SELECT DISTINCT m.organisation_id AS id FROM public.organisations_membership m
                  WHERE m.user_id = person AND m.ended_at IS NULL),
       shared AS (SELECT id FROM theirs WHERE id = ANY (public.access_organisations()))
  SELECT CASE WHEN (SELECT count(*) FROM theirs) = 1 THEN (SELECT id FROM theirs)
              WHEN (SELECT count(*) FROM shared) = 1 THEN (SELECT id FROM shared) END
$$
""",
    f"""
CREATE FUNCTION access_held_in_a_house() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  NEW.house_id := public.access_house_of(NEW.grantee_id);
  RETURN NEW;
END $$
""",
    # Grants of `leaver` that the house gave him end; what nobody else there could open goes to its supervisors.
    f"""
CREATE FUNCTION access_leave_house(leaver uuid, house uuid, nowhere boolean, OUT ended int, OUT passed int)
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  WITH gone AS (
    UPDATE public.access_grant g SET revoked_at = clock_timestamp()
    WHERE g.grantee_kind = 'person' AND g.grantee_id = leaver AND g.{_LIVE}
      AND (g.house_id = house OR (nowhere AND g.house_id IS NULL))
    RETURNING g.object_kind, g.object_id, g.scopes, g.break_glass, g.valid_until
  ), left_alone AS (
    SELECT o.object_kind, o.object_id, array_agg(DISTINCT s) AS scopes,
           nullif(max(coalesce(o.valid_until, 'infinity')), 'infinity') AS until
    FROM gone o CROSS JOIN unnest(o.scopes) s
    WHERE NOT o.break_glass AND NOT EXISTS (
      SELECT 1 FROM public.access_grant g WHERE g.object_id = o.object_id AND NOT g.break_glass AND g.{_LIVE}
        AND NOT (g.grantee_kind = 'person' AND g.grantee_id = leaver)
        AND (g.house_id = house
             OR (g.grantee_id = house AND (cardinality(g.roles) = 0 OR 'supervisor' = ANY (g.roles)))
             OR EXISTS (SELECT 1 FROM public.organisations_membership m JOIN public.organisations_unit u
                          ON u.id = m.unit_id
                        WHERE u.id = g.grantee_id AND u.organisation_id = house AND m.ended_at IS NULL
                          AND m.user_id <> leaver)))
    GROUP BY o.object_kind, o.object_id
  ), given AS (
    INSERT INTO public.access_grant (id, object_kind, object_id, grantee_kind, grantee_id, scopes, purpose, valid_from,
        valid_until, granted_by_id, break_glass, created_at, roles)
    SELECT gen_random_uuid(), l.object_kind, l.object_id, 'organisation', house, l.scopes, 'handover',
           clock_timestamp(), l.until, NULL, false, clock_timestamp(), '{{supervisor}}' FROM left_alone l
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM given) INTO ended, passed;
END $$
""",
    f"""
CREATE FUNCTION access_role_ended() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE found record;
BEGIN
  IF EXISTS (SELECT 1 FROM public.organisations_membership m WHERE m.user_id = OLD.user_id AND m.ended_at IS NULL
             AND m.organisation_id = OLD.organisation_id AND m.id <> OLD.id AND m.role = ANY ({WORKING})) THEN
    RETURN NULL;
  END IF;
  SELECT * INTO found FROM public.access_leave_house(OLD.user_id, OLD.organisation_id, NOT EXISTS (
    SELECT 1 FROM public.organisations_membership m WHERE m.user_id = OLD.user_id AND m.ended_at IS NULL
      AND m.id <> OLD.id AND m.role = ANY ({WORKING})));
  IF found.ended > 0 THEN
    PERFORM public.audit_append('access.grant.left_house', 'user', OLD.user_id, '', ARRAY[]::text[],
      jsonb_build_object('organisation', OLD.organisation_id, 'ended', found.ended, 'passed_on', found.passed), 'done');
  END IF;
  RETURN NULL;
END $$
""",
    "CREATE TRIGGER held_in_a_house BEFORE INSERT ON access_grant FOR EACH ROW "
    "WHEN (NEW.grantee_kind = 'person' AND NEW.house_id IS NULL) EXECUTE FUNCTION access_held_in_a_house()",
    "CREATE TRIGGER access_ends_with_the_role AFTER UPDATE OF ended_at ON organisations_membership FOR EACH ROW "
    "WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION access_role_ended()",
    "CREATE TRIGGER access_ends_with_the_row AFTER DELETE ON organisations_membership FOR EACH ROW "
    "WHEN (OLD.ended_at IS NULL) EXECUTE FUNCTION access_role_ended()",
]

CALLABLE = (
    "access_make_grant(text, uuid, text, uuid, text[], text, timestamptz, timestamptz, text[], uuid)",
)
NOT_CALLABLE = (
    "access_house_of(uuid)",
    "access_held_in_a_house()",
    "access_leave_house(uuid, uuid, boolean)",
    "access_role_ended()",
)

# What was given before: held in the only house of the person, where there is one.
EARLIER = """
UPDATE access_grant g SET house_id = m.house FROM (
  SELECT user_id, (array_agg(DISTINCT organisation_id))[1] AS house FROM organisations_membership
  WHERE ended_at IS NULL GROUP BY user_id HAVING count(DISTINCT organisation_id) = 1) m
WHERE g.grantee_kind = 'person' AND g.grantee_id = m.user_id
"""
# Whoever had left before holds nothing any more.
LEFT_BEFORE = f"""
UPDATE access_grant g SET revoked_at = clock_timestamp() WHERE g.grantee_kind = 'person' AND g.revoked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM organisations_membership m
                  WHERE m.user_id = g.grantee_id AND m.ended_at IS NULL AND m.role = ANY ({WORKING}))
  AND EXISTS (SELECT 1 FROM organisations_membership m
              WHERE m.user_id = g.grantee_id AND m.ended_at IS NOT NULL AND m.role = ANY ({WORKING}))
"""


def statements() -> list[str]:
    """Everything in order: functions, who may call them, and what was given before."""
    made = [text.strip() for text in FUNCTIONS]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*CALLABLE, *NOT_CALLABLE)]
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
    return [*made, EARLIER.strip(), LEFT_BEFORE.strip()]
