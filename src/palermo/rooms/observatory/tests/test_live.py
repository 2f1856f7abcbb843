"""A server that listens, real clients, real connections: fifty at once, and curl as a Digest peer that is not ours."""

import http.client
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.servers.basehttp import WSGIServer
from pytest_django.live_server_helper import LiveServer

from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Submission, SubmissionRevision
from palermo.rooms.observatory.tests.conftest import device, filled, new_id, tell

AT_ONCE = 50


@pytest.fixture
def running(transactional_db: None, unjudged: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    told = tell(make_cast())
    # The test server lets ten clients wait in its door and turns the eleventh away; production's lets 2048.
    monkeypatch.setattr(WSGIServer, "request_queue_size", 2 * AT_ONCE)
    server = LiveServer("127.0.0.1")
    yield SimpleNamespace(url=server.url, **told.__dict__)
    server.stop()


def body(xml: bytes, files: dict[str, bytes]) -> bytes:
    """A multipart body written by hand."""
    parts = [("xml_submission_file", "submission.xml", "text/xml", xml)]
    parts += [(name, name, "application/octet-stream", content) for name, content in files.items()]
    out = b""
    for name, filename, kind, content in parts:
        head = f'--frontier\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        out += head.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
    return out + b"--frontier--\r\n"


def at_once(running: Any, bodies: list[bytes]) -> list[int]:
    """The status that each of several clients got, who all begin at the same moment."""
    where = urlsplit(running.url)
    start, said = threading.Barrier(len(bodies)), [0] * len(bodies)

    def one(place: int) -> None:
        client = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
        start.wait(60)
        headers = {"Content-Type": "multipart/form-data; boundary=frontier"}
        client.request("POST", f"{running.base}/submission", bodies[place], headers)
        said[place] = client.getresponse().status
        client.close()

    threads = [threading.Thread(target=one, args=[place]) for place in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return said


def test_fifty_at_once_are_one_record_with_all_its_files(running: Any) -> None:
    key = new_id()
    names = [f"p{n}.jpg" for n in range(10)]
    xml = filled(key, more="<place>p0.jpg</place>")
    # Each client brings one of ten files, as a device does that splits them; every file comes five times.
    bodies = [body(xml, {names[n % 10]: names[n % 10].encode()}) for n in range(AT_ONCE)]
    said = at_once(running, bodies)
    assert sorted(said) == [201] + [202] * (AT_ONCE - 1)
    with acting(Viewer.operator()) as viewer:
        assert Submission.objects.count() == 1
        revision = SubmissionRevision.objects.get()
        rows = keeping.names_of(viewer, owner_of(running.study), revision.attachments.all())
        assert sorted(name for row, name in rows if row.present) == names
        assert keeping.open_xml(viewer, owner_of(running.study), revision) == xml


def test_of_twenty_with_other_words_under_one_id_one_is_taken(running: Any) -> None:
    key = new_id()
    said = at_once(running, [body(filled(key, age=str(18 + n)), {}) for n in range(20)])
    assert sorted(said) == [201] + [409] * 19
    with acting(Viewer.operator()):
        assert SubmissionRevision.objects.count() == 1


def test_of_ten_edits_of_one_wording_at_once_one_is_taken(running: Any) -> None:
    key = new_id()
    assert at_once(running, [body(filled(key), {})]) == [201]
    said = at_once(running, [body(filled(age=str(40 + n), replaces=key), {}) for n in range(10)])
    assert sorted(said) == [201] + [409] * 9
    with acting(Viewer.operator()):
        assert SubmissionRevision.objects.count() == 2


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_curl_signs_in_by_digest_and_sends(running: Any, tmp_path: Path) -> None:
    issued = device(running.people.analyst, running.study, "E-09")
    base = f"{running.url}/o/{running.study.code}"
    (tmp_path / "s.xml").write_bytes(filled(more="<place>a.jpg</place>"))
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "curlrc").write_text(f'user = "{issued.device.username}:{issued.secret}"\n')

    def curl(*arguments: str) -> tuple[str, str]:
        command = [
            "curl",
            "-sS",
            "--digest",
            "-K",
            str(tmp_path / "curlrc"),
            "-D",
            str(tmp_path / "head"),
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        heads = (tmp_path / "head").read_text().replace("\r", "").strip().split("\n\n")
        assert "401" in heads[0].split("\n")[0], "the server asks first"
        return heads[-1], done.stdout

    head, text = curl(f"{base}/formList?deviceID=x%3Ay")
    assert " 200 " in head.split("\n")[0] + " "
    for needed in ("X-OpenRosa-Version: 1.0", "Date: ", "Content-Type: text/xml; charset=utf-8"):
        assert head.count(needed) == 1, needed
    assert "<formID>pilot_legs</formID>" in text
    head, _text = curl("--head", f"{base}/submission")
    assert " 204 " in head.split("\n")[0] + " "
    parts = (
        "-F", f"xml_submission_file=@{tmp_path}/s.xml;type=text/xml", "-F", f"a.jpg=@{tmp_path}/a.jpg;type=image/jpeg",
    )  # fmt: skip
    assert " 201 " in curl(*parts, f"{base}/submission")[0].split("\n")[0] + " "
    assert " 202 " in curl(*parts, f"{base}/submission")[0].split("\n")[0] + " "
