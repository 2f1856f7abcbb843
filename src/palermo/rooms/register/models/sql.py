"""The SQL half of the register: cells that follow the persons, and the narrow door for case events.

What takes persons out again, and the proof that a call comes from the application, is in `sql_withdrawal`.
"""

from palermo.rooms.register.models.cells import ANSWER_CELL, CELLS, FLAGS
from palermo.rooms.register.models.flags import BIT, GROUPS

# Counts and persons in contact with justice: those who count. Rows of persons: those who keep the register.
READ = "(select access_kind()) = 'operator' OR (select access_has('coordinator', 'analyst'))"
READ_ROWS = "(select access_kind()) = 'operator' OR (select access_has('coordinator'))"
WRITE = "(select access_kind()) = 'operator'"

# Element by element; both arrays have the same length.
ADD_ARRAYS = """
CREATE OR REPLACE FUNCTION register_add(one bigint[], other bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT array_agg(a + b ORDER BY place) FROM unnest(one, other) WITH ORDINALITY AS t(a, b, place)
$$
"""


def _count_cells(table: str, names: tuple[str, ...], rows: str, sign: str) -> str:
    # In one order, so that two writers queue instead of blocking each other.
    dims = ", ".join(names)
    return f"""
    INSERT INTO register_{table} AS c ({dims}, persons)
      SELECT {dims}, {sign}count(*) FROM {rows} WHERE part_of IS NULL GROUP BY {dims} ORDER BY {dims}
      ON CONFLICT ({dims}) DO UPDATE SET persons = c.persons + excluded.persons;
"""  # noqa: S608 - names of columns from the model


def _count_answers(rows: str, sign: str) -> str:
    dims = ", ".join(ANSWER_CELL)
    yes = ", ".join(
        f"{sign}count(*) FILTER (WHERE {group}_yes & {BIT[group][code]} <> 0)" for group, code in FLAGS
    )
    no = ", ".join(
        f"{sign}count(*) FILTER (WHERE {group}_recorded & ~{group}_yes & {BIT[group][code]} <> 0)"
        for group, code in FLAGS
    )
    answered = ", ".join(f"{sign}count(*) FILTER (WHERE {group}_recorded <> 0)" for group in GROUPS)
    return f"""
    INSERT INTO register_answercell AS c ({dims}, persons, yes, no, answered)
      SELECT {dims}, {sign}count(*), ARRAY[{yes}], ARRAY[{no}], ARRAY[{answered}]
      FROM {rows} WHERE part_of IS NULL GROUP BY {dims} ORDER BY {dims}
      ON CONFLICT ({dims}) DO UPDATE SET persons = c.persons + excluded.persons,
        yes = register_add(c.yes, excluded.yes), no = register_add(c.no, excluded.no),
        answered = register_add(c.answered, excluded.answered);
"""  # noqa: S608 - names of columns from the model


def _follow(rows: str, sign: str) -> str:
    return "".join(
        (
            *(_count_cells(table, names, rows, sign) for table, names in CELLS.items()),
            _count_answers(rows, sign),
        )
    )


CELLS_FOLLOW = f"""
CREATE OR REPLACE FUNCTION register_cells_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    {_follow("fresh", "")}
  END IF;
  IF TG_OP <> 'INSERT' THEN
    {_follow("gone", "-")}
  END IF;
  RETURN NULL;
END $$
"""

TRIGGERS = [
    "CREATE TRIGGER cells_follow_insert AFTER INSERT ON register_person REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION register_cells_follow()",
    "CREATE TRIGGER cells_follow_update AFTER UPDATE ON register_person REFERENCING OLD TABLE AS gone "
    "NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register_cells_follow()",
    "CREATE TRIGGER cells_follow_delete AFTER DELETE ON register_person REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION register_cells_follow()",
]

_TEXTS = (
    "crime", "status", "sex", "gender", "age_band", "age_group", "majority", "majority_at_exploitation",
    "majority_at_entry", "citizenship", "other_citizenships", "country", "area", "source_kind",
)  # fmt: skip
_GROUPS = ("form", "control", "labour", "sexual", "recruiter")
_MASKS = tuple(f"{group}_{half}" for group in _GROUPS for half in ("recorded", "yes"))


def _case_event() -> str:
    columns = ", ".join((*_TEXTS, *_MASKS))
    values = ", ".join((*(f"coalesce(a.{c}, '')" for c in _TEXTS), *(f"coalesce(a.{c}, 0)" for c in _MASKS)))
    texts = ", ".join(f"{c} = coalesce(a.{c}, p.{c})" for c in _TEXTS)
    # A new answer replaces the old one of the same flag; what is not answered now keeps its old answer.
    masks = ", ".join(
        f"{g}_recorded = p.{g}_recorded | coalesce(a.{g}_recorded, 0), "
        f"{g}_yes = (p.{g}_yes & ~coalesce(a.{g}_recorded, 0)) | coalesce(a.{g}_yes, 0)"
        for g in _GROUPS
    )
    changed = " OR ".join(f"(a.{c} IS NOT NULL AND a.{c} IS DISTINCT FROM p.{c})" for c in (*_TEXTS, *_MASKS))
    return f"""
CREATE FUNCTION register_case_event(pseudonym bytea, event_kind text, happened date, how_precise text,
  attributes text, proof bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  a public.register_person;
  list smallint; delivery bigint; found bigint; made bigint;
BEGIN
  PERFORM register_admit(pseudonym, concat_ws('|', 'feed', event_kind, to_char(happened, 'YYYY-MM-DD'),
    how_precise, attributes), proof);
  a := jsonb_populate_record(NULL::public.register_person, attributes::jsonb);
  list := register_case_list();
  IF EXISTS (SELECT 1 FROM register_withdrawal w
      WHERE w.source_list_id = list AND w.source_key = pseudonym AND w.undone_at IS NULL) THEN
    RETURN false;
  END IF;
  INSERT INTO register_provenance (source_list_id, file_sha256, received_at) VALUES (list, '', now())
    ON CONFLICT (source_list_id) WHERE import_run IS NULL DO NOTHING;
  SELECT id INTO delivery FROM register_provenance WHERE source_list_id = list AND import_run IS NULL;
  INSERT INTO register_person (source_list_id, source_key, row_hash, provenance_id, year, abducted, {columns})
    VALUES (list, pseudonym, '\\x00', delivery, extract(year FROM happened), a.abducted, {values})
    ON CONFLICT (source_list_id, source_key) DO NOTHING RETURNING id INTO found;
  IF found IS NULL THEN
    SELECT id INTO found FROM register_person
      WHERE source_list_id = list AND source_key = pseudonym FOR UPDATE;
    UPDATE register_person p SET {texts}, {masks}, abducted = coalesce(a.abducted, p.abducted),
      year = least(p.year, extract(year FROM happened)::smallint)
      WHERE p.id = found AND (p.year > extract(year FROM happened) OR {changed}
        OR (a.abducted IS NOT NULL AND a.abducted IS DISTINCT FROM p.abducted));
  END IF;
  INSERT INTO register_event (person_id, kind, "on", precision, area, provenance_id)
    VALUES (found, event_kind, happened, how_precise, coalesce(a.area, ''), delivery)
    ON CONFLICT (person_id, kind, "on") DO NOTHING RETURNING id INTO made;
  RETURN made IS NOT NULL;
END $$
"""  # noqa: S608 - names of columns from the model


FEED = "register_case_event(bytea, text, date, text, text, bytea)"


def case_event() -> list[str]:
    """The door by which cases feed the register, and who may call it."""
    return [
        _case_event(),
        f"REVOKE ALL ON FUNCTION {FEED} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {FEED} TO palermo_app, palermo_job",
    ]


def statements() -> list[str]:
    """Everything that makes the cells follow the persons, in order. Who is part of another is counted there."""
    return [
        ADD_ARRAYS,
        CELLS_FOLLOW,
        "REVOKE ALL ON FUNCTION register_cells_follow() FROM PUBLIC",
        *TRIGGERS,
    ]


def recount() -> list[str]:
    """Fill every table of cells anew from the persons."""
    emptied = [f"DELETE FROM register_{table}" for table in (*CELLS, "answercell")]  # noqa: S608
    return [*emptied, _follow("register_person", "")]
