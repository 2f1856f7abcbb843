"""The rules of the legal status that hold whatever the program says: walls, two deciders, no way around a ruling."""

# Constant texts that make policies and functions; no value of anybody is put into them.
# ruff: noqa: S608

HELD = (
    "coalesce((SELECT true FROM access_grant g WHERE g.object_id = {0} AND 'case' = ANY (g.scopes) LIMIT 1), false) "
    "AND (SELECT access_has('first_responder', 'case_manager', 'supervisor', 'child_protection', "
    "'competent_authority'))"
)
OPERATOR = "(SELECT access_kind()) = 'operator'"
WORKER = "(SELECT access_has('first_responder', 'case_manager', 'supervisor', 'child_protection'))"
DECIDER = "(SELECT access_has('competent_authority', 'child_protection'))"
OWN = "written_by_id = (SELECT access_viewer())"
MINE = "ANY ((SELECT access_organisations())::uuid[])"
# Only people of the authority to which it was referred decide and ask.
OF_AUTHORITY = (
    "EXISTS (SELECT 1 FROM identification_identification i WHERE i.id = {0}.identification_id "
    f"AND i.authority_id = {MINE})"
)

# A decision is confirmed, and looked at again, by somebody else than whoever took a step of it before.
ANOTHER = """
CREATE FUNCTION identification_another_decides() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE first identification_ruling;
BEGIN
  IF NEW.event IN ('rg_negative', 'cg_negative') THEN
    SELECT * INTO first FROM identification_ruling r WHERE r.id = NEW.confirms_id;
    IF first.id IS NULL OR first.identification_id <> NEW.identification_id
        OR first.event <> 'propose_' || NEW.event OR first.at_version >= NEW.at_version THEN
      RAISE EXCEPTION 'a negative decision confirms a proposal' USING ERRCODE = 'check_violation';
    END IF;
    IF first.written_by_id = NEW.written_by_id THEN
      RAISE EXCEPTION 'a second person confirms a negative decision' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.event IN ('overturn_rg', 'overturn_cg', 'uphold') AND EXISTS (
      SELECT 1 FROM identification_ruling r WHERE r.identification_id = NEW.identification_id
        AND r.event IN ('propose_rg_negative', 'rg_negative', 'propose_cg_negative', 'cg_negative')
        AND r.written_by_id = NEW.written_by_id) THEN
    RAISE EXCEPTION 'who decided does not review' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

# A decided state is reached through its ruling, written for this very version by the one who acts.
GUARD = """
CREATE FUNCTION identification_guard_state() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE needed text;
BEGIN
  IF (NEW.person_id, NEW.case_id, NEW.organisation_id, NEW.code) IS DISTINCT FROM
     (OLD.person_id, OLD.case_id, OLD.organisation_id, OLD.code) THEN
    RAISE EXCEPTION 'whose status this is does not change' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.recovery_until IS NOT NULL AND (NEW.recovery_until IS NULL OR NEW.recovery_until < OLD.recovery_until) THEN
    RAISE EXCEPTION 'a recovery period is never made shorter' USING ERRCODE = 'check_violation';
  END IF;
  NEW.before_missing := OLD.before_missing;
  IF NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NEW.state = 'suspended' THEN
    NEW.before_missing := OLD.state;
    RETURN NEW;
  END IF;
  IF OLD.state = 'suspended' THEN
    IF NEW.state <> OLD.before_missing THEN
      RAISE EXCEPTION 'a status returns to where it was' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  needed := CASE OLD.state || ' ' || NEW.state
    WHEN 'referred recovery' THEN 'rg_positive'
    WHEN 'referred protection' THEN 'rg_positive_child'
    WHEN 'referred rg_negative_proposed' THEN 'propose_rg_negative'
    WHEN 'rg_negative_proposed negative_rg' THEN 'rg_negative'
    WHEN 'determination identified' THEN 'cg_positive'
    WHEN 'determination cg_negative_proposed' THEN 'propose_cg_negative'
    WHEN 'cg_negative_proposed negative_cg' THEN 'cg_negative'
    WHEN 'review recovery' THEN 'overturn_rg'
    WHEN 'review identified' THEN 'overturn_cg'
    WHEN 'review negative_rg' THEN 'uphold'
    WHEN 'review negative_cg' THEN 'uphold' END;
  IF needed IS NULL THEN
    IF NEW.state IN ('recovery', 'protection', 'negative_rg', 'negative_cg', 'identified') THEN
      RAISE EXCEPTION 'there is no decision for this' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM identification_ruling r WHERE r.identification_id = OLD.id
      AND r.event = needed AND r.at_version = OLD.version AND r.written_by_id = access_viewer()) THEN
    RAISE EXCEPTION 'there is no decision for this' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

# How many notifications say the same, never more than five: enough to warn, too little to count with.
SIMILAR = """
CREATE FUNCTION identification_similar(a_crime text, a_sex text, an_age text, a_region text, an_area text,
                                       some_forms text[], some_sectors text[]) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN public.access_has('first_responder', 'case_manager', 'supervisor', 'child_protection') THEN
    (SELECT count(*)::integer FROM (SELECT 1 FROM public.identification_notification n
      WHERE n.crime = a_crime AND (a_sex = '' OR n.sex = a_sex) AND (an_age = '' OR n.age_band = an_age)
        AND (a_region = '' OR n.region = a_region) AND (an_area = '' OR n.area = an_area)
        AND n.forms::text[] @> some_forms AND n.sectors::text[] @> some_sectors LIMIT 5) five) ELSE 0 END
$$
"""
FUNCTIONS = (
    (ANOTHER, "identification_another_decides()"),
    (GUARD, "identification_guard_state()"),
    (SIMILAR, "identification_similar(text, text, text, text, text, text[], text[])"),
)
TRIGGERS = (
    ("identification_ruling", "BEFORE INSERT", "identification_another_decides"),
    ("identification_identification", "BEFORE UPDATE", "identification_guard_state"),
)
