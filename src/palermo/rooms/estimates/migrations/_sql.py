"""Triggers of the estimates: what a run stands on, and what came out of it, is never changed afterwards."""

_START = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN"

FROZEN = [
    f"""
CREATE FUNCTION estimates_study_stays() RETURNS trigger {_START}
  IF NEW.made_by_id IS DISTINCT FROM OLD.made_by_id THEN
    RAISE EXCEPTION 'who opened a study stays' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.tables, NEW.data_hash, NEW.crime, NEW.year_from, NEW.year_to)
     IS DISTINCT FROM (OLD.tables, OLD.data_hash, OLD.crime, OLD.year_from, OLD.year_to)
     AND EXISTS (SELECT 1 FROM estimates_run r WHERE r.study_id = OLD.id) THEN
    RAISE EXCEPTION 'runs stand on this table' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.proposed_at IS DISTINCT FROM OLD.proposed_at AND NEW.proposed_at IS NOT NULL
     AND NEW.proposed_by_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody proposes in the name of another' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.agreed_at IS NOT NULL AND NEW.agreed_at IS NOT NULL
     AND (NEW.headline_run_id, NEW.headline_place, NEW.headline_why, NEW.proposed_at, NEW.proposed_by_id, NEW.agreed_at,
          NEW.agreed_by_id)
     IS DISTINCT FROM (OLD.headline_run_id, OLD.headline_place, OLD.headline_why, OLD.proposed_at, OLD.proposed_by_id,
                       OLD.agreed_at, OLD.agreed_by_id) THEN
    RAISE EXCEPTION 'what was agreed on is taken back before it changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.agreed_at IS NULL AND NEW.agreed_at IS NOT NULL THEN
    IF NEW.agreed_by_id IS DISTINCT FROM access_viewer() THEN
      RAISE EXCEPTION 'nobody agrees in the name of another' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.headline_run_id, NEW.headline_place, NEW.headline_why, NEW.proposed_at, NEW.proposed_by_id)
       IS DISTINCT FROM (OLD.headline_run_id, OLD.headline_place, OLD.headline_why, OLD.proposed_at,
                         OLD.proposed_by_id) THEN
      RAISE EXCEPTION 'what is agreed on is what was proposed' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION estimates_run_stays() RETURNS trigger {_START}
  IF (NEW.study_id, NEW.methods, NEW.options, NEW.asked_by_id, NEW.again_id)
     IS DISTINCT FROM (OLD.study_id, OLD.methods, OLD.options, OLD.asked_by_id, OLD.again_id)
     OR OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a run stays what it was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER study_stays BEFORE UPDATE ON estimates_study FOR EACH ROW EXECUTE FUNCTION estimates_study_stays()",
    "CREATE TRIGGER run_stays BEFORE UPDATE ON estimates_run FOR EACH ROW EXECUTE FUNCTION estimates_run_stays()",
]
