"""Triggers of the releases: what was reviewed is what is published, by three persons, and never changes afterwards.

All of them run as the owner of the database, so that no wall hides from them what they have to judge.
"""

START = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
FALSE = "USING ERRCODE = 'check_violation'"
CONTENT = "product, source, title, series, year, year_from, year_to, purpose, columns, parameters, changes"
MADE = "run_at, tables, about"
OUT = "number, identifier, published_at"


def row(which: str, names: str) -> str:
    return "(" + ", ".join(f"{which}.{name}" for name in names.split(", ")) + ")"


def differs(names: str) -> str:
    return f"{row('NEW', names)} IS DISTINCT FROM {row('OLD', names)}"


STATES = """
  'draft>running', 'draft>discarded', 'running>checked', 'running>draft', 'checked>draft', 'checked>reviewed',
  'reviewed>draft', 'reviewed>published', 'published>superseded', 'published>withdrawn', 'superseded>withdrawn'
"""
JUDGED = """EXISTS (SELECT 1 FROM releases_review r WHERE r.release_id = NEW.id AND r.revision = NEW.revision
      AND r.stage = '{stage}' AND r.verdict = 'agree' AND r.person_id = access_viewer()
      AND NOT r.person_id = ANY (NEW.prepared))"""

RELEASE = f"""
CREATE FUNCTION releases_release_stays() RETURNS trigger {START}
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a release is never deleted' {FALSE};
  END IF;
  IF {differs("id, made_by_id, created_at")} THEN
    RAISE EXCEPTION 'who made a release stays' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({STATES.strip()}) THEN
    RAISE EXCEPTION 'a release does not go from % to %', OLD.state, NEW.state {FALSE};
  END IF;
  IF NOT NEW.prepared @> OLD.prepared THEN
    RAISE EXCEPTION 'who prepared a release stays' {FALSE};
  END IF;
  IF {differs(CONTENT)} THEN
    IF OLD.state <> 'draft' OR NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'only a draft is changed' {FALSE};
    END IF;
    IF NOT coalesce(access_viewer() = ANY (NEW.prepared), false) THEN
      RAISE EXCEPTION 'who changes a draft has prepared it' {FALSE};
    END IF;
  END IF;
  IF NEW.revision <> OLD.revision AND NOT (
       NEW.revision = OLD.revision + 1 AND OLD.state = 'draft' AND NEW.state = 'draft'
       AND coalesce(access_viewer() = ANY (NEW.prepared), false)) THEN
    RAISE EXCEPTION 'a draft gets a new revision from who runs it' {FALSE};
  END IF;
  IF OLD.state <> 'running' AND {differs(MADE)} THEN
    RAISE EXCEPTION 'what was made stays' {FALSE};
  END IF;
  IF OLD.state <> 'reviewed' AND {differs(OUT)} THEN
    RAISE EXCEPTION 'a release is numbered once, when it is published' {FALSE};
  END IF;
  IF NEW.state = 'running' AND OLD.state = 'draft' AND (NEW.revision = 0 OR EXISTS (
       SELECT 1 FROM releases_check c WHERE c.release_id = NEW.id AND c.revision = NEW.revision)) THEN
    RAISE EXCEPTION 'every run is a revision of its own' {FALSE};
  END IF;
  IF NEW.state = 'checked' AND OLD.state <> 'checked' AND (NEW.run_at IS NULL OR NOT EXISTS (
       SELECT 1 FROM releases_check c WHERE c.release_id = NEW.id AND c.revision = NEW.revision)) THEN
    RAISE EXCEPTION 'a release is checked before it is reviewed' {FALSE};
  END IF;
  IF NEW.state IN ('reviewed', 'published') AND NEW.state <> OLD.state AND EXISTS (
       SELECT 1 FROM releases_check c
       WHERE c.release_id = NEW.id AND c.revision = NEW.revision AND c.level = 'block') THEN
    RAISE EXCEPTION 'a check blocks this release' {FALSE};
  END IF;
  IF NEW.state = 'reviewed' AND OLD.state = 'checked' AND NOT {JUDGED.format(stage="review")} THEN
    RAISE EXCEPTION 'a release is reviewed by a person who prepared nothing of it' {FALSE};
  END IF;
  IF NEW.state = 'published' AND OLD.state = 'reviewed' THEN
    IF NOT {JUDGED.format(stage="approval")} OR NOT EXISTS (
         SELECT 1 FROM releases_review r WHERE r.release_id = NEW.id AND r.revision = NEW.revision
         AND r.stage = 'review' AND r.verdict = 'agree' AND r.person_id <> access_viewer()
         AND NOT r.person_id = ANY (NEW.prepared)) THEN
      RAISE EXCEPTION 'a release is approved by a second person who neither prepared nor reviewed it' {FALSE};
    END IF;
    IF NEW.identifier IS NULL OR NOT EXISTS (
         SELECT 1 FROM releases_releasefile f
         WHERE f.release_id = NEW.id AND f.revision = NEW.revision AND f.kind = 'public') THEN
      RAISE EXCEPTION 'a release has an identifier and a file' {FALSE};
    END IF;
  END IF;
  IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND NOT EXISTS (
       SELECT 1 FROM releases_releasetombstone t WHERE t.id = NEW.id) THEN
    RAISE EXCEPTION 'a withdrawn release leaves a tombstone' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

BEGUN = f"""
CREATE FUNCTION releases_release_begun() RETURNS trigger {START}
BEGIN
  IF NEW.state <> 'draft' OR NEW.revision <> 0 OR NEW.identifier IS NOT NULL
     OR NOT coalesce(NEW.made_by_id = ANY (NEW.prepared), false) THEN
    RAISE EXCEPTION 'a release begins as a draft of who makes it' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

FILE = f"""
CREATE FUNCTION releases_file_is_made() RETURNS trigger {START}
DECLARE of_state text; of_revision integer;
BEGIN
  SELECT state, revision INTO of_state, of_revision FROM releases_release WHERE id = NEW.release_id;
  IF of_state IS NULL OR of_state NOT IN ('running', 'reviewed') OR of_revision <> NEW.revision THEN
    RAISE EXCEPTION 'files are made while a release is made or published' {FALSE};
  END IF;
  IF NEW.sha256 <> encode(sha256(NEW.content), 'hex') OR NEW.size <> length(NEW.content) THEN
    RAISE EXCEPTION 'the fingerprint is not that of the file' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

CHECKED = f"""
CREATE FUNCTION releases_check_is_made() RETURNS trigger {START}
BEGIN
  IF NOT EXISTS (SELECT 1 FROM releases_release r WHERE r.id = NEW.release_id AND r.state = 'running'
                 AND r.revision = NEW.revision) THEN
    RAISE EXCEPTION 'checks are made while a release is made' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

REVIEWED = f"""
CREATE FUNCTION releases_review_is_made() RETURNS trigger {START}
BEGIN
  IF NEW.person_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody judges in the name of another' {FALSE};
  END IF;
  IF NOT EXISTS (
       SELECT 1 FROM releases_release r WHERE r.id = NEW.release_id AND r.revision = NEW.revision
       AND r.state = CASE NEW.stage WHEN 'review' THEN 'checked' ELSE 'reviewed' END
       AND NOT NEW.person_id = ANY (r.prepared)) THEN
    RAISE EXCEPTION 'who prepared a release does not judge it' {FALSE};
  END IF;
  IF NEW.stage = 'approval' AND NOT EXISTS (
       SELECT 1 FROM releases_review v WHERE v.release_id = NEW.release_id AND v.revision = NEW.revision
       AND v.stage = 'review' AND v.verdict = 'agree' AND v.person_id <> NEW.person_id) THEN
    RAISE EXCEPTION 'the second person is not the first' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

STONE = f"""
CREATE FUNCTION releases_tombstone_is_set() RETURNS trigger {START}
BEGIN
  IF NEW.withdrawn_by_id IS DISTINCT FROM access_viewer() OR length(btrim(NEW.why)) = 0 OR NOT EXISTS (
       SELECT 1 FROM releases_release r WHERE r.id = NEW.id AND r.state IN ('published', 'superseded')
       AND (r.identifier, r.published_at) = (NEW.identifier, NEW.published_at)) THEN
    RAISE EXCEPTION 'a tombstone is set for a published release, with a reason' {FALSE};
  END IF;
  RETURN NEW;
END $$
"""

NEVER = f"""
CREATE FUNCTION releases_never() RETURNS trigger {START}
BEGIN
  RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME {FALSE};
END $$
"""

# The row of the population is locked first: two reservations at once are one after the other, and the second counts
# what the first has spent.
SPEND = f"""
CREATE FUNCTION releases_ledger_counts() RETURNS trigger {START}
DECLARE the_cap numeric; the_spent numeric;
BEGIN
  IF NEW.person_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody spends in the name of another' {FALSE};
  END IF;
  NEW.at := clock_timestamp();
  IF NEW.kind = 'outcome' THEN
    IF NOT EXISTS (SELECT 1 FROM releases_ledgerentry e WHERE e.id = NEW.of_id AND e.kind = 'reserved'
         AND (e.population_id, e.release_id, e.revision) = (NEW.population_id, NEW.release_id, NEW.revision)) THEN
      RAISE EXCEPTION 'an outcome is of its own reservation' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  SELECT cap INTO the_cap FROM releases_population WHERE id = NEW.population_id FOR UPDATE;
  SELECT coalesce(sum(rho), 0) INTO the_spent FROM releases_ledgerentry WHERE population_id = NEW.population_id;
  IF the_cap IS NULL OR the_spent + NEW.rho > the_cap THEN
    RAISE EXCEPTION 'over the cap' USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_stays_under_the_cap',
      DETAIL = the_spent::text || ' ' || NEW.rho::text || ' ' || coalesce(the_cap, 0)::text;
  END IF;
  RETURN NEW;
END $$
"""

CAP = f"""
CREATE FUNCTION releases_cap_rises() RETURNS trigger {START}
DECLARE the_cap numeric;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.asked_by_id IS DISTINCT FROM access_viewer() OR NEW.agreed_by_id IS NOT NULL
       OR length(btrim(NEW.reason)) < 20 THEN
      RAISE EXCEPTION 'a higher cap is asked for by a person with a reason' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  IF {differs("id, population_id, cap, reason, asked_by_id, asked_at")} OR OLD.agreed_by_id IS NOT NULL THEN
    RAISE EXCEPTION 'what was decided about a cap stays' {FALSE};
  END IF;
  IF NEW.agreed_by_id IS NULL OR NEW.agreed_by_id IS DISTINCT FROM access_viewer()
     OR NEW.agreed_by_id = NEW.asked_by_id THEN
    RAISE EXCEPTION 'a second person agrees to a higher cap' {FALSE};
  END IF;
  SELECT cap INTO the_cap FROM releases_population WHERE id = NEW.population_id FOR UPDATE;
  IF NEW.cap <= the_cap THEN
    RAISE EXCEPTION 'a cap only rises' {FALSE};
  END IF;
  UPDATE releases_population SET cap = NEW.cap WHERE id = NEW.population_id;
  RETURN NEW;
END $$
"""


def trigger(name: str, table: str, when: str, function: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"


FUNCTIONS = (
    "release_stays", "release_begun", "file_is_made", "check_is_made", "review_is_made", "tombstone_is_set", "never",
    "ledger_counts", "cap_rises",
)  # fmt: skip
KEPT = ("releasefile", "check", "review", "releasetombstone", "ledgerentry")
STATEMENTS = [
    RELEASE, BEGUN, FILE, CHECKED, REVIEWED, STONE, NEVER, SPEND, CAP,
    # They run by their triggers alone.
    *(f"REVOKE ALL ON FUNCTION releases_{name}() FROM PUBLIC" for name in FUNCTIONS),
    trigger("release_stays", "releases_release", "UPDATE OR DELETE", "releases_release_stays"),
    trigger("release_begun", "releases_release", "INSERT", "releases_release_begun"),
    trigger("file_is_made", "releases_releasefile", "INSERT", "releases_file_is_made"),
    trigger("check_is_made", "releases_check", "INSERT", "releases_check_is_made"),
    trigger("review_is_made", "releases_review", "INSERT", "releases_review_is_made"),
    trigger("tombstone_is_set", "releases_releasetombstone", "INSERT", "releases_tombstone_is_set"),
    trigger("ledger_counts", "releases_ledgerentry", "INSERT", "releases_ledger_counts"),
    trigger("cap_rises", "releases_capdecision", "INSERT OR UPDATE", "releases_cap_rises"),
    trigger("decision_stays", "releases_capdecision", "DELETE", "releases_never"),
    *(trigger("never", f"releases_{table}", "UPDATE OR DELETE", "releases_never") for table in KEPT),
]  # fmt: skip

# Whoever sees a release sees what happened to it; nobody holds a grant on one.
READERS = "(SELECT access_has('coordinator', 'analyst'))"
_ROLES = "TO palermo_app, palermo_job"
_HISTORY = f"object_kind = 'release' AND machine = 'release' AND {READERS}"
_ORIGIN = f"machine = 'release' AND {READERS}"
HISTORY = [
    f"CREATE POLICY release_read ON workflow_transition FOR SELECT {_ROLES} USING ({_HISTORY})",
    f"CREATE POLICY release_insert ON workflow_transition FOR INSERT {_ROLES} WITH CHECK ({_HISTORY})",
    f"CREATE POLICY release_read ON workflow_origin FOR SELECT {_ROLES} USING ({_ORIGIN})",
    f"CREATE POLICY release_insert ON workflow_origin FOR INSERT {_ROLES} WITH CHECK ({_ORIGIN})",
    f"CREATE POLICY release_update ON workflow_origin FOR UPDATE {_ROLES} USING ({_ORIGIN}) WITH CHECK ({_ORIGIN})",
]
