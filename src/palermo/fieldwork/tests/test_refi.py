"""REFI-QDA there and back, and everything that a stranger's file may try."""

import io
import zipfile
from uuid import UUID

import pytest

from palermo.fieldwork import refi


def guid(n: int) -> str:
    return str(UUID(int=n * 1000))


TEXT = "They paid 400 😀 ahead. Then they waited. دفعوا مرتين."
CODES = (
    refi.Code(guid(1), "Fees", "Money for a leg & more"),
    refi.Code(guid(2), "Ahead", "", guid(1)),
    refi.Code(guid(3), "Waiting"),
)
MARKS = (
    refi.Selection(guid(11), 0, 22, guid(2), guid(21), "They paid", "sure"),
    refi.Selection(guid(12), 23, 39, guid(3), guid(21)),
)
WHOLE = refi.Project("Port", {guid(21): "Coder 1"}, CODES, (refi.Text(guid(31), "M-01", TEXT, MARKS),))


def test_a_project_comes_back_as_it_went() -> None:
    back = refi.read_project(refi.project(WHOLE))
    assert (back.name, dict(back.users), set(back.codes)) == ("Port", {guid(21): "Coder 1"}, set(CODES))
    (text,) = back.texts
    assert text.text == TEXT
    told = [(one.start, one.end, one.code, one.coder, one.memo) for one in text.selections]
    assert told == [(one.start, one.end, one.code, one.coder, one.memo) for one in MARKS]
    assert refi.project(WHOLE) == refi.project(WHOLE)


def test_a_codebook_comes_back_as_a_tree() -> None:
    assert set(refi.read_codebook(refi.codebook(CODES))) == set(CODES)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(refi.project(WHOLE))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    was = files["project.qde"].decode()
    assert old in was
    return packed({**files, "project.qde": was.replace(old, new).encode()})


BOMB = b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><Project xmlns="urn:QDA-XML:project:1.0">&c;</Project>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no archive", "ZIP"),
        (packed({"other.txt": b""}), "no project.qde"),
        (packed({"project.qde": BOMB}), "entities"),
        (packed({"project.qde": b"<open"}), "broken"),
        (packed({"project.qde": b"<a/>"}), "no REFI-QDA project"),
        (packed({"project.qde": b"<a/>", "../../etc/x.txt": b""}), "leads out"),
        (packed({"project.qde": b"<a/>", "C:\\x.txt": b""}), "leads out"),
        (packed({"project.qde": b" " * 3_000_000}), "more than is taken"),
        (packed({"project.qde": b"<a>" * 60 + b"</a>" * 60}), "deeply"),
        (packed({f"{n}.txt": b"" for n in range(2001)}), "2000"),
        (changed('endPosition="39"', 'endPosition="3900"'), "outside of its text"),
        (changed('startPosition="23"', 'startPosition="-1"'), "outside of its text"),
        (changed('startPosition="23"', 'startPosition="x"'), "no position"),
        (changed(f'targetGUID="{guid(3)}"', f'targetGUID="{guid(9)}"'), "does not have"),
        (changed(f'<Code guid="{guid(3)}"', f'<Code guid="{guid(1)}"'), "one guid"),
        (changed(f'<TextSource guid="{guid(31)}"', '<TextSource guid="31"'), "guid is missing"),
        (changed("internal://", "relative:///"), "outside of the archive"),
        (changed("internal://", "internal://x"), "missing"),
    ],
)
def test_bad_projects_are_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(refi.Unreadable, match=words):
        refi.read_project(content)


def test_a_damaged_stream_is_refused() -> None:
    whole = bytearray(refi.project(WHOLE))
    whole[60] ^= 0xFF
    with pytest.raises(refi.Unreadable):
        refi.read_project(bytes(whole))


def test_bad_codebooks_are_refused_with_a_sentence() -> None:
    for content in (b"", b"<a/>", BOMB, b'<?xml version="1.0" encoding="no-such"?><a/>'):
        with pytest.raises(refi.Unreadable):
            refi.read_codebook(content)
