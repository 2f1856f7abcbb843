"""The walls of the observatory, and the triggers that keep what came in as it came."""

from palermo.kernel.database.rls import Protect

WORKER = "(SELECT access_kind()) = 'operator'"
GRANTEES = "ANY ((SELECT access_grantees())::uuid[])"


def held(column: str) -> str:
    """The viewer holds the study: its grant names the roles that it reaches in the organisation."""
    return (
        f"EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {column} AND g.object_kind = 'study' "
        "AND 'case' = ANY (g.scopes))"
    )


def leads(column: str) -> str:
    """The viewer leads the study: an analyst of the very organisation that answers for it."""
    return (
        f"EXISTS (SELECT 1 FROM observatory_study led WHERE led.id = {column} "
        "AND access_reaches(led.organisation_id, ARRAY['analyst']))"
    )


def _seen(table: str) -> str:
    """Whoever sees the record sees what belongs to it: the record's own wall answers."""
    return f"EXISTS (SELECT 1 FROM observatory_submission seen WHERE seen.id = {table}.submission_id)"


def _led(table: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM observatory_submission seen WHERE seen.id = {table}.submission_id AND "
        f"{leads('seen.study_id')})"
    )


HELD, LEADS = held("study_id"), leads("study_id")
RECORD = f"({HELD} AND (unit_id IS NULL OR unit_id = {GRANTEES} OR {LEADS}))"
# A supervisor gives devices to the sites of the own team; who leads the study gives them anywhere.
DEVICE = (
    f"({HELD} AND ({LEADS} OR EXISTS (SELECT 1 FROM observatory_site at WHERE at.id = site_id "
    f"AND at.unit_id = {GRANTEES})))"
)


def _parts(table: str, reason: str) -> Protect:
    """Sites, forms, versions and media: read by the whole study, changed by who leads it."""
    return Protect(
        f"observatory_{table}", read=f"{WORKER} OR {HELD}", insert=LEADS, update=LEADS, delete=LEADS, reason=reason
    )  # fmt: skip


WALLS = [
    Protect(
        "observatory_study",
        read=f"{WORKER} OR {held('observatory_study.id')}",
        insert="access_reaches(organisation_id, ARRAY['analyst']) AND opened_by_id = (SELECT access_viewer())",
        update=f"{held('observatory_study.id')} AND access_reaches(organisation_id, ARRAY['analyst'])",
        reason="field studies, for the organisation that answers for them",
    ),
    _parts("site", "where interviews are held"),
    _parts("form", "questionnaires by their ids"),
    _parts("formversion", "blank forms as uploaded and as served"),
    _parts("formmedia", "files that go to the devices with a blank form"),
    Protect(
        "observatory_deviceaccount",
        read=f"{WORKER} OR {HELD}",
        insert=f"{DEVICE} AND made_by_id = (SELECT access_viewer())",
        update=f"{WORKER} OR {DEVICE}",
        reason="what devices sign in with, sealed or as a hash",
    ),
    Protect(
        "observatory_submission",
        read=f"{WORKER} OR {RECORD}",
        insert=WORKER,
        update=f"{WORKER} OR {RECORD}",
        reason="records without answers; by organisation, and by the team of the site",
    ),
    Protect(
        "observatory_submissionrevision",
        read=_seen("observatory_submissionrevision"),
        insert=WORKER,
        update=_led("observatory_submissionrevision"),
        reason="every XML as it came, sealed",
    ),
    Protect(
        "observatory_attachment",
        read=_seen("observatory_attachment"),
        insert=WORKER,
        update=f"{WORKER} OR {_led('observatory_attachment')}",
        reason="files of records, their names and keys sealed",
    ),
    Protect(
        "observatory_answerrow",
        read=_seen("observatory_answerrow"),
        insert=WORKER,
        delete=f"{WORKER} OR {_led('observatory_answerrow')}",
        reason="answers as rows: coded ones open, telling ones sealed",
    ),
    Protect(
        "observatory_review",
        read=_seen("observatory_review"),
        insert=f"{_seen('observatory_review')} AND by_id = (SELECT access_viewer())",
        reason="what people found of a record, their reasons sealed",
    ),
]

_START = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN"
_FALSE = "USING ERRCODE = 'check_violation'"
STEPS = "'draft>published', 'published>closing', 'published>closed', 'closing>published', 'closing>closed', 'closed>closing'"

TRIGGERS = [
    f"""
CREATE FUNCTION observatory_study_stays() RETURNS trigger {_START}
  IF (NEW.code, NEW.organisation_id, NEW.opened_by_id) IS DISTINCT FROM (OLD.code, OLD.organisation_id, OLD.opened_by_id) THEN
    RAISE EXCEPTION 'the code and the organisation of a study stay: devices and keys hang on them' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION observatory_formversion_stays() RETURNS trigger {_START}
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'a version that was offered stays' {_FALSE};
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.form_id, NEW.study_id, NEW.label, NEW.source, NEW.xml, NEW.md5, NEW.schema)
     IS DISTINCT FROM (OLD.form_id, OLD.study_id, OLD.label, OLD.source, OLD.xml, OLD.md5, OLD.schema) THEN
    RAISE EXCEPTION 'a version of a form stays byte for byte' {_FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({STEPS}) THEN
    RAISE EXCEPTION 'a version does not go from % to %', OLD.state, NEW.state {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION observatory_submission_stays() RETURNS trigger {_START}
  IF (NEW.study_id, NEW.form_id, NEW.root_id, NEW.received_at, NEW.device_id, NEW.site_id, NEW.unit_id)
     IS DISTINCT FROM (OLD.study_id, OLD.form_id, OLD.root_id, OLD.received_at, OLD.device_id, OLD.site_id, OLD.unit_id) THEN
    RAISE EXCEPTION 'where a record came from stays' {_FALSE};
  END IF;
  IF access_kind() <> 'operator' AND (NEW.current_instance, NEW.form_version_id)
     IS DISTINCT FROM (OLD.current_instance, OLD.form_version_id) THEN
    RAISE EXCEPTION 'only what a device sends changes a record' {_FALSE};
  END IF;
  IF OLD.state = 'withdrawn' AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'a withdrawn record stays withdrawn' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION observatory_submissionrevision_stays() RETURNS trigger {_START}
  IF to_jsonb(NEW) - 'sealed_xml' IS DISTINCT FROM to_jsonb(OLD) - 'sealed_xml' OR NEW.sealed_xml <> ''::bytea THEN
    RAISE EXCEPTION 'what came in stays as it came' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    *(
        f"CREATE TRIGGER {name}_stays BEFORE UPDATE{' OR DELETE' if name == 'formversion' else ''} "
        f"ON observatory_{name} FOR EACH ROW EXECUTE FUNCTION observatory_{name}_stays()"
        for name in ("study", "formversion", "submission", "submissionrevision")
    ),
]
