"""Counts of what the register does not hold, or holds a charge at a time: functions that return numbers, never a row.

Who may count is asked of `statistics_may_count`, as in `_mechanism`. A person counts once under each rule, and totals over
codes that overlap are counted apart (code Total), never added up.
"""

_DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"
_TIP = "('tip', 'tip_and_som')"

# A judgment of a person in a year: under the highest court that spoke.
JUDGED = f"""
CREATE FUNCTION statistics_judged() RETURNS TABLE (year text, outcome text, instance text, persons bigint) {_DEFINER} AS $$
  SELECT f.year::text, f.outcome, (ARRAY['not_recorded', 'unknown', 'first', 'second', 'final'])[f.court + 1], count(*)
  FROM (
    SELECT e.id, e.year, e.stage::text AS outcome,
      max(coalesce(array_position(ARRAY['unknown', 'first', 'second', 'final'], h.instance::text), 0)) AS court
    FROM register_justiceevent e LEFT JOIN register_charge h ON h.event_id = e.id
    WHERE statistics_may_count(NULL) AND e.stage IN ('convicted', 'acquitted') AND e.crime IN {_TIP}
    GROUP BY e.id, e.year, e.stage
  ) f GROUP BY 1, 2, 3
$$
"""
SENTENCED = f"""
CREATE FUNCTION statistics_sentenced() RETURNS TABLE (year text, sentence text, persons bigint) {_DEFINER} AS $$
  SELECT f.year::text,
    (ARRAY['not_recorded', 'unknown', 'none', 'other', 'fine', 'suspended', 'imprisonment'])[f.weight + 1], count(*)
  FROM (
    SELECT e.id, e.year, max(coalesce(array_position(
      ARRAY['unknown', 'none', 'other', 'fine', 'suspended', 'imprisonment'], h.sentence::text), 0)) AS weight
    FROM register_justiceevent e LEFT JOIN register_charge h ON h.event_id = e.id
    WHERE statistics_may_count(NULL) AND e.stage = 'convicted' AND e.crime IN {_TIP}
    GROUP BY e.id, e.year
  ) f GROUP BY 1, 2
$$
"""
# How people travelled is recorded of the encounter; where it was not, whoever was on a vessel came by sea.
MET = f"""
CREATE FUNCTION statistics_met()
RETURNS TABLE (year text, mode text, border text, met text, sex text, age text, persons bigint) {_DEFINER} AS $$
  SELECT to_char(e.happened_at, 'YYYY'), CASE WHEN e.travelled <> '' THEN e.travelled::text
      WHEN e.kind IN ('sea_rescue', 'vessel') THEN 'sea' WHEN e.kind = 'vehicle' THEN 'vehicle' ELSE 'not_recorded' END,
    coalesce(nullif(e.border::text, ''), 'not_recorded'), e.kind::text,
    m.sex::text, CASE WHEN m.age IN ('0-4', '5-11', '12-15', '16-17', 'doubt') THEN 'child'
      WHEN m.age IN ('18-24', '25-59', '60+') THEN 'adult' ELSE 'unknown' END, count(*)
  FROM encounters_migrant m JOIN encounters_event e ON e.id = m.event_id
  WHERE statistics_may_count(NULL) GROUP BY 1, 2, 3, 4, 5, 6
$$
"""
ASSISTED = f"""
CREATE FUNCTION statistics_assisted() RETURNS TABLE (year text, minor text, kind text, persons bigint) {_DEFINER} AS $$
  SELECT f.year, f.minor, coalesce(f.kind, 'Total'), count(DISTINCT f.person_id)
  FROM (
    SELECT extract(year FROM coalesce(d.started_on, d.ended_on))::integer::text AS year, n.kind::text AS kind, c.person_id,
      CASE WHEN bool_or(c.child) OVER (PARTITION BY c.person_id, extract(year FROM coalesce(d.started_on, d.ended_on)))
        THEN 'child' ELSE 'adult' END AS minor
    FROM services_delivery d JOIN services_need n ON n.id = d.need_id JOIN cases_case c ON c.id = d.case_id
    WHERE statistics_may_count(NULL) AND (d.started_on IS NOT NULL OR d.state = 'delivered')
  ) f GROUP BY GROUPING SETS ((f.year, f.minor, f.kind), (f.year, f.minor))
$$
"""
COUNTS = (
    (JUDGED, "statistics_judged()"), (SENTENCED, "statistics_sentenced()"), (MET, "statistics_met()"),
    (ASSISTED, "statistics_assisted()"),
)  # fmt: skip
