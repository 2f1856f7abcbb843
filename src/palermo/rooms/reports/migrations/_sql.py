"""Triggers of the reports: only released figures enter, what was reviewed is what is published, by three persons.

All of them run as the owner of the database, so that no wall hides from them what they have to judge.
"""

START = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
FALSE = "USING ERRCODE = 'check_violation'"
STATES = """
  'draft>submitted', 'draft>discarded', 'submitted>draft', 'submitted>reviewed', 'reviewed>draft',
  'reviewed>published', 'published>superseded', 'published>withdrawn', 'superseded>withdrawn'
"""
JUDGED = """EXISTS (SELECT 1 FROM reports_reportreview r WHERE r.report_id = NEW.id AND r.revision = NEW.revision
      AND r.stage = '{stage}' AND r.verdict = 'agree' AND r.person_id = access_viewer()
      AND NOT r.person_id = ANY (NEW.prepared))"""
# A release that is public now, by its identifier and the fingerprint of its file of figures.
RELEASED = """EXISTS (SELECT 1 FROM releases_release r JOIN releases_releasefile f
      ON f.release_id = r.id AND f.revision = r.revision WHERE r.identifier = {source}
      AND r.state IN ('published', 'superseded') AND f.name = 'data.json' AND f.kind = 'public'
      AND f.sha256 = {sha256})"""

REPORT = f"""
CREATE FUNCTION reports_report_stays() RETURNS trigger {START}
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a report is never deleted' {FALSE};
  END IF;
  IF (NEW.id, NEW.made_by_id, NEW.created_at, NEW.country, NEW.year, NEW.number, NEW.identifier) IS DISTINCT FROM
     (OLD.id, OLD.made_by_id, OLD.created_at, OLD.country, OLD.year, OLD.number, OLD.identifier) THEN
    RAISE EXCEPTION 'who made a report, its year and its number stay' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({STATES.strip()}) THEN
    RAISE EXCEPTION 'a report does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'who prepared a report stays' {FALSE};
  END IF;
  IF (NEW.changes, NEW.content, NEW.revision) IS DISTINCT FROM (OLD.changes, OLD.content, OLD.revision) THEN
    IF OLD.state <> 'draft' OR NEW.state <> 'draft' OR NOT coalesce(access_viewer() = ANY (NEW.prepared), false) THEN
      RAISE EXCEPTION 'only a draft is changed, by who has prepared it' {FALSE};
    END IF;
    IF NEW.revision NOT IN (OLD.revision, OLD.revision + 1)
       OR (NEW.content IS DISTINCT FROM OLD.content AND NEW.revision = OLD.revision) THEN
      RAISE EXCEPTION 'what is submitted is a revision of its own' {FALSE};
    END IF;
  END IF;
  IF NEW.published_at IS DISTINCT FROM OLD.published_at AND (OLD.published_at IS NOT NULL OR OLD.state <> 'reviewed') THEN
    RAISE EXCEPTION 'a report is published once' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND NEW.state IN ('submitted', 'reviewed', 'published') THEN
    IF NOT EXISTS (SELECT 1 FROM reports_reportfile f WHERE f.report_id = NEW.id AND f.revision = NEW.revision) THEN
      RAISE EXCEPTION 'a report has files' {FALSE};
    END IF;
    IF EXISTS (SELECT 1 FROM reports_section s WHERE s.report_id = NEW.id AND s.source <> ''
               AND NOT {RELEASED.format(source="s.source", sha256="s.sha256")}) THEN
      RAISE EXCEPTION 'figures of a report are public' {FALSE};
    END IF;
  END IF;
  IF NEW.state = 'reviewed' AND OLD.state = 'submitted' AND NOT {JUDGED.format(stage="review")} THEN
    RAISE EXCEPTION 'a report is reviewed by a person who wrote nothing of it' {FALSE};
  END IF;
  IF NEW.state = 'published' AND OLD.state = 'reviewed' AND (NEW.published_at IS NULL
     OR NOT {JUDGED.format(stage="approval")} OR NOT EXISTS (
         SELECT 1 FROM reports_reportreview r WHERE r.report_id = NEW.id AND r.revision = NEW.revision
         AND r.stage = 'review' AND r.verdict = 'agree' AND r.person_id <> access_viewer()
         AND NOT r.person_id = ANY (NEW.prepared))) THEN
    RAISE EXCEPTION 'a report is approved by a second person who neither wrote nor reviewed it' {FALSE};
  END IF;
  IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND NOT EXISTS (
       SELECT 1 FROM reports_reporttombstone t WHERE t.id = NEW.id) THEN
    RAISE EXCEPTION 'a withdrawn report leaves a tombstone' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

BEGUN = f"""
CREATE FUNCTION reports_report_begun() RETURNS trigger {START}
BEGIN
  IF NEW.state <> 'draft' OR NEW.revision <> 0 OR NEW.published_at IS NOT NULL OR NEW.content <> '{{}}'::jsonb
     OR NOT coalesce(NEW.made_by_id = ANY (NEW.prepared), false) THEN
    RAISE EXCEPTION 'a report begins as a draft of who makes it' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

# Of sections and recommendations alike: the row that is there before, and the one that comes after, lie in a draft.
WRITTEN = f"""
CREATE FUNCTION reports_written_in_draft() RETURNS trigger {START}
DECLARE the_report uuid;
BEGIN
  the_report := CASE TG_OP WHEN 'DELETE' THEN OLD.report_id ELSE NEW.report_id END;
  IF TG_OP = 'UPDATE' AND NEW.report_id <> OLD.report_id THEN
    RAISE EXCEPTION 'a part of a report stays in it' {FALSE};
  END IF;
  PERFORM 1 FROM reports_report r WHERE r.id = the_report AND r.state = 'draft'
    AND coalesce(access_viewer() = ANY (r.prepared), false) FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only a draft is written in, by who has prepared it' {FALSE};
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
"""

SOURCE = f"""
CREATE FUNCTION reports_figures_are_released() RETURNS trigger {START}
BEGIN
  IF NEW.source <> '' AND (TG_OP = 'INSERT' OR (NEW.source, NEW.sha256) IS DISTINCT FROM (OLD.source, OLD.sha256))
     AND NOT {RELEASED.format(source="NEW.source", sha256="NEW.sha256")} THEN
    RAISE EXCEPTION 'only figures of a published release are put into a report' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

FILE = f"""
CREATE FUNCTION reports_file_is_made() RETURNS trigger {START}
BEGIN
  IF NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.id = NEW.report_id AND r.state = 'draft'
       AND r.revision = NEW.revision AND coalesce(access_viewer() = ANY (r.prepared), false)) THEN
    RAISE EXCEPTION 'files are made when a report is submitted' {FALSE};
  END IF;
  IF NEW.sha256 <> encode(sha256(NEW.content), 'hex') OR NEW.size <> length(NEW.content) THEN
    RAISE EXCEPTION 'the fingerprint is not that of the file' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

REVIEWED = f"""
CREATE FUNCTION reports_review_is_made() RETURNS trigger {START}
BEGIN
  IF NEW.person_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody judges in the name of another' {FALSE};
  END IF;
  IF NOT EXISTS (
       SELECT 1 FROM reports_report r WHERE r.id = NEW.report_id AND r.revision = NEW.revision
       AND r.state = CASE NEW.stage WHEN 'review' THEN 'submitted' ELSE 'reviewed' END
       AND NOT NEW.person_id = ANY (r.prepared)) THEN
    RAISE EXCEPTION 'who wrote a report does not judge it' {FALSE};
  END IF;
  IF NEW.stage = 'approval' AND NOT EXISTS (
       SELECT 1 FROM reports_reportreview v WHERE v.report_id = NEW.report_id AND v.revision = NEW.revision
       AND v.stage = 'review' AND v.verdict = 'agree' AND v.person_id <> NEW.person_id) THEN
    RAISE EXCEPTION 'the second person is not the first' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

STONE = f"""
CREATE FUNCTION reports_tombstone_is_set() RETURNS trigger {START}
BEGIN
  IF NEW.withdrawn_by_id IS DISTINCT FROM access_viewer() OR length(btrim(NEW.why)) = 0 OR NOT EXISTS (
       SELECT 1 FROM reports_report r WHERE r.id = NEW.id AND r.state IN ('published', 'superseded')
       AND (r.identifier, r.published_at) = (NEW.identifier, NEW.published_at)) THEN
    RAISE EXCEPTION 'a tombstone is set for a published report, with a reason' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

NEVER = f"""
CREATE FUNCTION reports_never() RETURNS trigger {START}
BEGIN
  RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME {FALSE};
END $$
"""


def trigger(name: str, table: str, when: str, function: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"


FUNCTIONS = (
    "report_stays", "report_begun", "written_in_draft", "figures_are_released", "file_is_made", "review_is_made",
    "tombstone_is_set", "never",
)  # fmt: skip
STATEMENTS = [
    REPORT, BEGUN, WRITTEN, SOURCE, FILE, REVIEWED, STONE, NEVER,
    # They run by their triggers alone.
    *(f"REVOKE ALL ON FUNCTION reports_{name}() FROM PUBLIC" for name in FUNCTIONS),
    trigger("report_stays", "reports_report", "UPDATE OR DELETE", "reports_report_stays"),
    trigger("report_begun", "reports_report", "INSERT", "reports_report_begun"),
    trigger("section_written", "reports_section", "INSERT OR UPDATE OR DELETE", "reports_written_in_draft"),
    trigger("advice_written", "reports_recommendation", "INSERT OR UPDATE OR DELETE", "reports_written_in_draft"),
    trigger("figures_are_released", "reports_section", "INSERT OR UPDATE", "reports_figures_are_released"),
    trigger("file_is_made", "reports_reportfile", "INSERT", "reports_file_is_made"),
    trigger("review_is_made", "reports_reportreview", "INSERT", "reports_review_is_made"),
    trigger("tombstone_is_set", "reports_reporttombstone", "INSERT", "reports_tombstone_is_set"),
    *(
        trigger("never", f"reports_{table}", "UPDATE OR DELETE", "reports_never")
        for table in ("reportfile", "reportreview", "reporttombstone")
    ),
]  # fmt: skip

READERS = "(SELECT access_has('coordinator', 'analyst'))"
_ROLES = "TO palermo_app, palermo_job"
_HISTORY = f"object_kind = 'report' AND machine = 'report' AND {READERS}"
_ORIGIN = f"machine = 'report' AND {READERS}"
HISTORY = [
    f"CREATE POLICY report_read ON workflow_transition FOR SELECT {_ROLES} USING ({_HISTORY})",
    f"CREATE POLICY report_insert ON workflow_transition FOR INSERT {_ROLES} WITH CHECK ({_HISTORY})",
    f"CREATE POLICY report_read ON workflow_origin FOR SELECT {_ROLES} USING ({_ORIGIN})",
    f"CREATE POLICY report_insert ON workflow_origin FOR INSERT {_ROLES} WITH CHECK ({_ORIGIN})",
    f"CREATE POLICY report_update ON workflow_origin FOR UPDATE {_ROLES} USING ({_ORIGIN}) WITH CHECK ({_ORIGIN})",
]
