"""Writing many persons at once: COPY into a scratch table, then one INSERT that adds, updates or leaves."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from palermo.kernel.imports.formats import Batch, Counts, Row
from palermo.rooms.register.actions.attributes import COLUMNS, Attributes, Packed, columns_of, pack
from palermo.rooms.register.models import Provenance, SourceList, Withdrawal

_LIST = ", ".join(COLUMNS)

_SCRATCH = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS register_incoming ON COMMIT DELETE ROWS AS
SELECT source_key, row_hash, {_LIST}, ''::text AS events FROM register_person WITH NO DATA
"""  # noqa: S608 - names of columns from the model

# The look-up leaves rows that are already there as they are, without even locking them. OFFSET 0 keeps it a
# look-up per row: as a join it would read the whole source once per batch.
_INSERT = f"""
WITH written AS (
  INSERT INTO register_person AS p (source_list_id, provenance_id, source_key, row_hash, {_LIST})
  SELECT %(list)s, %(provenance)s, i.source_key, i.row_hash, {", ".join(f"i.{c}" for c in COLUMNS)}
  FROM register_incoming i
  WHERE NOT EXISTS (
    SELECT 1 FROM register_person o
    WHERE o.source_list_id = %(list)s AND o.source_key = i.source_key AND o.row_hash = i.row_hash OFFSET 0)
  {{withdrawn}}
  ORDER BY i.source_key
  ON CONFLICT (source_list_id, source_key) DO UPDATE
    SET row_hash = excluded.row_hash, provenance_id = excluded.provenance_id,
        {", ".join(f"{c} = excluded.{c}" for c in COLUMNS)}
  RETURNING p.id, p.source_key, p.xmax = 0 AS fresh
), happened AS (
  INSERT INTO register_event (person_id, kind, "on", precision, area, provenance_id)
  SELECT w.id, split_part(e, ':', 1), split_part(e, ':', 2)::date, split_part(e, ':', 3), '', %(provenance)s
  FROM written w JOIN register_incoming i ON i.source_key = w.source_key,
    unnest(string_to_array(i.events, '|')) AS e
  ON CONFLICT (person_id, kind, "on") DO NOTHING
)
SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM written
"""  # noqa: S608 - names of columns from the model

# Asked for only where somebody of the list was withdrawn: whoever is out stays out when the list comes again.
_WITHDRAWN = """AND NOT EXISTS (
    SELECT 1 FROM register_withdrawal w
    WHERE w.source_list_id = %(list)s AND w.source_key = i.source_key AND w.undone_at IS NULL OFFSET 0)"""


def source_key(row: Row) -> bytes:
    """The key of a row of a list: what it means (or its own number), and the how-manieth of its equals."""
    return row.key + row.occurrence.to_bytes(4, "big")


def delivery(*, source: str, format: str, terms: str, run_id: UUID | None, file_sha256: str) -> Provenance:
    """The provenance row of this import, made with its source list on first use."""
    found, _made = SourceList.objects.get_or_create(name=source, defaults={"format": format, "terms": terms})
    provenance, _made = Provenance.objects.get_or_create(
        source_list=found, import_run=run_id, defaults={"file_sha256": file_sha256}
    )
    return provenance


def write_persons(rows: Sequence[tuple[bytes, Packed]], provenance: Provenance) -> Counts:
    """Write persons under their source keys inside the open transaction. Keys must differ from each other."""
    with connection.cursor() as cursor:
        cursor.execute(_SCRATCH)
        cursor.execute("TRUNCATE register_incoming")
        with cursor.copy(
            f"COPY register_incoming (source_key, row_hash, {_LIST}, events) FROM STDIN"
        ) as copy:
            copy.write("".join(f"\\\\x{key.hex()}\t\\\\x{p.row_hash.hex()}\t{p.line}\n" for key, p in rows))
        out = Withdrawal.objects.filter(source_list_id=provenance.source_list_id, undone_at=None).exists()
        insert = _INSERT.replace("{withdrawn}", _WITHDRAWN if out else "")
        cursor.execute(insert, {"list": provenance.source_list_id, "provenance": provenance.pk})
        added, updated = cursor.fetchone()
    return Counts(added, updated, len(rows) - added - updated)


# The same for the worker, who may make no table: rows come as one JSON text.
_GIVEN = """WITH register_incoming AS MATERIALIZED (
  SELECT r.*, v->>'events' AS events FROM jsonb_array_elements(%(rows)s::jsonb) v,
    jsonb_populate_record(NULL::register_person, v) r
), written AS ("""


def write_entries(entries: Sequence[tuple[bytes, Attributes]], provenance: Provenance) -> Counts:
    """Write persons under their keys without a scratch table. Keys must differ from each other."""
    rows = []
    for key, attributes in entries:
        packed = pack(attributes, key)
        hashes = {"source_key": f"\\x{key.hex()}", "row_hash": f"\\x{packed.row_hash.hex()}"}
        rows.append(columns_of(attributes) | hashes | {"events": packed.line.rsplit("\t", 1)[1]})
    insert = _INSERT.replace("WITH written AS (", _GIVEN, 1).replace("{withdrawn}", _WITHDRAWN)
    with connection.cursor() as cursor:
        cursor.execute(
            insert,
            {"list": provenance.source_list_id, "provenance": provenance.pk, "rows": json.dumps(rows)},
        )
        added, updated = cursor.fetchone()
    return Counts(added, updated, len(rows) - added - updated)


def write_batch(batch: Batch, format: str) -> Counts:
    """One batch of an import: what `Format.write` calls."""
    provenance = delivery(
        source=batch.source,
        format=format,
        terms=batch.terms,
        run_id=batch.run_id,
        file_sha256=batch.file_sha256,
    )
    return write_persons([(source_key(row), row.record) for row in batch.rows], provenance)
