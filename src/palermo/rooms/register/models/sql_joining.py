"""The SQL that lets several rows stand for one person, who is counted once with the facts that count.

Whatever changes a row, an event or a link, by whichever door, the row of the person follows in the same statement.
"""

# Constant texts that make functions; names of columns are from the models.
# ruff: noqa: S608

from palermo.rooms.register.models.flags import GROUPS
from palermo.rooms.register.models.rules import RULES, STRENGTH, Rule

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"

# The last word on each flag: rows come from the weakest to the strongest.
_ANSWERS = [
    """
CREATE FUNCTION register_answer_over(held integer, recorded integer, yes integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$ SELECT held & ~recorded | yes $$
""",
    "CREATE AGGREGATE register_last_answers(integer, integer) "
    "(SFUNC = register_answer_over, STYPE = integer, INITCOND = '0')",
]

# The lists of a person together, as one more entry among the lists: a person on A and B counts under both, once in all.
_TOGETHER = f"""
CREATE OR REPLACE FUNCTION register_together(lists smallint[]) RETURNS void {_DEFINER} AS $$
DECLARE made smallint;
BEGIN
  IF cardinality(lists) = 1 OR EXISTS (SELECT FROM register_sourcelist l WHERE l.members = lists) THEN RETURN; END IF;
  INSERT INTO register_sourcelist (name, format, terms, legal_basis, members)
    VALUES ('palermo: lists ' || left(array_to_string(lists, ' '), 60) || ' ' ||
      left(md5(array_to_string(lists, ' ')), 12), 'joined', '', '', lists) RETURNING id INTO made;
  INSERT INTO register_provenance (source_list_id, file_sha256, received_at) VALUES (made, '', now());
END $$
"""

CASE_LIST = f"""
CREATE OR REPLACE FUNCTION register_case_list() RETURNS smallint {_DEFINER} AS $$
DECLARE found smallint;
BEGIN
  SELECT id INTO found FROM register_sourcelist WHERE name = 'palermo: cases';
  IF found IS NULL THEN  -- only then: an insert that meets a conflict uses up a number, and there are 32,767
    INSERT INTO register_sourcelist (name, format, terms, legal_basis) VALUES ('palermo: cases', 'cases', '', '')
      ON CONFLICT (name) DO NOTHING;
    SELECT id INTO found FROM register_sourcelist WHERE name = 'palermo: cases';
  END IF;
  RETURN found;
END $$
"""

# Numbers of the register's own row, so that the code of a person is never that of a row.
_NUMBERS = f"""
CREATE OR REPLACE FUNCTION register_numbers(how_many integer) RETURNS SETOF bigint {_DEFINER} AS $$
BEGIN
  IF access_kind() <> 'operator' THEN
    RAISE insufficient_privilege USING MESSAGE = 'register: only the operator makes persons';
  END IF;
  RETURN QUERY SELECT nextval(pg_get_serial_sequence('register_person', 'id')) FROM generate_series(1, how_many);
END $$
"""


def _strength(of: str) -> str:
    cases = " ".join(f"WHEN '{code}' THEN {n}" for code, n in STRENGTH[of].items())
    return f"CASE p.{of} {cases} ELSE 0 END"


def _chosen(rule: Rule) -> str:
    says = f"CASE m.{rule.columns[0]} WHEN '' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END"
    day = "m.day DESC NULLS LAST" if rule.first == "later" else "m.day NULLS LAST"
    order = f"{says}, m.by_{rule.strength} DESC, {day}, m.id"
    return ", ".join(f"(array_agg(m.{name} ORDER BY {order}))[1] AS {name}" for name in rule.columns)


def _masks(group: str) -> str:
    return (
        f"bit_or(m.{group}_recorded) AS {group}_recorded, register_last_answers(m.{group}_recorded, m.{group}_yes "
        f"ORDER BY m.by_status, m.day NULLS FIRST, m.id DESC) AS {group}_yes"
    )


# The order in which rows of one person say whether he was abducted: the first that says anything.
_ABDUCTED = (
    "(array_agg(m.abducted ORDER BY m.abducted IS NULL, m.by_status DESC, m.day DESC NULLS LAST, m.id))[1]"
)
COLUMNS = (
    "year", *(name for rule in RULES for name in rule.columns),
    *(f"{group}_{half}" for group in GROUPS for half in ("recorded", "yes")), "abducted",
)  # fmt: skip


def members(where: str) -> str:
    """Rows that stand for a person, with how strong their word is and of which day."""
    return f"""
  SELECT p.*, {_strength("status")} AS by_status, {_strength("basis")} AS by_basis,
    coalesce(e.day, make_date(p.year, 12, 31)) AS day
  FROM register_person p
  LEFT JOIN LATERAL (SELECT max(o."on") AS day FROM register_event o WHERE o.person_id = p.id) e ON true
  WHERE {where}"""


def chosen(where: str) -> str:
    """One row a person, of the lists together, with the facts that count."""
    facts = ",\n    ".join((*map(_chosen, RULES), *map(_masks, GROUPS)))
    return f"""
  SELECT m.part_of AS number, array_agg(DISTINCT m.source_list_id ORDER BY m.source_list_id) AS lists,
    min(m.year) AS year,
    {facts},
    {_ABDUCTED} AS abducted
  FROM ({members(where)}) m GROUP BY m.part_of"""


def _settle() -> str:
    names = ", ".join(COLUMNS)
    ours, theirs = (", ".join(f"{table}.{name}" for name in COLUMNS) for table in ("c", "excluded"))
    several = (
        "SELECT l.source_list_id, l.source_key, l.joined_id FROM (SELECT o.*, count(*) OVER (PARTITION BY o.joined_id) "
        "AS n FROM register_rowlink o JOIN register_person q ON q.source_list_id = o.source_list_id "
        "AND q.source_key = o.source_key WHERE o.until IS NULL AND o.joined_id = ANY(numbers)) l WHERE l.n > 1"
    )
    return f"""
CREATE OR REPLACE FUNCTION register_settle(numbers bigint[]) RETURNS void {_DEFINER} AS $$
DECLARE together smallint[];
BEGIN
  IF coalesce(cardinality(numbers), 0) = 0 THEN RETURN; END IF;
  UPDATE register_person p SET part_of = NULL WHERE p.part_of = ANY(numbers) AND NOT EXISTS (
    SELECT FROM ({several}) s WHERE s.source_list_id = p.source_list_id AND s.source_key = p.source_key
      AND s.joined_id = p.part_of);
  UPDATE register_person p SET part_of = s.joined_id FROM ({several}) s
    WHERE s.source_list_id = p.source_list_id AND s.source_key = p.source_key
      AND p.part_of IS DISTINCT FROM s.joined_id;
  FOR together IN SELECT DISTINCT array_agg(DISTINCT p.source_list_id ORDER BY p.source_list_id) FROM register_person p
      WHERE p.part_of = ANY(numbers) GROUP BY p.part_of LOOP
    PERFORM register_together(together);
  END LOOP;
  DELETE FROM register_person c WHERE c.id = ANY(numbers)
    AND NOT EXISTS (SELECT FROM register_person m WHERE m.part_of = c.id);
  INSERT INTO register_person AS c (id, source_key, row_hash, source_list_id, provenance_id, {names})
    SELECT j.number, j.key || '\\x01', '\\x00', w.id, v.id, {", ".join(f"f.{name}" for name in COLUMNS)}
    FROM ({chosen("p.part_of = ANY(numbers)")}) f
    JOIN register_joined j ON j.number = f.number
    JOIN register_sourcelist w ON CASE cardinality(f.lists) WHEN 1 THEN w.id = f.lists[1] ELSE w.members = f.lists END
    JOIN LATERAL (SELECT o.id FROM register_provenance o WHERE o.source_list_id = w.id ORDER BY o.id LIMIT 1) v ON true
    ON CONFLICT (id) DO UPDATE SET source_list_id = excluded.source_list_id, provenance_id = excluded.provenance_id,
      ({names}) = ({theirs})
      WHERE (c.source_list_id, {ours}) IS DISTINCT FROM (excluded.source_list_id, {theirs});
END $$
"""


# A statement of somebody, not one of `register_settle` itself.
_DEPTH = "WHEN (pg_trigger_depth() = 0)"
_FOLLOW = [
    f"""
CREATE OR REPLACE FUNCTION register_row_came() RETURNS trigger {_DEFINER} AS $$
BEGIN
  PERFORM register_settle((SELECT array_agg(DISTINCT l.joined_id) FROM fresh f JOIN register_rowlink l
    ON l.source_list_id = f.source_list_id AND l.source_key = f.source_key WHERE l.until IS NULL));
  RETURN NULL;
END $$
""",
    *(
        f"""
CREATE OR REPLACE FUNCTION register_row_{name}() RETURNS trigger {_DEFINER} AS $$
BEGIN
  PERFORM register_settle((SELECT array_agg(DISTINCT part_of) FROM {rows} WHERE part_of IS NOT NULL));
  RETURN NULL;
END $$
"""
        for name, rows in (("changed", "fresh"), ("went", "gone"))
    ),
    f"""
CREATE OR REPLACE FUNCTION register_event_came() RETURNS trigger {_DEFINER} AS $$
BEGIN
  PERFORM register_settle((SELECT array_agg(DISTINCT p.part_of) FROM fresh e JOIN register_person p
    ON p.id = e.person_id WHERE p.part_of IS NOT NULL));
  RETURN NULL;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION register_links_moved() RETURNS trigger {_DEFINER} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM register_settle((SELECT array_agg(DISTINCT joined_id) FROM gone));
    DELETE FROM register_joined j USING gone g WHERE j.number = g.joined_id
      AND NOT EXISTS (SELECT FROM register_rowlink l WHERE l.joined_id = j.number);
  ELSE
    PERFORM register_settle((SELECT array_agg(DISTINCT joined_id) FROM fresh));
  END IF;
  RETURN NULL;
END $$
""",
]
_TRIGGERS = [
    "CREATE TRIGGER joined_follow_insert AFTER INSERT ON register_person REFERENCING NEW TABLE AS fresh "
    f"FOR EACH STATEMENT {_DEPTH} EXECUTE FUNCTION register_row_came()",
    "CREATE TRIGGER joined_follow_update AFTER UPDATE ON register_person REFERENCING NEW TABLE AS fresh "
    f"FOR EACH STATEMENT {_DEPTH} EXECUTE FUNCTION register_row_changed()",
    "CREATE TRIGGER joined_follow_delete AFTER DELETE ON register_person REFERENCING OLD TABLE AS gone "
    f"FOR EACH STATEMENT {_DEPTH} EXECUTE FUNCTION register_row_went()",
    "CREATE TRIGGER joined_follow_event AFTER INSERT ON register_event REFERENCING NEW TABLE AS fresh "
    f"FOR EACH STATEMENT {_DEPTH} EXECUTE FUNCTION register_event_came()",
    "CREATE TRIGGER links_insert AFTER INSERT ON register_rowlink REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION register_links_moved()",
    "CREATE TRIGGER links_update AFTER UPDATE ON register_rowlink REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION register_links_moved()",
    "CREATE TRIGGER links_delete AFTER DELETE ON register_rowlink REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION register_links_moved()",
]
_CALLABLE = "register_numbers(integer)"
INTERNAL = (
    "register_together(smallint[])", "register_case_list()", "register_settle(bigint[])", "register_row_came()",
    "register_row_changed()", "register_row_went()", "register_event_came()", "register_links_moved()",
)  # fmt: skip


def settling() -> list[str]:
    """The functions alone, made anew: what a change of `rules` needs."""
    return [_TOGETHER, CASE_LIST, _NUMBERS, _settle(), *_FOLLOW]


def statements() -> list[str]:
    """Everything, in order."""
    closed = [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*INTERNAL, _CALLABLE)]
    opened = f"GRANT EXECUTE ON FUNCTION {_CALLABLE} TO palermo_app, palermo_job"
    return [*_ANSWERS, *settling(), *_TRIGGERS, *closed, opened]
