"""The trigger of a report once it may be a story: its form and its name in the address stay, its title is of the draft."""

from palermo.rooms.reports.migrations._sql import FALSE, JUDGED, RELEASED, START, STATES

STORY = f"""
CREATE OR REPLACE FUNCTION reports_report_stays() RETURNS trigger {START}
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a report is never deleted' {FALSE};
  END IF;
  IF (NEW.id, NEW.made_by_id, NEW.created_at, NEW.country, NEW.year, NEW.number, NEW.identifier, NEW.form, NEW.slug) IS DISTINCT FROM
     (OLD.id, OLD.made_by_id, OLD.created_at, OLD.country, OLD.year, OLD.number, OLD.identifier, OLD.form, OLD.slug) THEN
    RAISE EXCEPTION 'who made a report, its year and its number stay' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({STATES.strip()}) THEN
    RAISE EXCEPTION 'a report does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'who prepared a report stays' {FALSE};
  END IF;
  IF (NEW.changes, NEW.titles, NEW.content, NEW.revision) IS DISTINCT FROM
     (OLD.changes, OLD.titles, OLD.content, OLD.revision) THEN
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
