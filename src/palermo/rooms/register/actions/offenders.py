"""Lists of persons suspected, prosecuted, convicted: from a checked row to suspects, stages and charges.

A person counts once per stage and year, however many charges there are: rows of one person are gathered by the
source's pseudonym, of which a keyed hash is stored (a list of short numbers could otherwise be tried out).
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from palermo.kernel.imports.formats import Batch, Counts, Format, Layout
from palermo.kernel.vault.unlock import keyring
from palermo.rooms.register.actions.bulk import delivery
from palermo.rooms.register.actions.rows_of_a_person import RowsOfAPerson
from palermo.rooms.register.models import Provenance
from palermo.rooms.register.models.flags import mask
from palermo.standards.records import OffenderRecord, offender_fields, offender_record

_COLUMNS = (
    "source_key", "stage", "year", "on", "precision", "crime", "offence", "article", "form_yes", "sex",
    "age_group", "citizenship", "instance", "sentence", "sentence_months", "final", "country", "area", "authority",
)  # fmt: skip
_QUOTED = ", ".join(f'"{name}"' for name in _COLUMNS)

_SCRATCH = """
CREATE TEMPORARY TABLE IF NOT EXISTS register_charging (
  source_key bytea, stage text, year smallint, "on" date, "precision" text, crime text COLLATE "C",
  offence text COLLATE "C", article text COLLATE "C", form_yes integer, sex text, age_group text,
  citizenship text, instance text, sentence text, sentence_months smallint, final boolean, country text,
  area text, authority text, n serial) ON COMMIT DELETE ROWS
"""

# What a later row leaves empty stays as it was known; what it says counts.
_SUSPECTS = """
INSERT INTO register_suspect AS s (source_list_id, source_key, provenance_id, sex, citizenship)
SELECT %(list)s, source_key, %(provenance)s, max(sex), max(citizenship)
FROM register_charging GROUP BY source_key ORDER BY source_key
ON CONFLICT (source_list_id, source_key) DO UPDATE
  SET sex = coalesce(nullif(excluded.sex, ''), s.sex),
      citizenship = coalesce(nullif(excluded.citizenship, ''), s.citizenship)
  WHERE (coalesce(nullif(excluded.sex, ''), s.sex), coalesce(nullif(excluded.citizenship, ''), s.citizenship))
    IS DISTINCT FROM (s.sex, s.citizenship)
"""
_EVENTS = """
INSERT INTO register_justiceevent AS e (suspect_id, stage, year, "on", "precision", crime, age_group, form_yes,
    country, area, provenance_id)
SELECT s.id, c.stage, c.year, (array_agg(c."on" ORDER BY c."precision" = 'year', c."on"))[1],
  (array_agg(c."precision" ORDER BY c."precision" = 'year', c."on"))[1], '', max(c.age_group), 0,
  max(c.country), max(c.area), %(provenance)s
FROM register_charging c JOIN register_suspect s ON s.source_list_id = %(list)s AND s.source_key = c.source_key
GROUP BY s.id, c.stage, c.year ORDER BY s.id, c.stage, c.year
ON CONFLICT (suspect_id, stage, year) DO UPDATE
  SET "on" = CASE WHEN e."precision" = 'year' THEN excluded."on" ELSE least(e."on", excluded."on") END,
      "precision" = CASE WHEN e."precision" = 'year' OR excluded."on" < e."on" AND excluded."precision" <> 'year'
        THEN excluded."precision" ELSE e."precision" END,
      age_group = coalesce(nullif(excluded.age_group, ''), e.age_group),
      country = coalesce(nullif(excluded.country, ''), e.country),
      area = coalesce(nullif(excluded.area, ''), e.area)
"""
_CHARGES = """
WITH incoming AS (
  SELECT DISTINCT ON (e.id, c.offence, c.article, c.crime) e.id AS event_id, c.*
  FROM register_charging c
  JOIN register_suspect s ON s.source_list_id = %(list)s AND s.source_key = c.source_key
  JOIN register_justiceevent e ON e.suspect_id = s.id AND e.stage = c.stage AND e.year = c.year
  ORDER BY e.id, c.offence, c.article, c.crime, c.n DESC
)
INSERT INTO register_charge AS h (event_id, offence, article, crime, form_yes, instance, sentence,
    sentence_months, final, authority, provenance_id)
SELECT event_id, offence, article, crime, form_yes, instance, sentence, sentence_months, final, authority,
  %(provenance)s FROM incoming
ON CONFLICT (event_id, offence, article, crime) DO UPDATE
  SET form_yes = excluded.form_yes, instance = excluded.instance, sentence = excluded.sentence,
      sentence_months = excluded.sentence_months, final = excluded.final, authority = excluded.authority,
      provenance_id = excluded.provenance_id
  WHERE (h.form_yes, h.instance, h.sentence, h.sentence_months, h.final, h.authority) IS DISTINCT FROM
    (excluded.form_yes, excluded.instance, excluded.sentence, excluded.sentence_months, excluded.final,
     excluded.authority)
RETURNING h.xmax = 0
"""
# The crime and the forms of an event are those of all its charges, in whatever delivery each came.
_TOGETHER = """
WITH touched AS (
  SELECT DISTINCT e.id FROM register_charging c
  JOIN register_suspect s ON s.source_list_id = %(list)s AND s.source_key = c.source_key
  JOIN register_justiceevent e ON e.suspect_id = s.id AND e.stage = c.stage AND e.year = c.year
), said AS (
  SELECT h.event_id, bit_or(h.form_yes) AS forms, bool_or(h.crime IN ('tip', 'tip_and_som')) AS tip,
    bool_or(h.crime IN ('som', 'aggravated_som', 'tip_and_som')) AS som, max(h.crime) AS one,
    bool_or(h.crime = 'aggravated_som') AS aggravated
  FROM register_charge h JOIN touched t ON t.id = h.event_id GROUP BY h.event_id
), told AS (
  SELECT event_id, forms, CASE WHEN tip AND som THEN 'tip_and_som' WHEN tip THEN 'tip'
    WHEN aggravated THEN 'aggravated_som' ELSE one END AS crime FROM said
)
UPDATE register_justiceevent e SET crime = told.crime, form_yes = told.forms FROM told
WHERE e.id = told.event_id AND (e.crime, e.form_yes) IS DISTINCT FROM (told.crime, told.forms)
"""


class Charged(NamedTuple):
    """A row as COPY text after the person's key, its meaning, and what other rows of the person must fit."""

    person: bytes
    line: str
    key: bytes
    record: OffenderRecord


@lru_cache(maxsize=1)
def _key(instance: bytes) -> bytes:
    return keyring().purpose_key("blind-index", "register-offender")


def person_key(person: bytes) -> bytes:
    """What is stored of the source's pseudonym: 16 bytes that nobody can try out without the instance's key."""
    return hmac.new(_key(keyring().instance), person, hashlib.sha256).digest()[:16]


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    return ("t" if value else "f") if isinstance(value, bool) else str(value).replace("\\", "\\\\")


def charged(record: OffenderRecord) -> Charged:
    """A record of the field's standards as a row for the database."""
    values = (
        record.stage, record.on.year, record.on.isoformat(), record.precision, record.crime, record.offence,
        record.article, mask("form", record.forms), record.sex, record.age_group, record.citizenship,
        record.instance, record.sentence, record.sentence_months, record.final, record.country, record.area,
        record.authority,
    )  # fmt: skip
    return Charged(record.person, "\t".join(map(_text, values)), record.key, record)


def write_charges(rows: Sequence[Charged], provenance: Provenance) -> Counts:
    """Write rows inside the open transaction: charges that are new, that changed, and that were known."""
    given = {"list": provenance.source_list_id, "provenance": provenance.pk}
    keys = {person: person_key(person).hex() for person in {row.person for row in rows}}
    with connection.cursor() as cursor:
        cursor.execute(_SCRATCH)
        cursor.execute("TRUNCATE register_charging")
        with cursor.copy(f"COPY register_charging ({_QUOTED}) FROM STDIN") as copy:
            copy.write("".join(f"\\\\x{keys[row.person]}\t{row.line}\n" for row in rows))
        # A first import meets tables of which the planner knows nothing yet, and would read them row by row.
        cursor.execute("ANALYZE register_charging")
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_SUSPECTS, given)
        cursor.execute(_EVENTS, given)
        cursor.execute(_CHARGES, given)
        fresh = [made for (made,) in cursor.fetchall()]
        cursor.execute(_TOGETHER, given)
        cursor.execute("SET LOCAL enable_nestloop = on")
    added = sum(fresh)
    return Counts(added, len(fresh) - added, len(rows) - len(fresh))


def write_batch(batch: Batch) -> Counts:
    """One batch of an import: what `Format.write` calls."""
    provenance = delivery(
        source=batch.source, format="offenders", terms=batch.terms, run_id=batch.run_id,
        file_sha256=batch.file_sha256,
    )  # fmt: skip
    return write_charges([row.record for row in batch.rows], provenance)


def _read(row: dict[str, str], number: int) -> Charged | Iterable[object]:
    record = offender_record.parse(row, number)
    return record if isinstance(record, list) else charged(record)


def _meaning(row: Charged) -> bytes:
    return row.key


OFFENDERS = Format(
    name="offenders",
    layouts=(Layout("offenders", offender_record.HEADER.required, _read, offender_record.HEADER.optional),),
    key=_meaning,
    write=write_batch,
    # A name may stand where the pseudonym belongs.
    identity=frozenset({"person_key"}),
    by_mapping=True,
    across=RowsOfAPerson,
    says=lambda: {field.name: f"{field.meaning}: {field.values}" for field in offender_fields.FIELDS},
)
