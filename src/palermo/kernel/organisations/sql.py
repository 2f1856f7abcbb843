"""The SQL half of two-person approval. Owned by palermo_owner, SECURITY DEFINER, pinned search path.

Requests of the application cannot write a proposal, a membership or the place of a unit themselves: they call these
functions, which take the person from the transaction's token and never from an argument. What a proposal opens is
made in the statement that agrees to it. The functions answer with a word instead of an error where a person can do
something about it: 'done', or why not ('is_...' names the state in which it was found).

Who decides (`organisations_decider`):
  supervisor    somebody else who supervises the organisation concerned
  coordinator   the organisation had supervisors and has none left to ask, or more than one organisation is concerned
  national      a coordinator or another administrator: the organisation never had a supervisor, or the role itself
                is one that decides for others (administrator, coordinator)
Where nobody of that kind exists at all, the command line decides: this is how an instance begins.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
_STABLE = f"LANGUAGE sql STABLE {_DEFINER}"

FUNCTIONS = [
    # Supervisors of a house whose account is open.
    f"""
CREATE FUNCTION organisations_supervisors(house uuid) RETURNS SETOF uuid {_STABLE} AS $$
  SELECT DISTINCT m.user_id FROM public.organisations_membership m
    JOIN public.access_user u ON u.id = m.user_id AND u.is_active
  WHERE m.organisation_id = house AND m.role = 'supervisor' AND m.ended_at IS NULL
$$
""",
    # Where the viewer himself supervises.
    f"""
CREATE FUNCTION organisations_supervised() RETURNS uuid[] {_STABLE} AS $$
  SELECT coalesce(array_agg(DISTINCT m.organisation_id), '{{}}') FROM public.organisations_membership m
  WHERE m.user_id = public.access_viewer() AND m.role = 'supervisor' AND m.ended_at IS NULL
$$
""",
    # The organisations that a proposal opens something of.
    f"""
CREATE FUNCTION organisations_houses(kind text, person uuid, house uuid, team uuid) RETURNS uuid[] {_STABLE} AS $$
  SELECT coalesce(array_agg(DISTINCT h), '{{}}') FROM (
    SELECT house AS h WHERE kind = 'role'
    UNION ALL SELECT u.organisation_id FROM public.organisations_unit u WHERE kind = 'unit' AND u.id = team
    UNION ALL SELECT m.organisation_id FROM public.organisations_membership m
      WHERE kind IN ('reopen', 'recovery') AND m.user_id = person AND m.ended_at IS NULL) found WHERE h IS NOT NULL
$$
""",
    f"""
CREATE FUNCTION organisations_decider(p public.organisations_proposal) RETURNS text
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  houses uuid[] := public.organisations_houses(p.kind, p.subject_id, p.organisation_id, p.unit_id);
BEGIN
  IF p.role IN ('administrator', 'coordinator') OR (p.kind IN ('reopen', 'recovery') AND EXISTS (
      SELECT 1 FROM public.organisations_membership m WHERE m.user_id = p.subject_id AND m.ended_at IS NULL
        AND m.role IN ('administrator', 'coordinator'))) OR cardinality(houses) = 0 THEN
    RETURN 'national';
  END IF;
  IF cardinality(houses) > 1 THEN RETURN 'coordinator'; END IF;
  IF EXISTS (SELECT 1 FROM public.organisations_supervisors(houses[1]) s
      WHERE (s IS DISTINCT FROM p.asked_by_id OR p.kind = 'recovery') AND s IS DISTINCT FROM p.subject_id) THEN
    RETURN 'supervisor';
  END IF;
  -- An administrator who ends the roles of all supervisors does not become the one who is asked instead of them.
  IF EXISTS (SELECT 1 FROM public.organisations_membership m
      WHERE m.organisation_id = houses[1] AND m.role = 'supervisor') THEN
    RETURN 'coordinator';
  END IF;
  RETURN 'national';
END $$
""",
    # Everybody who may decide now: never who asked, never the person concerned.
    f"""
CREATE FUNCTION organisations_deciders(p public.organisations_proposal) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  who text := public.organisations_decider(p);
  houses uuid[] := public.organisations_houses(p.kind, p.subject_id, p.organisation_id, p.unit_id);
BEGIN
  RETURN QUERY SELECT DISTINCT m.user_id FROM public.organisations_membership m
    JOIN public.access_user u ON u.id = m.user_id AND u.is_active
  WHERE m.ended_at IS NULL AND m.user_id IS DISTINCT FROM p.asked_by_id AND m.user_id IS DISTINCT FROM p.subject_id
    AND CASE who
      WHEN 'supervisor' THEN (m.role = 'supervisor' AND m.organisation_id = houses[1])
        -- A recovery is confirmed by two supervisors, or by one supervisor and one administrator.
        OR (p.kind = 'recovery' AND m.role = 'administrator'
            AND p.asked_by_id IN (SELECT public.organisations_supervisors(houses[1])))
      WHEN 'national' THEN m.role IN ('administrator', 'coordinator')
      ELSE m.role = 'coordinator' END;
END $$
""",
    f"""
CREATE FUNCTION organisations_may_decide(proposal uuid) RETURNS boolean {_STABLE} AS $$
  SELECT coalesce((SELECT public.access_viewer() IN (SELECT public.organisations_deciders(p))
    FROM public.organisations_proposal p WHERE p.id = proposal), false)
$$
""",
    # Which kind of person is asked, for the page that says so.
    f"""
CREATE FUNCTION organisations_decided_by(proposal uuid) RETURNS text {_STABLE} AS $$
  SELECT CASE WHEN EXISTS (SELECT 1 FROM public.organisations_deciders(p)) THEN public.organisations_decider(p)
    ELSE 'operator' END FROM public.organisations_proposal p WHERE p.id = proposal
$$
""",
    # What time has ended is ended; a proposal can then be made anew.
    f"""
CREATE FUNCTION organisations_lapse() RETURNS void LANGUAGE sql {_DEFINER} AS $$
  UPDATE public.organisations_proposal SET state = 'expired'
  WHERE state IN ('waiting', 'cooling') AND expires_at <= clock_timestamp()
$$
""",
    f"""
CREATE FUNCTION organisations_propose(kind text, person uuid, house uuid, team uuid, role text, reason text)
RETURNS uuid LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  made uuid := gen_random_uuid();
  viewer uuid := public.access_viewer();
  houses uuid[];
BEGIN
  houses := public.organisations_houses(kind, person, house, team);
  IF NOT (public.access_kind() = 'operator' OR public.access_has('administrator')
      OR (kind = 'recovery' AND public.organisations_supervised() && houses)) OR person = viewer THEN
    RAISE EXCEPTION 'this person cannot ask for this' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM public.organisations_lapse();
  INSERT INTO public.organisations_proposal (id, kind, subject_id, organisation_id, unit_id, role, reason, state,
      asked_by_id, asked_at, expires_at, decision)
  VALUES (made, kind, person, house, team, role, reason, 'waiting', viewer, clock_timestamp(),
      clock_timestamp() + interval '7 days', '');
  RETURN made;
END $$
""",
    # The effect of each kind. Not callable by anybody: only organisations_agree reaches it.
    f"""
CREATE FUNCTION organisations_apply(p public.organisations_proposal) RETURNS text
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF p.kind = 'role' THEN
    IF EXISTS (SELECT 1 FROM public.organisations_organisation o WHERE o.id = p.organisation_id
        AND o.closed_on IS NOT NULL) OR (p.unit_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.organisations_unit u WHERE u.id = p.unit_id AND u.organisation_id = p.organisation_id))
    THEN RETURN 'changed'; END IF;
    INSERT INTO public.organisations_membership (id, version, created_at, updated_at, user_id, organisation_id,
        unit_id, role)
    VALUES (p.id, 1, clock_timestamp(), clock_timestamp(), p.subject_id, p.organisation_id, p.unit_id, p.role)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'held'; END IF;
  ELSIF p.kind = 'unit' THEN
    IF EXISTS (SELECT 1 FROM public.organisations_membership m WHERE m.unit_id = p.unit_id AND m.ended_at IS NULL)
    THEN RETURN 'changed'; END IF;
    UPDATE public.organisations_unit SET organisation_id = p.organisation_id, version = version + 1,
      updated_at = clock_timestamp() WHERE id = p.unit_id;
  ELSIF p.kind = 'reopen' THEN
    UPDATE public.access_user SET is_active = true WHERE id = p.subject_id;
  END IF;
  RETURN 'done';
END $$
""",
    # The row lock makes deciders, and deciders and withdrawers, queue: the second finds the proposal decided.
    f"""
CREATE FUNCTION organisations_agree(proposal uuid) RETURNS text LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  p public.organisations_proposal;
  told text := 'done';
BEGIN
  SELECT * INTO p FROM public.organisations_proposal WHERE id = proposal FOR UPDATE;
  IF p.id IS NULL THEN RETURN 'missing'; END IF;
  IF p.state <> 'waiting' THEN RETURN 'is_' || p.state; END IF;
  IF p.expires_at <= clock_timestamp() THEN RETURN 'expired'; END IF;
  IF public.access_kind() = 'operator' THEN
    IF EXISTS (SELECT 1 FROM public.organisations_deciders(p)) THEN RETURN 'others'; END IF;
  ELSIF public.access_viewer() IS NULL OR public.access_viewer() NOT IN (SELECT public.organisations_deciders(p))
  THEN RETURN 'refusing'; END IF;
  -- Who asked must still be somebody who may ask.
  IF p.asked_by_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM public.access_user u JOIN public.organisations_membership m ON m.user_id = u.id
      WHERE u.id = p.asked_by_id AND u.is_active AND m.ended_at IS NULL AND (m.role = 'administrator'
        OR (p.kind = 'recovery' AND m.role = 'supervisor'))) THEN RETURN 'orphan'; END IF;
  IF p.kind = 'recovery' THEN
    UPDATE public.organisations_proposal SET state = 'cooling', decided_by_id = public.access_viewer(),
      decided_at = clock_timestamp(), ready_at = clock_timestamp() + interval '24 hours',
      expires_at = clock_timestamp() + interval '8 days' WHERE id = proposal;
    RETURN 'done';
  END IF;
  told := public.organisations_apply(p);
  IF told = 'done' THEN
    UPDATE public.organisations_proposal SET state = 'done', decided_by_id = public.access_viewer(),
      decided_at = clock_timestamp() WHERE id = proposal;
  END IF;
  RETURN told;
END $$
""",
    # Every way in which a proposal comes to nothing: refused by who may decide, withdrawn by who asked, or, for a
    # recovery, stopped by the person himself, by a supervisor of his or by a coordinator.
    f"""
CREATE FUNCTION organisations_end_proposal(proposal uuid, how text, why text) RETURNS text
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  p public.organisations_proposal;
  viewer uuid := public.access_viewer();
  may boolean;
BEGIN
  SELECT * INTO p FROM public.organisations_proposal WHERE id = proposal FOR UPDATE;
  IF p.id IS NULL THEN RETURN 'missing'; END IF;
  may := CASE how
    WHEN 'refused' THEN viewer IN (SELECT public.organisations_deciders(p))
      OR (public.access_kind() = 'operator' AND NOT EXISTS (SELECT 1 FROM public.organisations_deciders(p)))
    WHEN 'withdrawn' THEN viewer = p.asked_by_id OR (p.asked_by_id IS NULL AND public.access_kind() = 'operator')
    WHEN 'stopped' THEN p.kind = 'recovery' AND (viewer = p.subject_id OR public.access_has('coordinator')
      OR public.access_kind() = 'operator' OR public.organisations_supervised()
        && public.organisations_houses(p.kind, p.subject_id, p.organisation_id, p.unit_id))
    ELSE false END;
  IF may IS NOT TRUE THEN RETURN 'refusing'; END IF;
  IF NOT (p.state = 'waiting' OR (p.state = 'cooling' AND how IN ('withdrawn', 'stopped')))
  THEN RETURN 'is_' || p.state; END IF;
  UPDATE public.organisations_proposal SET state = how, decision = left(why, 500),
    decided_by_id = CASE WHEN how = 'refused' THEN viewer ELSE p.decided_by_id END,
    decided_at = coalesce(p.decided_at, CASE WHEN how = 'refused' THEN clock_timestamp() END),
    ended_by_id = viewer, ended_at = clock_timestamp() WHERE id = proposal;
  RETURN 'done';
END $$
""",
    # After its day a recovery gives its link once, to the supervisor of the two who confirmed it.
    f"""
CREATE FUNCTION organisations_may_take(p public.organisations_proposal) RETURNS boolean {_STABLE} AS $$
  SELECT CASE WHEN p.decided_by_id IS NULL THEN public.access_kind() = 'operator'
    WHEN p.asked_by_id IS NOT NULL AND public.organisations_houses(p.kind, p.subject_id, NULL, NULL) && (
      SELECT coalesce(array_agg(m.organisation_id), '{{}}') FROM public.organisations_membership m
      WHERE m.user_id = p.asked_by_id AND m.role = 'supervisor' AND m.ended_at IS NULL)
    THEN public.access_viewer() = p.asked_by_id
    ELSE public.access_viewer() = p.decided_by_id END
$$
""",
    f"""
CREATE FUNCTION organisations_take_recovery(proposal uuid) RETURNS text LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE p public.organisations_proposal;
BEGIN
  SELECT * INTO p FROM public.organisations_proposal WHERE id = proposal FOR UPDATE;
  IF p.id IS NULL OR p.kind <> 'recovery' OR public.organisations_may_take(p) IS NOT TRUE
  THEN RETURN 'refusing'; END IF;
  IF p.state <> 'cooling' THEN RETURN 'is_' || p.state; END IF;
  IF p.expires_at <= clock_timestamp() THEN RETURN 'expired'; END IF;
  IF p.ready_at > clock_timestamp() THEN RETURN 'early'; END IF;
  UPDATE public.organisations_proposal SET state = 'done' WHERE id = proposal;
  RETURN 'done';
END $$
""",
    f"""
CREATE FUNCTION organisations_may_take_recovery(proposal uuid) RETURNS boolean {_STABLE} AS $$
  SELECT coalesce((SELECT p.kind = 'recovery' AND public.organisations_may_take(p)
    FROM public.organisations_proposal p WHERE p.id = proposal), false)
$$
""",
    # For the sign-in page, on which the person is not yet known to the database: only whether and when.
    f"""
CREATE FUNCTION organisations_recovery_of(person uuid, OUT asked_at timestamptz, OUT ready_at timestamptz)
{_STABLE} AS $$
  SELECT p.asked_at, p.ready_at FROM public.organisations_proposal p
  WHERE p.kind = 'recovery' AND p.subject_id = person AND p.state IN ('waiting', 'cooling')
    AND p.expires_at > clock_timestamp() ORDER BY p.asked_at DESC LIMIT 1
$$
""",
]

# Triggers see what a policy cannot: the row before and after. The owner's functions and the command line pass.
GUARDS = [
    """
CREATE FUNCTION organisations_passes() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT current_user = 'palermo_owner' OR public.access_kind() = 'operator'
$$
""",
    """
CREATE FUNCTION organisations_guard_membership() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.id, NEW.user_id, NEW.organisation_id, NEW.role, NEW.created_at) IS DISTINCT FROM
     (OLD.id, OLD.user_id, OLD.organisation_id, OLD.role, OLD.created_at)
     OR NEW.unit_id IS DISTINCT FROM OLD.unit_id OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL THEN
    IF NOT public.organisations_passes() THEN
      RAISE EXCEPTION 'a role can be ended; everything else is asked for and agreed to'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE FUNCTION organisations_guard_unit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id AND NOT public.organisations_passes() THEN
    RAISE EXCEPTION 'a unit is moved by a request that another person agrees to'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
""",
    # Whoever holds no role opens nothing: an administrator opens such an account again by himself.
    """
CREATE FUNCTION organisations_guard_reopening() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.is_active AND NOT OLD.is_active AND NOT public.organisations_passes() AND NOT (
      public.access_has('administrator') AND NOT EXISTS (SELECT 1 FROM public.organisations_membership m
        WHERE m.user_id = OLD.id AND m.ended_at IS NULL)) THEN
    RAISE EXCEPTION 'a closed account is opened again by a request that another person agrees to'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
""",
    # Grants name a person, a team or an organisation by id alone. An account made with the id of an organisation
    # would hold all that is shared with it: an id has one meaning, for ever.
    f"""
CREATE FUNCTION organisations_one_meaning() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.id IS NOT DISTINCT FROM OLD.id THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM public.access_user u WHERE u.id = NEW.id)
      OR EXISTS (SELECT 1 FROM public.organisations_organisation o WHERE o.id = NEW.id)
      OR EXISTS (SELECT 1 FROM public.organisations_unit u WHERE u.id = NEW.id)
      OR EXISTS (SELECT 1 FROM public.access_grant g WHERE g.grantee_id = NEW.id) THEN
    RAISE EXCEPTION 'this id already means something' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
""",
]

TRIGGERS = [
    "CREATE TRIGGER guard BEFORE UPDATE ON organisations_membership "
    "FOR EACH ROW EXECUTE FUNCTION organisations_guard_membership()",
    "CREATE TRIGGER guard BEFORE UPDATE ON organisations_unit "
    "FOR EACH ROW EXECUTE FUNCTION organisations_guard_unit()",
    "CREATE TRIGGER guard_reopening BEFORE UPDATE OF is_active ON access_user "
    "FOR EACH ROW EXECUTE FUNCTION organisations_guard_reopening()",
    *[
        f"CREATE TRIGGER one_meaning BEFORE INSERT OR UPDATE OF id ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION organisations_one_meaning()"
        for table in ("access_user", "organisations_organisation", "organisations_unit")
    ],
]

# For policies and pages.
READING = (
    "organisations_supervised()",
    "organisations_may_decide(uuid)",
    "organisations_decided_by(uuid)",
    "organisations_may_take_recovery(uuid)",
    "organisations_recovery_of(uuid)",
    "organisations_passes()",
)
# Requests and the command line only: no job asks for a role or agrees to one.
CHANGING = (
    "organisations_propose(text, uuid, uuid, uuid, text, text)",
    "organisations_agree(uuid)",
    "organisations_end_proposal(uuid, text, text)",
    "organisations_take_recovery(uuid)",
)
NOT_CALLABLE = (
    "organisations_supervisors(uuid)",
    "organisations_houses(text, uuid, uuid, uuid)",
    "organisations_decider(organisations_proposal)",
    "organisations_deciders(organisations_proposal)",
    "organisations_lapse()",
    "organisations_apply(organisations_proposal)",
    "organisations_may_take(organisations_proposal)",
    "organisations_one_meaning()",
)

# A proposal is read by who asked, by the person concerned, by those who supervise him or the place, by
# administrators and by coordinators. It names colleagues and roles, never an assisted person.
MAY_READ = (
    "(SELECT access_viewer()) IN (asked_by_id, subject_id, decided_by_id, ended_by_id) "
    "OR (SELECT access_has('administrator', 'coordinator')) OR (SELECT access_kind()) = 'operator' "
    "OR organisation_id = ANY ((SELECT organisations_supervised())::uuid[]) "
    "OR EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = subject_id AND m.ended_at IS NULL "
    "AND m.organisation_id = ANY ((SELECT organisations_supervised())::uuid[])) "
    "OR EXISTS (SELECT 1 FROM organisations_unit u WHERE u.id = unit_id "
    "AND u.organisation_id = ANY ((SELECT organisations_supervised())::uuid[]))"
)

# Nobody who is signed in writes a membership: an agreed proposal does. The command line founds an instance.
MEMBERSHIP_WALL = [
    "ALTER POLICY may_insert ON organisations_membership TO palermo_app "
    "WITH CHECK ((SELECT access_kind()) = 'operator')",
    "ALTER POLICY may_update ON organisations_membership TO palermo_app",
    "REVOKE INSERT, UPDATE ON organisations_membership FROM palermo_job",
]


def statements() -> list[str]:
    """Everything in order: functions, triggers, who may call what, the wall of memberships."""
    made = [text.strip() for text in (*FUNCTIONS, *GUARDS)]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*READING, *CHANGING, *NOT_CALLABLE)]
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in READING]
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app" for name in CHANGING]
    return [*made, *TRIGGERS, *MEMBERSHIP_WALL]
