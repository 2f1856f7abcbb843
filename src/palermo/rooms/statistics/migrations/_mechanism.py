"""Counts of the mechanism: SECURITY DEFINER functions that return numbers and never a row of anybody.

A figure crosses rooms (contact is a case's or a screening's, help is a service's), so that the counting stands here, over
the tables of the rooms below. Who may count: coordinators, analysts and the command line all of it; a supervisor his own
organisation. To everybody else every function returns nothing. Nothing here reads the vault: a person is `person_id`.

An episode begins when a case is opened while no other case of that person is open (of that person in the organisation,
where one organisation is counted): a case that a referral opens beside the sender's is no new contact.
"""

_DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"
QUARTER = "to_char({}, 'YYYY-\"Q\"Q')"

MAY_COUNT = f"""
CREATE FUNCTION statistics_may_count(of_organisation uuid) RETURNS boolean {_DEFINER} AS $$
  SELECT CASE WHEN of_organisation IS NULL THEN access_kind() = 'operator' OR access_has('coordinator', 'analyst')
    ELSE EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = access_viewer() AND m.ended_at IS NULL
                 AND m.role = 'supervisor' AND m.organisation_id = of_organisation) END
$$
"""
# One row for each episode; for the functions below alone (nobody else may execute it).
EPISODES = f"""
CREATE FUNCTION statistics_episodes(since date, until date, of_organisation uuid)
RETURNS TABLE (quarter text, status text, days integer, again boolean) {_DEFINER} AS $$
  SELECT {QUARTER.format("e.began")}, e.status, e.helped_on - e.began, e.again
  FROM (
    SELECT least(c.opened_at, s.created_at)::date AS began, c.status::text AS status,
      (SELECT min(h.on_day) FROM (
        SELECT coalesce(d.started_on, d.ended_on) AS on_day FROM services_delivery d
          JOIN cases_case o ON o.id = d.case_id
          WHERE o.person_id = c.person_id AND (of_organisation IS NULL OR o.organisation_id = of_organisation)
            AND (d.started_on IS NOT NULL OR d.state = 'delivered')
        UNION ALL SELECT a.admitted_at::date FROM services_admission a JOIN cases_case o ON o.id = a.case_id
          WHERE o.person_id = c.person_id AND (of_organisation IS NULL OR o.organisation_id = of_organisation)
       ) h WHERE h.on_day >= least(c.opened_at, s.created_at)::date) AS helped_on,
      EXISTS (SELECT 1 FROM cases_case b WHERE b.person_id = c.person_id AND b.status = 'presumed'
        AND b.closed_at < c.opened_at AND (of_organisation IS NULL OR b.organisation_id = of_organisation)) AS again
    FROM cases_case c LEFT JOIN identification_screening s ON s.id = c.screening_id
    WHERE statistics_may_count(of_organisation) AND (of_organisation IS NULL OR c.organisation_id = of_organisation)
      AND c.opened_at >= since
      AND NOT EXISTS (SELECT 1 FROM cases_case b WHERE b.person_id = c.person_id
        AND (b.opened_at, b.id) < (c.opened_at, c.id) AND (b.closed_at IS NULL OR b.closed_at >= c.opened_at)
        AND (of_organisation IS NULL OR b.organisation_id = of_organisation))
  ) e WHERE e.began BETWEEN since AND until
$$
"""
HELP = f"""
CREATE FUNCTION statistics_help(since date, until date, of_organisation uuid)
RETURNS TABLE (quarter text, wait text, persons bigint) {_DEFINER} AS $$
  SELECT e.quarter, CASE WHEN e.days IS NULL THEN 'none' WHEN e.days = 0 THEN 'same_day' WHEN e.days <= 3 THEN 'days_3'
    WHEN e.days <= 7 THEN 'days_7' ELSE 'longer' END, count(*)
  FROM statistics_episodes(since, until, of_organisation) e GROUP BY 1, 2
$$
"""
# After how many days a quarter, half and three quarters of all had help; -1: so many have none yet. A middle value is a
# value of one person: it is told of ten persons at least, its neighbours of twenty.
DAYS = f"""
CREATE FUNCTION statistics_days(since date, until date, of_organisation uuid)
RETURNS TABLE (quarter text, lower integer, median integer, upper integer) {_DEFINER} AS $$
  SELECT coalesce(e.quarter, 'Total'),
    CASE WHEN count(*) >= 20 THEN percentile_disc(0.25) WITHIN GROUP (ORDER BY coalesce(e.days, 9999999)) END,
    CASE WHEN count(*) >= 10 THEN percentile_disc(0.5) WITHIN GROUP (ORDER BY coalesce(e.days, 9999999)) END,
    CASE WHEN count(*) >= 20 THEN percentile_disc(0.75) WITHIN GROUP (ORDER BY coalesce(e.days, 9999999)) END
  FROM statistics_episodes(since, until, of_organisation) e GROUP BY GROUPING SETS ((e.quarter), ())
$$
"""
AGAIN = f"""
CREATE FUNCTION statistics_presumed(since date, until date, of_organisation uuid)
RETURNS TABLE (quarter text, history text, persons bigint) {_DEFINER} AS $$
  SELECT e.quarter, CASE WHEN e.again THEN 'again' ELSE 'first' END, count(*)
  FROM statistics_episodes(since, until, of_organisation) e WHERE e.status = 'presumed' GROUP BY 1, 2
$$
"""
# A limit counts once for an object: its first clock. Which clock belongs to which decision is the machine's.
LIMITS = f"""
CREATE FUNCTION statistics_limits(since date, until date, of_organisation uuid)
RETURNS TABLE (what text, rule text, quarter text, kept text, persons bigint) {_DEFINER} AS $$
  SELECT f.what, f.rule, {QUARTER.format("f.started_at")}, CASE
      WHEN f.met_at <= f.due_at THEN 'in_time' WHEN f.met_at IS NOT NULL THEN 'late'
      WHEN f.cancelled_at IS NOT NULL THEN 'called_off'
      WHEN f.due_at < now() AND f.paused_at IS NULL THEN 'overdue' ELSE 'running' END, count(*)
  FROM (
    SELECT DISTINCT ON (d.object_id, w.what) w.what, d.rule::text AS rule, d.started_at, d.due_at, d.met_at,
      d.cancelled_at, d.paused_at
    FROM workflow_deadline d JOIN (VALUES
      ('identification', 'rg_decision', 'reasonable'), ('identification', 'rg_decision_detained', 'reasonable'),
      ('identification', 'child_panel', 'reasonable'), ('identification', 'cg_decision', 'conclusive'),
      ('child_protection', 'child_guardian', 'guardian')) AS w(machine, rule, what)
      ON w.machine = d.machine AND w.rule = d.rule
    LEFT JOIN identification_identification i ON d.machine = 'identification' AND i.id = d.object_id
    WHERE statistics_may_count(of_organisation) AND NOT d.fires
      AND (of_organisation IS NULL OR d.organisation_id = of_organisation OR i.organisation_id = of_organisation
           OR i.authority_id = of_organisation)
    ORDER BY d.object_id, w.what, d.started_at, d.id
  ) f WHERE f.started_at::date BETWEEN since AND until GROUP BY 1, 2, 3, 4
$$
"""
# Each referral has one answer, so that all counts add up and the audit knows every sum. Those that the sender or the
# person took back are left out. `persons` stand behind a count: five referrals may be one person's.
# `mine`: sent (by the organisation) or received (by it); without an organisation all that were sent.
REFERRALS = f"""
CREATE FUNCTION statistics_referrals(since date, until date, of_organisation uuid, mine text)
RETURNS TABLE (quarter text, kind text, answer text, referrals bigint, persons bigint) {_DEFINER} AS $$
  SELECT coalesce(f.quarter, 'Total'), coalesce(f.kind, 'Total'), coalesce(f.answer, 'Total'), count(*),
    count(DISTINCT f.person_id)
  FROM (
    SELECT {QUARTER.format("r.sent_at")} AS quarter, r.kind::text AS kind, s.person_id, CASE
        WHEN r.arrived IN ('yes', 'partly') THEN 'helped' WHEN r.accepted_at IS NOT NULL THEN 'accepted'
        WHEN r.state IN ('declined', 'redirected') THEN 'declined' WHEN r.state = 'expired' THEN 'expired'
        WHEN r.received_at IS NOT NULL THEN 'received' ELSE 'waiting' END AS answer
    FROM referral_referral r JOIN referral_sending s ON s.referral_id = r.id
    WHERE statistics_may_count(of_organisation) AND NOT r.transfer AND r.sent_at::date BETWEEN since AND until
      AND (r.accepted_at IS NOT NULL OR r.state NOT IN ('revoked', 'withdrawn'))
      AND (of_organisation IS NULL OR (mine = 'sent' AND r.organisation_id = of_organisation)
           OR (mine = 'received' AND r.receiver_id = of_organisation))
  ) f GROUP BY GROUPING SETS ((f.quarter, f.answer), (f.kind, f.answer), (f.quarter), (f.kind), (f.answer), ())
$$
"""
UNMET = f"""
CREATE FUNCTION statistics_unmet(since date, until date, of_organisation uuid)
RETURNS TABLE (quarter text, kind text, needs bigint, persons bigint) {_DEFINER} AS $$
  SELECT coalesce(f.quarter, 'Total'), coalesce(f.kind, 'Total'), count(*), count(DISTINCT f.person_id)
  FROM (
    SELECT {QUARTER.format("n.settled_on")} AS quarter, n.kind::text AS kind, c.person_id
    FROM services_need n JOIN cases_case c ON c.id = n.case_id
    WHERE statistics_may_count(of_organisation) AND n.state = 'unmet' AND n.settled_on BETWEEN since AND until
      AND (of_organisation IS NULL OR n.organisation_id = of_organisation)
  ) f GROUP BY CUBE (f.quarter, f.kind)
$$
"""
OF = "date, date, uuid"
INNER = ((MAY_COUNT, "statistics_may_count(uuid)"), (EPISODES, f"statistics_episodes({OF})"))
COUNTS = (
    (HELP, f"statistics_help({OF})"), (DAYS, f"statistics_days({OF})"), (AGAIN, f"statistics_presumed({OF})"),
    (LIMITS, f"statistics_limits({OF})"), (REFERRALS, f"statistics_referrals({OF}, text)"),
    (UNMET, f"statistics_unmet({OF})"),
)  # fmt: skip
