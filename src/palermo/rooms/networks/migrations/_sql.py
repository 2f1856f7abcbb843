"""Walls and functions of the networks: who belongs where, who leads, and counts without rows."""

from django.db import migrations

from palermo.kernel.database.rls import Protect

PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public"
OPERATOR = "(SELECT access_kind()) = 'operator'"
VIEWER = "(SELECT access_viewer())"
MINE = "{0} = ANY ((SELECT access_organisations())::uuid[])"
WORKER = "(SELECT access_has('first_responder', 'case_manager', 'supervisor', 'child_protection'))"
SENDER = "(SELECT access_has('first_responder', 'case_manager'))"
HELD = "coalesce((SELECT true FROM access_grant g WHERE g.object_id = {0} AND 'case' = ANY (g.scopes) LIMIT 1), false)"
JOINED = "{0} = ANY ((SELECT networks_joined())::uuid[])"
FOCAL = "{0} = ANY ((SELECT networks_focal())::uuid[])"
LEADS = "networks_leads({0})"

# A membership counts while the person still belongs to the organisation that it was agreed for.
_LIVE = (
    "SELECT coalesce(array_agg(DISTINCT m.network_id), '{{}}') FROM networks_member m "
    "JOIN networks_network n ON n.id = m.network_id AND n.closed_on IS NULL "
    "WHERE m.user_id = access_viewer() AND m.state = 'member' AND m.organisation_id = ANY (access_organisations()){0}"
)
JOINED_SQL = f"CREATE FUNCTION networks_joined() RETURNS uuid[] LANGUAGE sql STABLE {PINNED} AS $$ {_LIVE.format('')} $$"
FOCAL_SQL = (
    f"CREATE FUNCTION networks_focal() RETURNS uuid[] LANGUAGE sql STABLE {PINNED} AS $$ "
    + _LIVE.format(" AND m.part = 'focal_point'")
    + " $$"
)
# Who may open a network that this organisation coordinates.
OPENS_SQL = f"""
CREATE FUNCTION networks_opens(house uuid) RETURNS boolean LANGUAGE sql STABLE {PINNED} AS $$
  SELECT access_has('coordinator') OR EXISTS (SELECT 1 FROM organisations_membership m
    WHERE m.user_id = access_viewer() AND m.organisation_id = house AND m.role = 'supervisor' AND m.ended_at IS NULL)
$$
"""
LEADS_SQL = f"""
CREATE FUNCTION networks_leads(net uuid) RETURNS boolean LANGUAGE sql STABLE {PINNED} AS $$
  SELECT net = ANY (networks_focal())
    OR EXISTS (SELECT 1 FROM networks_network n WHERE n.id = net AND networks_opens(n.organisation_id))
$$
"""
# Everybody at work may know whom to ask: the focal points of a network.
POINTS_SQL = f"""
CREATE FUNCTION networks_points(net uuid) RETURNS uuid[] LANGUAGE sql STABLE {PINNED} AS $$
  SELECT coalesce(array_agg(m.user_id), '{{}}') FROM networks_member m JOIN organisations_membership o
    ON o.user_id = m.user_id AND o.organisation_id = m.organisation_id AND o.ended_at IS NULL
  WHERE m.network_id = net AND m.part = 'focal_point' AND m.state = 'member'
    AND access_kind() IN ('person', 'operator')
$$
"""
# Rights follow from a membership: whatever the program says, nobody agrees for the other side, trains himself, or
# comes back from an end.
GUARD_SQL = """
CREATE FUNCTION networks_guard_member() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' OR NEW.joined_at IS NOT NULL OR NEW.trained_until IS NOT NULL
       OR NEW.proposed_by_id IS DISTINCT FROM access_viewer()
       OR NEW.by_member <> (NEW.user_id = access_viewer()) THEN
      RAISE EXCEPTION 'a membership begins as a proposal' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'a_membership_begins_as_a_proposal';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM organisations_membership o WHERE o.user_id = NEW.user_id
                   AND o.organisation_id = NEW.organisation_id AND o.ended_at IS NULL)
       OR (NEW.part = 'focal_point' AND NOT EXISTS (SELECT 1 FROM networks_network n
             WHERE n.id = NEW.network_id AND n.organisation_id = NEW.organisation_id)) THEN
      RAISE EXCEPTION 'a member belongs to the organisation' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'a_member_belongs_to_the_organisation';
    END IF;
    RETURN NEW;
  END IF;
  IF ROW(NEW.network_id, NEW.organisation_id, NEW.user_id, NEW.part, NEW.by_member, NEW.proposed_by_id)
     IS DISTINCT FROM ROW(OLD.network_id, OLD.organisation_id, OLD.user_id, OLD.part, OLD.by_member, OLD.proposed_by_id)
  THEN
    RAISE EXCEPTION 'whose membership it is never changes' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'whose_membership_it_is_never_changes';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state IN ('refused', 'ended') OR (NEW.state = 'member' AND NOT (
       CASE WHEN OLD.by_member THEN networks_leads(OLD.network_id) AND OLD.user_id <> access_viewer()
            ELSE OLD.user_id = access_viewer() END))) THEN
    RAISE EXCEPTION 'the other side agrees' USING ERRCODE = 'check_violation', CONSTRAINT = 'the_other_side_agrees';
  END IF;
  IF NEW.trained_until IS DISTINCT FROM OLD.trained_until
     AND NOT (networks_leads(OLD.network_id) AND OLD.user_id <> access_viewer()) THEN
    RAISE EXCEPTION 'nobody writes his own training' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'nobody_writes_his_own_training';
  END IF;
  RETURN NEW;
END $$
"""
SENT_SQL = """
CREATE FUNCTION networks_guard_notification() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
  IF ROW(NEW.code, NEW.kind, NEW.network_id, NEW.sector, NEW.organisation_id, NEW.sender_id, NEW.receiver_id, NEW.urgent,
         NEW.created_at) IS DISTINCT FROM ROW(OLD.code, OLD.kind, OLD.network_id, OLD.sector, OLD.organisation_id,
         OLD.sender_id, OLD.receiver_id, OLD.urgent, OLD.created_at) THEN
    RAISE EXCEPTION 'what was sent never changes' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'what_was_sent_never_changes';
  END IF;
  RETURN NEW;
END $$
"""
# One more in this month; no member, no house and no day.
TALLY_SQL = f"""
CREATE FUNCTION networks_count_anonymous(net uuid) RETURNS void LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF NOT (net = ANY (networks_joined()) AND access_has('first_responder', 'case_manager')) THEN
    RAISE EXCEPTION 'not a member' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO networks_tally (network_id, month, number) VALUES (net, date_trunc('month', current_date)::date, 1)
    ON CONFLICT (network_id, month) DO UPDATE SET number = networks_tally.number + 1;
END $$
"""
# Counts of notifications; protected against small counts by queries.figures before anybody sees them.
COUNTS_SQL = f"""
CREATE FUNCTION networks_counts(since date, until date) RETURNS TABLE (network uuid, house uuid, stage text, n bigint)
LANGUAGE sql STABLE {PINNED} AS $$
  SELECT s.network_id, s.organisation_id, g.stage, count(*)
  FROM networks_notification s LEFT JOIN networks_behind b ON b.notification_id = s.id
  CROSS JOIN LATERAL (SELECT
    bool_or(d.object_id = b.referral_id AND d.rule LIKE 'referral_acknowledge%' AND d.met_at <= d.due_at) AS seen,
    bool_or(d.object_id = b.referral_id AND d.rule LIKE 'referral_accept%' AND d.met_at <= d.due_at) AS taken,
    bool_or(d.object_id = s.id AND d.rule LIKE 'network_feedback%' AND d.met_at <= d.due_at) AS answered
    FROM workflow_deadline d WHERE d.object_id IN (b.referral_id, s.id) AND NOT d.fires) AS kept
  CROSS JOIN LATERAL (VALUES ('sent', true), ('child', s.kind = 'child'), ('acknowledged', kept.seen),
    ('accepted', kept.taken), ('answered', kept.answered),
    ('late', s.answer_by < now() AND NOT coalesce(kept.answered, false))) AS g(stage, reached)
  WHERE g.reached AND s.created_at::date BETWEEN since AND until
    AND (access_has('coordinator', 'analyst') OR s.network_id = ANY (networks_focal()))
  GROUP BY s.network_id, s.organisation_id, g.stage
$$
"""
TALLIES_SQL = f"""
CREATE FUNCTION networks_tallies(since date, until date) RETURNS TABLE (network uuid, n bigint)
LANGUAGE sql STABLE {PINNED} AS $$
  SELECT t.network_id, sum(t.number)::bigint FROM networks_tally t
  WHERE t.month BETWEEN date_trunc('month', since)::date AND until
    AND (access_has('coordinator', 'analyst') OR t.network_id = ANY (networks_focal()))
  GROUP BY t.network_id
$$
"""
# Staff, not persons who are helped: how many members are trained.
TRAINED_SQL = f"""
CREATE FUNCTION networks_trained() RETURNS TABLE (network uuid, members bigint, trained bigint, soon bigint,
  lapsed bigint, never bigint) LANGUAGE sql STABLE {PINNED} AS $$
  SELECT m.network_id, count(*), count(*) FILTER (WHERE m.trained_until > now()),
    count(*) FILTER (WHERE m.trained_until > now() AND m.trained_until < now() + interval '60 days'),
    count(*) FILTER (WHERE m.trained_until <= now()), count(*) FILTER (WHERE m.trained_until IS NULL)
  FROM networks_member m WHERE m.state = 'member'
    AND (access_has('coordinator', 'analyst') OR networks_leads(m.network_id))
  GROUP BY m.network_id
$$
"""
FUNCTIONS = (
    (JOINED_SQL, "networks_joined()"),
    (FOCAL_SQL, "networks_focal()"),
    (OPENS_SQL, "networks_opens(uuid)"),
    (LEADS_SQL, "networks_leads(uuid)"),
    (POINTS_SQL, "networks_points(uuid)"),
    (TALLY_SQL, "networks_count_anonymous(uuid)"),
    (COUNTS_SQL, "networks_counts(date, date)"),
    (TALLIES_SQL, "networks_tallies(date, date)"),
    (TRAINED_SQL, "networks_trained()"),
)
TRIGGERS = (
    (GUARD_SQL, "networks_member", "BEFORE INSERT OR UPDATE", "networks_guard_member"),
    (SENT_SQL, "networks_notification", "BEFORE UPDATE", "networks_guard_notification"),
)


def functions():
    """Functions, who may call them, and triggers; before the walls, which name some of them."""
    for text, name in FUNCTIONS:
        yield migrations.RunSQL(text, f"DROP FUNCTION {name}")
        yield migrations.RunSQL(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC", migrations.RunSQL.noop)
        yield migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job", migrations.RunSQL.noop
        )
    for text, table, when, name in TRIGGERS:
        yield migrations.RunSQL(text, f"DROP FUNCTION {name}()")
        yield migrations.RunSQL(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC", migrations.RunSQL.noop)
        yield migrations.RunSQL(
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            f"DROP TRIGGER {name} ON {table}",
        )


_OF_MEMBER = "EXISTS (SELECT 1 FROM networks_member m WHERE m.id = networks_training.member_id{0})"
_SEEN = (
    f"{OPERATOR} OR sender_id = {VIEWER} OR ({WORKER} AND {MINE.format('receiver_id')}) "
    f"OR {FOCAL.format('network_id')}"
)
_MEMBERS = f"{OPERATOR} OR user_id = {VIEWER} OR {LEADS.format('network_id')}"
_OWN = f"writer_id = {VIEWER}"
WALLS = [
    Protect(
        "networks_network",
        read="(SELECT access_kind()) IN ('person', 'operator')",
        insert=f"opened_by_id = {VIEWER} AND networks_opens(organisation_id)",
        update=LEADS.format("id"),
        reason="networks: everybody at work may know that they exist; changed by who leads them",
    ),
    Protect(
        "networks_member",
        read=_MEMBERS,
        insert=f"user_id = {VIEWER} OR {LEADS.format('network_id')}",
        update=_MEMBERS,
        reason="memberships: oneself, and who leads the network; the other side agrees (trigger)",
    ),
    Protect(
        "networks_training",
        read=_OF_MEMBER.format(""),
        insert=f"written_by_id = {VIEWER} AND "
        + _OF_MEMBER.format(f" AND m.state = 'member' AND m.user_id <> {VIEWER} AND networks_leads(m.network_id)"),
        reason="courses of members: as the membership; written once by who leads the network",
    ),
    Protect(
        "networks_draft",
        read=_OWN,
        insert=f"{_OWN} AND {SENDER} AND {MINE.format('organisation_id')} AND {JOINED.format('network_id')}",
        update=_OWN,
        delete=_OWN,
        reason="unfinished notifications: their writer alone; sealed, without identity",
    ),
    Protect(
        "networks_notification",
        read=_SEEN,
        insert=f"sender_id = {VIEWER} AND {SENDER} AND {MINE.format('organisation_id')} "
        f"AND {JOINED.format('network_id')}",
        update=f"{OPERATOR} OR ({WORKER} AND {MINE.format('receiver_id')})",
        reason="notifications: sender, receiver's case roles, focal points; no fact of the case",
    ),
    Protect(
        "networks_behind",
        read=f"{WORKER} AND ({HELD.format('networks_behind.case_id')} OR EXISTS "
        "(SELECT 1 FROM referral_referral r WHERE r.id = networks_behind.referral_id))",
        insert=f"{SENDER} AND {HELD.format('networks_behind.case_id')} AND EXISTS (SELECT 1 FROM "
        f"networks_notification s WHERE s.id = networks_behind.notification_id AND s.sender_id = {VIEWER})",
        reason="what a notification began: who holds the case or got the referral; written once",
    ),
    Protect(
        "networks_answer",
        read="EXISTS (SELECT 1 FROM networks_notification s WHERE s.id = networks_answer.notification_id)",
        insert=f"written_by_id = {VIEWER} AND {WORKER} AND EXISTS (SELECT 1 FROM networks_notification s "
        f"WHERE s.id = networks_answer.notification_id AND {MINE.format('s.receiver_id')})",
        reason="what became of it: as the notification; written once by the receiver",
    ),
    Protect(
        "networks_tally",
        read="false",
        reason="numbers of a month; only the functions networks_count_anonymous() and networks_tallies() touch them",
    ),
]
