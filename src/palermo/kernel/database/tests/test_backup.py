"""A backup comes back whole or not at all, opens for its key alone, and holds no key."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest

from palermo.kernel.database import launcher, roles
from palermo.kernel.database.backup import BackupError, archive, backup, dump, restore, sealing
from palermo.kernel.database.backup.programs import fitting
from palermo.kernel.database.rls import protect_sql

from .launching import SOURCE, throwaway_home

CANARY = "Qzvtrixa"
ENV: dict[str, str] = {}
PASSPHRASE = "seven long words of a passphrase"
Key = pyrage.x25519.Identity


@pytest.fixture(scope="module")
def source() -> Iterator[Path]:
    """A home with a protected table, a key, a live session, and an encrypted file."""
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        roles.ensure_roles(cluster.superuser_dsn(), home)
        with psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
            connection.execute(
                "CREATE TABLE person (id int PRIMARY KEY, name text CHECK (length(name) < 900))"
            )
            connection.execute(
                f"INSERT INTO person SELECT n, '{CANARY}' || md5(n::text) FROM generate_series(1, 5000) n".encode()
            )
            for statement in protect_sql(
                "person", read="false", insert=None, update=None, delete=None, job=False, reason="a test"
            ):
                connection.execute(statement.encode())
            for table in dump.LEFT_OUT:
                connection.execute(f"CREATE TABLE {table} AS SELECT '{CANARY}-secret' AS secret".encode())
        (home / "files" / "ab").mkdir(parents=True)
        (home / "files" / "ab" / "cd.bin").write_bytes(b"sealed" * 100_000)
        yield home


@pytest.fixture
def empty() -> Iterator[Path]:
    with throwaway_home() as home:
        cluster = launcher.ensure_running(home, durability=False)
        roles.ensure_roles(cluster.superuser_dsn(), home)
        yield home


@pytest.fixture(scope="module")
def key() -> Key:
    return Key.generate()


@pytest.fixture(scope="module")
def made(source: Path, key: Key, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "national.backup"
    report = backup(
        path, recipients=[str(Key.generate().to_public()), str(key.to_public())], home=source, env=ENV
    )
    assert (report.tables, report.rows) == (1, 5000)
    return path


def test_a_backup_comes_back_with_its_walls_and_files(
    source: Path, made: Path, key: Key, empty: Path
) -> None:
    report = restore(made, identity=f"# our key\n{key}\n", home=empty, env=ENV)
    assert report.rows == 5000
    fingerprint = b"SELECT md5(string_agg(name, ',' ORDER BY id)) FROM person"
    found = []
    for home in (source, empty):
        cluster = launcher.ensure_running(home)
        with psycopg.connect(cluster.superuser_dsn("palermo")) as connection:
            found.append(connection.execute(fingerprint).fetchone())
    assert found[0] == found[1]
    with psycopg.connect(cluster.dsn(roles.APP), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO person VALUES (0, '')")
    with psycopg.connect(cluster.dsn(roles.OWNER)) as connection:
        assert connection.execute("SELECT obj_description('person'::regclass)").fetchone() == (
            "protected: a test",
        )
        for table in dump.LEFT_OUT:
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
    assert (empty / "files" / "ab" / "cd.bin").read_bytes() == b"sealed" * 100_000
    assert (empty / "files" / "ab" / "cd.bin").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="not empty"):
        restore(made, identity=str(key), home=empty, env=ENV)


def test_a_passphrase_opens_what_it_locked(source: Path, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "national.backup"
    with pytest.raises(BackupError, match="at least"):
        backup(path, passphrase="short", home=source, env=ENV)
    assert list(tmp_path.iterdir()) == []
    backup(path, passphrase=PASSPHRASE, home=source, env=ENV)
    with pytest.raises(BackupError, match="passphrase is wrong"):
        restore(path, passphrase=PASSPHRASE + "x", home=empty, env=ENV)
    with pytest.raises(BackupError, match="give it"):
        restore(path, identity=str(Key.generate()), home=empty, env=ENV)
    assert restore(path, passphrase=PASSPHRASE, home=empty, env=ENV).rows == 5000


def test_a_backup_is_closed_and_holds_no_key(made: Path, key: Key, source: Path) -> None:
    raw = made.read_bytes()
    assert made.stat().st_mode & 0o777 == 0o600
    assert raw.startswith(b"age-encryption.org/v1")
    assert CANARY.encode() not in raw
    content = pyrage.decrypt(raw, [key])
    parts = io.BytesIO()
    archive.read(io.BytesIO(content), database=parts)
    listed = subprocess.run(
        [launcher.ensure_running(source).binaries / "pg_restore", "-f", "-"],
        input=parts.getvalue(),
        capture_output=True,
    )
    assert listed.stdout.count(CANARY.encode()) == 5000, "an open standard tool reads it, rows and all"
    assert b"-secret" not in listed.stdout
    for file in (source / "keys").iterdir():
        assert file.read_bytes().strip() not in content


@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[: 65_536 * 2],
        lambda raw: raw[:150] + bytes([raw[150] ^ 1]) + raw[151:],
        lambda raw: raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :],
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw + b"x",
        lambda raw: b"",
        lambda raw: b"name,age\nx,1\n",
        lambda raw: sealing.MAGIC + b"99999999\n" + raw,
    ],
)
def test_a_cut_or_changed_backup_is_refused_before_anything_is_written(
    harm: Callable[[bytes], bytes],
    made: Path,
    key: Key,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("palermo.kernel.database.backup._must_be_empty", lambda target, files: None)
    monkeypatch.setattr(dump, "restoring", lambda target: pytest.fail("a statement would have run"))
    harmed = tmp_path / "harmed"
    harmed.write_bytes(harm(made.read_bytes()))
    with pytest.raises(BackupError):
        restore(harmed, identity=str(key), passphrase=PASSPHRASE, home=source, env=ENV)


def test_another_key_and_another_archive_are_refused(made: Path, key: Key, source: Path, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("palermo.kernel.database.backup._must_be_empty", lambda target, files: None)
    with pytest.raises(BackupError, match="does not open"):
        restore(made, identity=str(Key.generate()), home=source, env=ENV)
    with pytest.raises(BackupError, match="no age secret key"):
        restore(made, identity="nonsense", home=source, env=ENV)
    with pytest.raises(BackupError, match="not an age public key"):
        backup(tmp_path / "x", recipients=["nonsense"], home=source, env=ENV)
    assert list(tmp_path.iterdir()) == []
    for pieces in (
        [b"hello"],
        archive._member("../../etc/passwd", b"x"),
        archive._member("manifest.json", b"{}"),
    ):
        with (tmp_path / "other").open("wb") as stream:
            sealing.seal(iter([*pieces, b"\0" * 1024]), stream, [str(key.to_public())], "")
        with pytest.raises(BackupError, match="not a backup of palermo"):
            restore(tmp_path / "other", identity=str(key), home=source, env=ENV)


def test_no_file_name_leads_out_of_the_files(tmp_path: Path) -> None:
    manifest = b'{"format": "palermo backup 1"}'
    for name in ("files/../x", "files/a/../../x", "/etc/x", "files//x", "files/.hidden", "filesx", "files/"):
        made = b"".join(
            [*archive._member(archive.MANIFEST, manifest), *archive._member(name, b"x"), b"\0" * 1024]
        )
        with pytest.raises(ValueError):
            archive.read(io.BytesIO(made), files=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_restore_leaves_the_database_empty(
    source: Path, key: Key, empty: Path, tmp_path: Path
) -> None:
    with psycopg.connect(dump.reading(source, ENV)) as connection:
        census = dump.census(connection)
    path = tmp_path / "broken"
    manifest = {"format": "palermo backup 1", "version": "0", "made_at": "", **census}
    with path.open("wb") as stream:
        sealing.seal(archive.pack(manifest, io.BytesIO(b"PGDMP, or so it says"), tmp_path / "no"), stream,
                     [str(key.to_public())], "")  # fmt: skip
    with pytest.raises(BackupError, match="could not be restored"):
        restore(path, identity=str(key), home=empty, env=ENV)
    with psycopg.connect(dump.writing(empty, ENV)) as connection:
        assert connection.execute(dump.TABLES).fetchall() == []
    assert not (empty / "files").exists()


def test_rows_that_did_not_arrive_are_noticed(
    made: Path, key: Key, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dump.census
    monkeypatch.setattr(dump, "census", lambda c: {**real(c), "rows": {"person": 4999}})
    with pytest.raises(BackupError, match="person: 4999 / 5000"):
        restore(made, identity=str(key), home=empty, env=ENV)


def test_the_owner_backs_up_through_the_walls_or_refuses(source: Path, key: Key, tmp_path: Path) -> None:
    env = {"DATABASE_URL": "x", "DATABASE_URL_OWNER": launcher.ensure_running(source).dsn(roles.OWNER)}
    path = tmp_path / "by-owner"
    assert backup(path, recipients=[str(key.to_public())], home=source, env=env).rows == 5000
    with psycopg.connect(env["DATABASE_URL_OWNER"]) as connection:
        connection.execute("ALTER POLICY owner_all ON person USING (id > 1)")
    try:
        with pytest.raises(BackupError, match="does not see every row of: person"):
            backup(path, recipients=[str(key.to_public())], home=source, env=env)
    finally:
        with psycopg.connect(env["DATABASE_URL_OWNER"]) as connection:
            connection.execute("ALTER POLICY owner_all ON person USING (true)")
    with pytest.raises(BackupError, match="DATABASE_URL_BACKUP"):
        backup(path, recipients=[str(key.to_public())], home=source, env={"DATABASE_URL": "x"})


def test_a_full_disk_leaves_no_half_backup(source: Path, key: Key, tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from palermo.kernel.database.backup import backup, BackupError\n"
        "from django.conf import settings; settings.configure(USE_I18N=False)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n    backup(Path(sys.argv[2]), recipients=[sys.argv[3]], home=Path(sys.argv[1]), env={})\n"
        "except BackupError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, source, tmp_path / "x", str(key.to_public())],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert "could not be written" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


CATALOGUE = """
SELECT 'table', c.relname, c.relrowsecurity::text || c.relforcerowsecurity || coalesce(obj_description(c.oid), ''),
       (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(c.relacl,
          acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S', 'v')
UNION ALL SELECT 'policy', polrelid::regclass || '.' || polname, pg_get_expr(polqual, polrelid) ||
       polroles::regrole[]::text, pg_get_expr(polwithcheck, polrelid) FROM pg_policy
UNION ALL SELECT 'function', p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid)) || proowner::regrole,
       (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a)
FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid), tgenabled::text
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid), contype::text
FROM pg_constraint WHERE conrelid <> 0
ORDER BY 1, 2, 3
"""


@pytest.mark.usefixtures("django_db_setup")
def test_every_table_function_wall_and_trigger_of_palermo_comes_back(
    cluster: launcher.Cluster, key: Key, empty: Path, tmp_path: Path
) -> None:
    backup(tmp_path / "x", recipients=[str(key.to_public())], home=cluster.home, env=ENV)
    restore(tmp_path / "x", identity=str(key), home=empty, env=ENV)
    found = []
    for dsn in (cluster.superuser_dsn("palermo"), launcher.ensure_running(empty).superuser_dsn("palermo")):
        with psycopg.connect(dsn) as connection:
            rows = connection.execute(CATALOGUE.encode()).fetchall()
            # Reading a condition back changes where its casts and brackets stand, and nothing else.
            found.append([re.sub(r"::[a-z ]+(\[\])?|[()]", "", "|".join(map(str, row))) for row in rows])
    assert len(found[0]) > 100
    assert found[0] == found[1]


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/usr/lib/postgresql/15/bin/initdb").exists(), reason="no PostgreSQL 15 of the distribution"
)
def test_a_server_of_another_major_version_gets_its_own_programs(key: Key, tmp_path: Path) -> None:
    older = Path("/usr/lib/postgresql/15/bin")
    with throwaway_home() as one, throwaway_home() as two:
        environments = []
        for home in (one, two):
            cluster = launcher.ensure_running(home, binaries=older, durability=False)
            roles.ensure_roles(cluster.superuser_dsn(), home)
            environments.append({"DATABASE_URL": "x", "DATABASE_URL_OWNER": cluster.dsn(roles.OWNER)})
        with psycopg.connect(environments[0]["DATABASE_URL_OWNER"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        backup(tmp_path / "x", recipients=[str(key.to_public())], home=one, env=environments[0])
        assert restore(tmp_path / "x", identity=str(key), home=two, env=environments[1]).rows == 1


def test_programs_fit_the_server() -> None:
    assert fitting("pg_dump", 15).name == "pg_dump"
    with pytest.raises(BackupError, match="pg_restore of PostgreSQL 14 is needed"):
        fitting("pg_restore", 14)
    with pytest.raises(BackupError, match="pg_dump of PostgreSQL 99 is needed"):
        fitting("pg_dump", 99)
