"""The walls of assessments: the grant of the assessment; while it is open, each assessor sees the own answers alone."""

from palermo.kernel.database.rls import Protect

ME = "(SELECT access_viewer())"
OPERATOR = "(SELECT access_kind()) = 'operator'"


def held(column: str) -> str:
    """The viewer takes part: each member has a grant of the own."""
    return (
        f"(EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {column} AND g.object_kind = 'assessment' "
        f"AND 'case' = ANY (g.scopes)) OR {OPERATOR})"
    )


HELD = held("assessment_id")
LEADS = f"assessments_leads(assessment_id, {ME})"


def _in_state(*states: str) -> str:
    listed = ", ".join(f"'{one}'" for one in states)
    return f"assessments_state(assessment_id) IN ({listed})"


_DEFINER = "STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Asked of the tables themselves by the owner: a policy that asked through another wall would ask itself.
FUNCTIONS = {
    "assessments_state(assessment uuid)": f"""
CREATE FUNCTION assessments_state(assessment uuid) RETURNS text LANGUAGE sql {_DEFINER} AS $$
  SELECT a.state FROM assessments_assessment a WHERE a.id = assessment
$$
""",
    "assessments_leads(assessment uuid, person uuid)": f"""
CREATE FUNCTION assessments_leads(assessment uuid, person uuid) RETURNS boolean LANGUAGE sql {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM assessments_assessment a WHERE a.id = assessment AND a.lead_id = person)
$$
""",
    # An assessor answers until the answers are handed in or the lead closes.
    "assessments_answers(assessment uuid, person uuid)": f"""
CREATE FUNCTION assessments_answers(assessment uuid, person uuid) RETURNS boolean LANGUAGE sql {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM assessments_member m JOIN assessments_assessment a ON a.id = m.assessment_id
    WHERE a.id = assessment AND a.state = 'open' AND m.user_id = person AND m.number > 0 AND m.handed_in_at IS NULL)
$$
""",
    # How far each assessor is, and nothing of what was answered: for the lead, while the assessment is open.
    "assessments_progress(assessment uuid)": f"""
CREATE FUNCTION assessments_progress(assessment uuid) RETURNS TABLE (number int, answered bigint)
LANGUAGE sql {_DEFINER} AS $$
  SELECT m.number, count(n.id) FILTER (WHERE n.value <> '') FROM assessments_member m
    LEFT JOIN assessments_answer n ON n.assessment_id = m.assessment_id AND n.assessor_id = m.user_id
  WHERE m.assessment_id = assessment AND m.number > 0
    AND (assessments_leads(assessment, (SELECT access_viewer())) OR {OPERATOR})
  GROUP BY m.number ORDER BY m.number
$$
""",
}

BEFORE = [
    statement
    for name, body in FUNCTIONS.items()
    for statement in (
        body,
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job",
    )
]

ANSWERS = f"assessments_answers(assessment_id, assessor_id) AND (assessor_id = {ME} OR {OPERATOR})"
WALLS = [
    Protect(
        "assessments_assessment",
        read=held("assessments_assessment.id"),
        insert=f"lead_id = {ME} AND access_reaches(organisation_id, ARRAY['coordinator', 'editor', 'programme_officer'])",
        update=f"lead_id = {ME}",
        reason="assessments of a State, for those who take part",
    ),
    Protect(
        "assessments_member", read=HELD, insert=f"{LEADS} AND {_in_state('open')}",
        update=f"{HELD} AND user_id = {ME} AND {_in_state('open')}",
        reason="who takes part in an assessment; each hands in the own answers",
    ),
    Protect(
        "assessments_answer",
        read=f"{HELD} AND (assessor_id = {ME} OR NOT {_in_state('open')} OR {OPERATOR})",
        insert=f"{HELD} AND {ANSWERS}", update=f"{HELD} AND {ANSWERS}",
        reason="answers of assessors; while an assessment is open, to each the own alone",
    ),
    Protect(
        "assessments_reconciled", read=HELD,
        insert=f"{LEADS} AND by_id = {ME} AND {_in_state('reconciling')}",
        update=f"{LEADS} AND by_id = {ME} AND {_in_state('reconciling')}",
        reason="what was found where assessors differed",
    ),
    Protect(
        "assessments_recommendation", read=HELD,
        insert=f"{LEADS} AND written_by_id = {ME} AND {_in_state('reconciling', 'finished')}", update=LEADS,
        reason="what should be done, by whom and until when",
    ),
]  # fmt: skip

_START = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN"
_FALSE = "USING ERRCODE = 'check_violation'"

TRIGGERS = [
    f"""
CREATE FUNCTION assessments_assessment_stays() RETURNS trigger {_START}
  IF (NEW.toolkit, NEW.toolkit_version, NEW.toolkit_sha256, NEW.country, NEW.organisation_id, NEW.lead_id)
     IS DISTINCT FROM
     (OLD.toolkit, OLD.toolkit_version, OLD.toolkit_sha256, OLD.country, OLD.organisation_id, OLD.lead_id) THEN
    RAISE EXCEPTION 'an assessment keeps its toolkit, its State and its lead' {_FALSE};
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND (OLD.state, NEW.state) NOT IN (('open', 'reconciling'), ('reconciling', 'finished')) THEN
    RAISE EXCEPTION 'an assessment goes from open to reconciling to finished' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION assessments_member_stays() RETURNS trigger {_START}
  IF (NEW.assessment_id, NEW.user_id, NEW.number) IS DISTINCT FROM (OLD.assessment_id, OLD.user_id, OLD.number)
     OR OLD.handed_in_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was handed in stays handed in' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    # The last one who hands in opens the reconciliation. The row is locked, so that two at once count each other.
    """
CREATE FUNCTION assessments_all_handed_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  PERFORM 1 FROM assessments_assessment a WHERE a.id = NEW.assessment_id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM assessments_member m
                 WHERE m.assessment_id = NEW.assessment_id AND m.number > 0 AND m.handed_in_at IS NULL) THEN
    UPDATE assessments_assessment SET state = 'reconciling', version = version + 1, updated_at = clock_timestamp()
    WHERE id = NEW.assessment_id AND state = 'open';
  END IF;
  RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION assessments_answer_stays() RETURNS trigger {_START}
  IF (NEW.assessment_id, NEW.assessor_id, NEW.measure, NEW.dimension)
     IS DISTINCT FROM (OLD.assessment_id, OLD.assessor_id, OLD.measure, OLD.dimension) THEN
    RAISE EXCEPTION 'an answer stays where it was given' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    *(
        f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON assessments_{name} FOR EACH ROW "
        f"EXECUTE FUNCTION assessments_{name}_stays()"
        for name in ("assessment", "member", "answer")
    ),
    "REVOKE ALL ON FUNCTION assessments_all_handed_in() FROM PUBLIC",
    "CREATE TRIGGER all_handed_in AFTER UPDATE ON assessments_member FOR EACH ROW "
    "EXECUTE FUNCTION assessments_all_handed_in()",
]
