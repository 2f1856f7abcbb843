"""The walls of field studies: the grant of the study; raw words for the team alone; the second coder sees nothing."""

from palermo.kernel.database.rls import Protect

ME = "(SELECT access_viewer())"


def held(column: str) -> str:
    """The viewer holds the study: its grant names the roles that it reaches in the organisation."""
    return (
        f"EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {column} AND g.object_kind = 'fieldstudy' "
        "AND 'case' = ANY (g.scopes))"
    )


HELD = held("study_id")
LEADS = (
    "EXISTS (SELECT 1 FROM fieldstudies_fieldstudy led WHERE led.id = study_id "
    "AND access_reaches(led.organisation_id, ARRAY['analyst']))"
)
# Asked of the table itself by the owner: a policy that asked through the wall of the team would ask itself.
TEAM = f"fieldstudies_on_team(study_id, {ME})"
# While a source is coded twice, each of its coders sees the own work alone.
OPEN = "EXISTS (SELECT 1 FROM fieldstudies_double d WHERE d.source_id = {source} AND d.done_at IS NULL)"


def _parts(table: str, reason: str, *, insert: str = HELD, update: str | None = None, delete: str | None = None) -> Protect:
    return Protect(
        f"fieldstudies_{table}", read=HELD, insert=insert, update=update, delete=delete, reason=reason
    )  # fmt: skip


BEFORE = [
    """
CREATE FUNCTION fieldstudies_on_team(study uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM fieldstudies_member m WHERE m.study_id = study AND m.user_id = person)
$$
""",
    """
CREATE FUNCTION fieldstudies_code_taken(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM fieldstudies_fieldstudy s WHERE s.code = wanted)
$$
""",
    "REVOKE ALL ON FUNCTION fieldstudies_code_taken(text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION fieldstudies_code_taken(text) TO palermo_app",
    "REVOKE ALL ON FUNCTION fieldstudies_on_team(uuid, uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION fieldstudies_on_team(uuid, uuid) TO palermo_app, palermo_job",
]

WALLS = [
    Protect(
        "fieldstudies_fieldstudy",
        read=held("fieldstudies_fieldstudy.id"),
        insert=f"access_reaches(organisation_id, ARRAY['analyst']) AND opened_by_id = {ME}",
        update=f"{held('fieldstudies_fieldstudy.id')} AND access_reaches(organisation_id, ARRAY['analyst'])",
        reason="field studies, for the organisation that answers for them",
    ),
    _parts("member", "who was in the room and reads raw words", insert=f"{LEADS} AND added_by_id = {ME}"),
    _parts("source", "who was listened to, by a code", insert=f"{HELD} AND {TEAM}", update=HELD),
    Protect(
        "fieldstudies_wording",
        read=f"{HELD} AND (number > 0 OR {TEAM})",
        insert=f"{HELD} AND {TEAM} AND by_id = {ME}",
        update=None,
        reason="words of sources, sealed; the raw ones for the team alone",
    ),
    _parts("code", "codes of the codebook", insert=LEADS, update=LEADS),
    _parts("codewording", "what codes meant before", insert=f"{LEADS} AND by_id = {ME}"),
    Protect(
        "fieldstudies_segment",
        read=f"{HELD} AND (coder_id = {ME} OR NOT {OPEN.format(source='fieldstudies_segment.source_id')})",
        insert=f"{HELD} AND coder_id = {ME}",
        update=f"{HELD} AND (coder_id = {ME} OR {LEADS})",
        reason="coded pieces of texts; while a source is coded twice, to each coder the own alone",
    ),
    _parts("double", "sources that are coded twice", insert=LEADS, update=f"{HELD} AND second_id = {ME}"),
    _parts("adjudication", "what was found where coders differed", insert=f"{LEADS} AND by_id = {ME}"),
    _parts("finding", "claims with what bears them out", insert=f"{LEADS} AND written_by_id = {ME}", update=LEADS),
    _parts("evidence", "what findings stand on", insert=LEADS),
]

_START = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN"
_FALSE = "USING ERRCODE = 'check_violation'"

TRIGGERS = [
    f"""
CREATE FUNCTION fieldstudies_source_stays() RETURNS trigger {_START}
  IF (NEW.study_id, NEW.code) IS DISTINCT FROM (OLD.study_id, OLD.code) THEN
    RAISE EXCEPTION 'a source keeps its code and its study' {_FALSE};
  END IF;
  IF OLD.state = 'approved' AND (NEW.state, NEW.current, NEW.units, NEW.approved_by_id)
     IS DISTINCT FROM (OLD.state, OLD.current, OLD.units, OLD.approved_by_id) THEN
    RAISE EXCEPTION 'approved words stay: segments point into them' {_FALSE};
  END IF;
  IF NEW.state = 'approved' AND OLD.state = 'raw' THEN
    RAISE EXCEPTION 'raw words are not approved' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION fieldstudies_segment_stays() RETURNS trigger {_START}
  IF (NEW.study_id, NEW.source_id, NEW.code_id, NEW.start, NEW."end", NEW.coder_id)
     IS DISTINCT FROM (OLD.study_id, OLD.source_id, OLD.code_id, OLD.start, OLD."end", OLD.coder_id) THEN
    RAISE EXCEPTION 'a segment stays where it is: take it back and make another one' {_FALSE};
  END IF;
  IF NEW.removed IS DISTINCT FROM OLD.removed
     AND EXISTS (SELECT 1 FROM fieldstudies_evidence e WHERE e.segment_id = OLD.id) THEN
    RAISE EXCEPTION 'a finding stands on this segment' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION fieldstudies_finding_stays() RETURNS trigger {_START}
  IF OLD.state = 'approved' THEN
    RAISE EXCEPTION 'an approved finding stays' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION fieldstudies_evidence_stays() RETURNS trigger {_START}
  IF EXISTS (SELECT 1 FROM fieldstudies_finding f WHERE f.id = NEW.finding_id AND f.state = 'approved') THEN
    RAISE EXCEPTION 'an approved finding stays' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    *(
        f"CREATE TRIGGER {name}_stays BEFORE {event} ON fieldstudies_{name} FOR EACH ROW "
        f"EXECUTE FUNCTION fieldstudies_{name}_stays()"
        for name, event in (("source", "UPDATE"), ("segment", "UPDATE"), ("finding", "UPDATE"), ("evidence", "INSERT"))
    ),
]
