"""Root keys live in private files, several versions at once, and never get overwritten."""

import os
import threading
from pathlib import Path

import pytest

from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.keys import (
    PURPOSES,
    KeysUnusable,
    add_root,
    keyring_in_memory,
    open_keyring,
    retire_root,
)


def test_first_start_makes_private_files_and_the_second_reads_them(tmp_path: Path) -> None:
    first = open_keyring(tmp_path / "keys", create=True)
    second = open_keyring(tmp_path / "keys")
    assert first == second
    assert oct((tmp_path / "keys").stat().st_mode)[-3:] == "700"
    for path in (tmp_path / "keys").iterdir():
        assert oct(path.stat().st_mode)[-3:] == "600"


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        found.append(open_keyring(tmp_path / "keys", create=True))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(ring == found[0] for ring in found)


@pytest.mark.parametrize("name", ["root-0001.key", "instance.key"])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, name: str) -> None:
    open_keyring(tmp_path / "keys", create=True)
    (tmp_path / "keys" / name).chmod(0o644)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        open_keyring(tmp_path / "keys")


def test_a_key_directory_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    with pytest.raises(KeysUnusable, match="chmod 700"):
        open_keyring(tmp_path / "keys", create=True)


def test_without_keys_nothing_is_made_behind_your_back(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match="Restore"):
        open_keyring(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lost_root_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    open_keyring(tmp_path / "keys", create=True)
    (tmp_path / "keys" / "root-0001.key").unlink()
    with pytest.raises(KeysUnusable):
        open_keyring(tmp_path / "keys", create=True)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["instance.key"]


def test_rotation_keeps_old_versions_readable_and_purposes_stable(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    before = open_keyring(directory, create=True)
    version, wrapped = before.wrap(b"s" * 32)
    after = add_root(directory)
    assert after.current == version + 1
    assert after.unwrap(version, wrapped) == b"s" * 32
    assert after.purpose_key("blind-index") == before.purpose_key("blind-index")
    retire_root(directory, version)
    last = open_keyring(directory)
    assert set(last.roots) == {version + 1}
    assert last.instance == before.instance
    with pytest.raises(KeysUnusable, match="missing"):
        last.unwrap(version, wrapped)
    with pytest.raises(KeysUnusable, match="newest"):
        retire_root(directory, version + 1)


def test_a_passphrase_locks_the_root_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("an invented long passphrase\n")
    secret.chmod(0o600)
    monkeypatch.setenv("PALERMO_KEY_PASSPHRASE_FILE", str(secret))
    ring = open_keyring(tmp_path / "keys", create=True)
    assert open_keyring(tmp_path / "keys") == ring
    secret.write_text("another long passphrase")
    with pytest.raises(KeysUnusable, match="does not open"):
        open_keyring(tmp_path / "keys")
    monkeypatch.delenv("PALERMO_KEY_PASSPHRASE_FILE")
    with pytest.raises(KeysUnusable, match="locked"):
        open_keyring(tmp_path / "keys")


def test_purpose_keys_differ_by_purpose_and_detail() -> None:
    ring = keyring_in_memory()
    keys = {ring.purpose_key(purpose) for purpose in PURPOSES} | {ring.purpose_key("blind-index", "phone")}
    assert len(keys) == len(PURPOSES) + 1
    with pytest.raises(ValueError, match="Unknown"):
        ring.purpose_key("other")


def test_a_key_wrapped_by_one_ring_does_not_open_in_another() -> None:
    version, wrapped = keyring_in_memory().wrap(os.urandom(32))
    with pytest.raises(Tampered):
        keyring_in_memory().unwrap(version, wrapped)


def test_keys_do_not_show_in_a_repr() -> None:
    ring = keyring_in_memory()
    assert repr(ring) == "Keyring()"
