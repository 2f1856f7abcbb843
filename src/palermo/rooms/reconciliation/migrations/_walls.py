"""The walls of reconciliation, and the triggers that keep what was said as it was said."""

from palermo.kernel.database.rls import Protect

WORKER = "(SELECT access_kind()) = 'operator'"
KEEPER = "(SELECT access_has('coordinator'))"
READER = "(SELECT access_has('coordinator', 'analyst'))"
ANYBODY = "(SELECT access_has('coordinator', 'analyst', 'case_manager', 'supervisor'))"
MINE = "ANY ((SELECT access_organisations())::uuid[])"


def _ours(column: str, *roles: str) -> str:
    names = ", ".join(f"'{role}'" for role in roles or ("case_manager", "supervisor"))
    return f"((SELECT access_has({names})) AND {column} = {MINE})"


def _either(*roles: str) -> str:
    return f"({_ours('left_house', *roles)} OR {_ours('right_house', *roles)})"


REMOVER = "((SELECT access_has('supervisor')) AND access_granted(source_id, 'identity'))"
# Identities open to the worker alone, and only while somebody waits for a linkage of that very list.
LINKING = (
    f"({WORKER} AND EXISTS (SELECT 1 FROM reconciliation_run r JOIN reconciliation_source s "
    "ON s.project_id = r.project_id WHERE s.id = reconciliation_version.source_id AND r.state = 'waiting'))"
)

WALLS = [
    Protect(
        "reconciliation_project",
        read=f"{ANYBODY} OR {WORKER}",
        insert=f"{WORKER} OR ({KEEPER} AND made_by_id = (SELECT access_viewer()))",
        update=f"{KEEPER} OR {WORKER}",
        reason="what is linked and for what; no person in it",
    ),
    Protect(
        "reconciliation_source",
        read=f"{ANYBODY} OR {WORKER}",
        insert=f"{KEEPER} OR {WORKER}",
        update=f"{KEEPER} OR {WORKER}",
        reason="lists, their holders and legal basis; no person in it",
    ),
    Protect(
        "reconciliation_delivery",
        read=f"{ANYBODY} OR {WORKER}",
        insert=WORKER,
        update=WORKER,
        reason="files that came in, by fingerprint and counts",
    ),
    Protect(
        "reconciliation_listed",
        read=f"{KEEPER} OR {WORKER} OR {_ours('house')}",
        insert=WORKER,
        update=WORKER,
        delete=REMOVER,
        reason="records by code with what does not say who it is, for the coordinator and for the list's own holder",
    ),
    Protect(
        "reconciliation_version",
        read=f"{LINKING} OR access_granted(source_id, 'identity')",
        insert=WORKER,
        delete=REMOVER,
        reason="sealed identities: for those with an identity grant on the list, and for the worker while it links",
    ),
    Protect(
        "reconciliation_removal",
        read=f"{WORKER} OR {_ours('house')}",
        insert=f"{REMOVER} AND by_id = (SELECT access_viewer())",
        reason="keys of records that were taken out; nothing else of them",
    ),
    Protect(
        "reconciliation_run",
        read=f"{ANYBODY} OR {WORKER}",
        insert=f"{WORKER} OR ({KEEPER} AND asked_by_id = (SELECT access_viewer()))",
        update=f"{KEEPER} OR {WORKER}",
        reason="linkages as counts; capture histories by stratum, no person",
    ),
    Protect(
        "reconciliation_pair",
        read=f"{KEEPER} OR {WORKER} OR {_either()}",
        insert=WORKER,
        update=KEEPER,
        delete=_either("supervisor"),
        reason="pairs by code with comparisons in codes, for the coordinator and the holders of the two records",
    ),
    Protect(
        "reconciliation_decision",
        read=f"{KEEPER} OR {WORKER} OR {_either()}",
        insert=f"{_either()} AND by_id = (SELECT access_viewer()) AND house = {MINE}",
        update="by_id = (SELECT access_viewer())",
        delete=_either("supervisor"),
        reason="what people of the two holders decided; nobody decides in the name of another",
    ),
    Protect(
        "reconciliation_person",
        read=f"{KEEPER} OR {WORKER}",
        insert=WORKER,
        delete=WORKER,
        reason="codes of people, for the coordinator",
    ),
    Protect(
        "reconciliation_change",
        read=f"{KEEPER} OR {WORKER}",
        insert=f"{WORKER} OR ({KEEPER} AND by_id = (SELECT access_viewer()))",
        update=WORKER,
        reason="how links changed, for the coordinator",
    ),
    Protect(
        "reconciliation_link",
        read=f"{KEEPER} OR {WORKER} OR {_ours('house')}",
        insert=f"{KEEPER} OR {WORKER}",
        update=f"{KEEPER} OR {WORKER}",
        delete=_ours("house", "supervisor"),
        reason="which records stand for whom, by code",
    ),
    Protect(
        "reconciliation_handover",
        read=f"{READER} OR {WORKER}",
        insert=f"{READER} AND made_by_id = (SELECT access_viewer())",
        reason="counts by list and small cells, for those who read national tables",
    ),
]

UPLOADS = Protect(
    "reconciliation_upload",
    read=f"{WORKER} OR by_id = (SELECT access_viewer())",
    insert="by_id = (SELECT access_viewer()) AND access_granted(source_id, 'identity')",
    update=f"{WORKER} OR by_id = (SELECT access_viewer())",
    reason="files of lists on their way in, sealed; for who brought them and for the worker",
)

_START = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN"

TRIGGERS = [
    f"""
CREATE FUNCTION reconciliation_decision_stays() RETURNS trigger {_START}
  IF to_jsonb(NEW) - 'until' IS DISTINCT FROM to_jsonb(OLD) - 'until' OR OLD.until IS NOT NULL THEN
    RAISE EXCEPTION 'a decision stays as it was; another one follows it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION reconciliation_pair_stays() RETURNS trigger {_START}
  IF to_jsonb(NEW) - 'sampled' IS DISTINCT FROM to_jsonb(OLD) - 'sampled' OR OLD.sampled THEN
    RAISE EXCEPTION 'what a linkage found stays as it was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION reconciliation_run_stays() RETURNS trigger {_START}
  IF (NEW.project_id, NEW.asked_by_id) IS DISTINCT FROM (OLD.project_id, OLD.asked_by_id) OR OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a linkage that ended stays what it was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION reconciliation_link_stays() RETURNS trigger {_START}
  IF to_jsonb(NEW) - 'closed_id' IS DISTINCT FROM to_jsonb(OLD) - 'closed_id' OR OLD.closed_id IS NOT NULL THEN
    RAISE EXCEPTION 'a link ends; it does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION reconciliation_source_stays() RETURNS trigger {_START}
  IF (NEW.name, NEW.organisation_id) IS DISTINCT FROM (OLD.name, OLD.organisation_id) THEN
    RAISE EXCEPTION 'name and holder of a list stay: its identities are sealed for them' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    *(
        f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON reconciliation_{name} "
        f"FOR EACH ROW EXECUTE FUNCTION reconciliation_{name}_stays()"
        for name in ("decision", "pair", "run", "link", "source")
    ),
]
