"""A server of its own that is killed between the parts of a record, and bodies that are too large to be read."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import palermo
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Submission, SubmissionRevision
from palermo.rooms.observatory.tests.conftest import device, filled, new_id, tell
from palermo.rooms.observatory.tests.test_live import body

PARTS = 12
SOURCES = Path(palermo.__file__).parents[1]  # the server runs what is tested, wherever that lies
SERVER = """
import django; django.setup()
from socketserver import ThreadingMixIn
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.core.wsgi import get_wsgi_application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads, request_queue_size = True, 128
server = Server(("127.0.0.1", 0), WSGIRequestHandler)
server.set_app(get_wsgi_application())
print(server.server_port, flush=True)
server.serve_forever()
"""


class Running:
    """A server in a process of its own, on the database of the tests."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(60)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def apart(transactional_db: None, unjudged: None) -> Iterator[Any]:
    told = tell(make_cast())
    server = Running()
    server.start()
    yield SimpleNamespace(server=server, **told.__dict__)
    server.kill()


def send(apart: Any, content: bytes, port: int = 0) -> int:
    """The status that comes back; 0 where the server went away."""
    client = http.client.HTTPConnection("127.0.0.1", port or apart.server.port, timeout=240)
    try:
        headers = {"Content-Type": "multipart/form-data; boundary=frontier"}
        client.request("POST", f"{apart.base}/submission", content, headers)
        return client.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        client.close()


def test_a_server_killed_between_and_in_the_parts_loses_nothing(apart: Any) -> None:
    key = new_id()
    xml = filled(key, more="<place>p0.jpg</place>")
    names = [f"p{n}.jpg" for n in range(PARTS)]
    parts = [body(xml, {name: name.encode() * 1000}) for name in names]
    assert send(apart, parts[0]) == 201
    answered = threading.Event()
    port = apart.server.port

    def one(content: bytes) -> int:
        status = send(apart, content, port)
        answered.set()
        return status

    with ThreadPoolExecutor(PARTS) as clients:
        under_way = [clients.submit(one, part) for part in parts[1:]]
        assert answered.wait(240), "at least one part came through"
        apart.server.kill()
        assert {each.result(300) for each in under_way} <= {0, 202}
    with acting(Viewer.operator()):
        assert Submission.objects.count() == 1
    apart.server.start()
    assert [send(apart, part) for part in parts] == [202] * PARTS
    with acting(Viewer.operator()) as viewer:
        revision = SubmissionRevision.objects.get()
        owner = owner_of(apart.study)
        rows = keeping.names_of(viewer, owner, revision.attachments.all())
        assert sorted(name for row, name in rows if row.present) == sorted(names)
        assert {keeping.content_of(viewer, owner, row) == name.encode() * 1000 for row, name in rows} == {
            True
        }
        assert keeping.open_xml(viewer, owner, revision) == xml


def test_a_half_sent_record_leaves_nothing(apart: Any) -> None:
    content = body(filled(new_id()), {"a.jpg": b"x" * 200_000})
    raw = socket.create_connection(("127.0.0.1", apart.server.port), timeout=120)
    raw.sendall(_head(apart, len(content)) + content[:100_000])
    raw.shutdown(socket.SHUT_WR)  # the line breaks in the middle of the picture
    assert raw.makefile("rb").readline().split()[1] == b"400"
    raw.close()
    assert send(apart, body(filled(new_id()), {})) == 201
    with acting(Viewer.operator()):
        assert Submission.objects.count() == 1


def test_two_gigabytes_are_refused_before_they_are_sent(apart: Any) -> None:
    with socket.create_connection(("127.0.0.1", apart.server.port), timeout=240) as raw:
        raw.sendall(_head(apart, 2_000_000_000))
        assert raw.makefile("rb").readline().split()[1] == b"413", "not a byte of the body was sent"


def _head(apart: Any, length: int) -> bytes:
    lines = (
        f"POST {apart.base}/submission HTTP/1.1", f"Host: 127.0.0.1:{apart.server.port}",
        "Content-Type: multipart/form-data; boundary=frontier", f"Content-Length: {length}",
    )  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def test_the_digest_client_of_python_signs_in_and_a_captured_proof_opens_nothing_else(apart: Any) -> None:
    """A second client that is not ours: its answer to our challenge opens the list; replayed elsewhere it does not."""
    issued = device(apart.people.analyst, apart.study, "E-09")
    base = f"http://127.0.0.1:{apart.server.port}/o/{apart.study.code}"
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, base, issued.device.username, issued.secret)
    proofs: list[str] = []

    class Listening(urllib.request.HTTPDigestAuthHandler):
        def get_authorization(self, req: Any, chal: Any) -> Any:
            found = super().get_authorization(req, chal)
            proofs.append(f"Digest {found}")
            return found

    opener = urllib.request.build_opener(Listening(passwords))
    with opener.open(f"{base}/formList", timeout=240) as answer:
        assert (answer.status, answer.headers["X-OpenRosa-Version"]) == (200, "1.0")
    request = urllib.request.Request(f"{base}/submission", method="HEAD")
    with opener.open(request, timeout=240) as answer:
        assert answer.status == 204

    def replayed(method: str, path: str, proof: str) -> int:
        client = http.client.HTTPConnection("127.0.0.1", apart.server.port, timeout=240)
        client.request(method, f"/o/{apart.study.code}/{path}", headers={"Authorization": proof})
        status = client.getresponse().status
        client.close()
        return status

    listed, headed = proofs[0], proofs[-1]
    assert replayed("GET", "formList", listed) == 200, (
        "known limit: the same request again, within ten minutes"
    )
    assert replayed("HEAD", "submission", listed) == 401
    assert replayed("GET", "formList?formID=x", listed) == 401
    assert replayed("POST", "submission", headed) == 401
    spoilt = listed.replace('response="', 'response="0', 1)
    assert replayed("GET", "formList", spoilt) == 401
