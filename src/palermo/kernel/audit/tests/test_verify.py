"""Whoever owns the database can change it, but not without the verifier noticing.

Each test works as superuser inside one transaction that is rolled back, on a chain that is made new inside
it.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.kernel.audit import checkpoint as notes
from palermo.kernel.audit.chain import COLUMNS, Row, canonical, entry_hash, first_hash
from palermo.kernel.audit.checkpoint import Checkpoint
from palermo.kernel.audit.verify import sentences, verify

Chain = psycopg.Connection[Any]
SEED = b"s" * 32


@pytest.fixture
def chain(django_db_setup: None, cluster: Any) -> Iterator[Chain]:
    """Twenty entries on an empty chain, as superuser with the triggers off."""
    with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        origin = str(uuid.uuid4())
        connection.execute("DELETE FROM audit_entry")
        connection.execute(
            "UPDATE audit_head SET origin = %s, seq = 0, hash = %s", [origin, first_hash(origin)]
        )
        for number in range(20):
            _append(connection, number)
        yield connection
        connection.rollback()


def _append(connection: Chain, number: int) -> None:
    connection.execute(
        "SELECT audit_append('test.entry.make', 'thing', %s, 'testing', '{one,two}', %s::jsonb, 'done')",
        [
            uuid.uuid4() if number % 2 else None,
            json.dumps({"number": number, "word": "é محمد", "none": None}),
        ],
    )


def _checkpoint(connection: Chain) -> Checkpoint:
    found = connection.execute("SELECT origin::text, seq, hash FROM audit_head").fetchone()
    assert found is not None
    text = notes.sign(SEED, found[0], found[1], bytes(found[2]))
    return notes.read(text, notes.verifier_key(SEED, found[0]))


def _rebuild(connection: Chain) -> None:
    """What a careful attacker does: number everything anew and compute every hash again, and the head."""
    origin = connection.execute("SELECT origin::text FROM audit_head").fetchone()
    assert origin is not None
    previous, seq = first_hash(origin[0]), 0
    old = connection.execute(f"SELECT {COLUMNS} FROM audit_entry ORDER BY seq", binary=True).fetchall()
    connection.execute("UPDATE audit_entry SET seq = -seq")
    for values in old:
        seq += 1
        row = Row._make(values)
        fresh = row._replace(seq=seq, prev_hash=previous)
        fresh = fresh._replace(hash=entry_hash(fresh))
        connection.execute(
            "UPDATE audit_entry SET seq = %s, prev_hash = %s, hash = %s WHERE seq = %s",
            [seq, fresh.prev_hash, fresh.hash, -row.seq],
        )
        previous = fresh.hash
    connection.execute("UPDATE audit_head SET seq = %s, hash = %s", [seq, previous])


def test_an_untouched_chain_is_whole(chain: Chain) -> None:
    report = verify(chain, [_checkpoint(chain)])
    assert report.ok
    assert (report.entries, report.checkpoints, report.covered) == (20, 1, 20)
    assert "whole: 20 entries" in sentences(report)


def test_sql_and_python_build_the_same_bytes(chain: Chain) -> None:
    found = chain.execute(
        f"SELECT {COLUMNS}, audit_canonical(e) FROM audit_entry e ORDER BY seq", binary=True
    ).fetchall()
    assert len(found) == 20
    for *values, expected in found:
        assert canonical(Row._make(values)) == bytes(expected)


CHANGES = {
    "action": "'x.y'",
    "actor": "gen_random_uuid()",
    "actor_kind": "'operator'",
    "session_ref": "'other'",
    "at": "at + interval '1 microsecond'",
    "object_kind": "'other'",
    "object_id": "gen_random_uuid()",
    "purpose": "'other'",
    "fields": "ARRAY['onetwo']",
    "detail": "'{}'",
    "result": "'refused'",
    "prev_hash": "sha256('x')",
    "hash": "sha256('x')",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("seq", [1, 11, 20])
def test_a_changed_column_is_found(chain: Chain, column: str, seq: int) -> None:
    chain.execute(f"UPDATE audit_entry SET {column} = {CHANGES[column]} WHERE seq = {seq}")  # type: ignore[arg-type]
    report = verify(chain, [])
    assert report.first_bad == seq


@pytest.mark.parametrize("seq", [1, 11, 20])
def test_a_deleted_entry_is_found(chain: Chain, seq: int) -> None:
    chain.execute("DELETE FROM audit_entry WHERE seq = %s", [seq])
    report = verify(chain, [])
    assert report.first_bad == seq
    assert not report.ok


def test_an_inserted_entry_is_found(chain: Chain) -> None:
    chain.execute("UPDATE audit_entry SET seq = seq + 100 WHERE seq > 10")
    kept = (
        "at, actor, actor_kind, session_ref, action, object_kind, object_id, purpose, fields, detail, result"
    )
    copy = f"INSERT INTO audit_entry SELECT 11, {kept}, prev_hash, hash FROM audit_entry WHERE seq = 10"
    chain.execute(copy)  # type: ignore[arg-type]
    chain.execute("UPDATE audit_entry SET seq = seq - 99 WHERE seq > 100")
    assert verify(chain, []).first_bad == 11


def test_swapped_entries_are_found(chain: Chain) -> None:
    chain.execute("UPDATE audit_entry SET seq = CASE seq WHEN 5 THEN 1006 ELSE 1005 END WHERE seq IN (5, 6)")
    chain.execute("UPDATE audit_entry SET seq = seq - 1000 WHERE seq > 1000")
    assert verify(chain, []).first_bad == 5


def test_a_cut_tail_is_found_by_the_head(chain: Chain) -> None:
    chain.execute("DELETE FROM audit_entry WHERE seq > 15")
    assert verify(chain, []).first_bad == 16


def test_a_cut_tail_with_a_moved_head_is_found_by_the_checkpoint(chain: Chain) -> None:
    point = _checkpoint(chain)
    chain.execute("DELETE FROM audit_entry WHERE seq > 15")
    chain.execute("UPDATE audit_head SET seq = 15, hash = (SELECT hash FROM audit_entry WHERE seq = 15)")
    assert verify(chain, []).ok, "without an outside checkpoint this cannot be seen"
    report = verify(chain, [point])
    assert report.first_bad == 16


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE audit_entry SET object_id = NULL WHERE seq = 8",
        "DELETE FROM audit_entry WHERE seq = 7",
        "UPDATE audit_entry SET seq = CASE seq WHEN 7 THEN 8 ELSE 7 END WHERE seq IN (7, 8)",
        "UPDATE audit_entry SET actor_kind = 'operator' WHERE seq = 20",
    ],
)
def test_a_chain_rebuilt_whole_is_found_by_the_checkpoint(chain: Chain, crime: str) -> None:
    point = _checkpoint(chain)
    if "CASE" in crime:
        chain.execute("ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey")
    chain.execute(crime)  # type: ignore[arg-type]
    _rebuild(chain)
    _append(chain, 1)
    assert verify(chain, []).ok, "the attacker did his work well"
    assert not verify(chain, [point]).ok


def test_another_chain_in_its_place_is_found(chain: Chain) -> None:
    point = _checkpoint(chain)
    assert not verify(chain, [replace(point, origin=str(uuid.uuid4()))]).ok


def test_a_checkpoint_survives_print_and_a_changed_one_is_refused() -> None:
    origin = str(uuid.uuid4())
    text = notes.sign(SEED, origin, 7, b"r" * 32)
    key = notes.verifier_key(SEED, origin)
    assert notes.read(text, key).size == 7
    assert notes.split(text + "\n" + text) == [text, text]
    for wrong in (
        text.replace("\n7\n", "\n8\n"),
        text.replace("palermo/", "palerno/"),
        text[:-20],
        "",
        "x\n\ny",
    ):
        with pytest.raises(notes.BadCheckpoint):
            notes.read(wrong, key)
    with pytest.raises(notes.BadCheckpoint):
        notes.read(text, notes.verifier_key(b"t" * 32, origin))


@given(st.lists(st.text(max_size=5), max_size=3), st.text(max_size=5), st.text(max_size=5))
def test_no_two_entries_share_their_bytes(fields: list[str], action: str, purpose: str) -> None:
    base = Row(1, 0, None, "person", "", "ab", "c", None, "", ["x"], "{}", "done", b"", b"")
    other = base._replace(fields=fields, action=action, purpose=purpose)
    same = (fields, action, purpose) == (["x"], "ab", "")
    assert (canonical(base) == canonical(other)) == same


def test_the_program_needs_no_django_and_ends_with_its_finding(
    django_db_setup: None, cluster: Any, tmp_path: Path
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        blocked = (
            "import sys; sys.modules['django'] = None; "
            "from palermo.kernel.audit.verify import main; sys.exit(main())"
        )
        return subprocess.run(
            [sys.executable, "-c", blocked, "--dsn", cluster.superuser_dsn("palermo"), *arguments],
            capture_output=True, text=True, check=False, env={**os.environ, "PALERMO_HOME": str(tmp_path)},
        )  # fmt: skip

    whole = run("--json", "--checkpoints", str(tmp_path))
    assert whole.returncode == 0, whole.stderr
    assert json.loads(whole.stdout)["ok"] is True
    origin = str(uuid.uuid4())
    notes.store(tmp_path, notes.sign(SEED, origin, 10**9, b"r" * 32), notes.verifier_key(SEED, origin))
    broken = run("--checkpoints", str(tmp_path))
    assert broken.returncode == 1
    assert "BROKEN" in broken.stdout
