"""A full disk, an absent database and a circle of waiting are named in words, however deep they are wrapped."""

import errno
import json

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DataError, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected, DiskFull

from palermo.web.errors import DomainErrorMiddleware, error_answer, server_error, status_of


def wrapped(outer: Exception, inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except type(inner) as found:
            raise outer from found
    except type(outer) as found:
        return found


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (wrapped(OperationalError(), DiskFull()), 507),
        (wrapped(UpdateError(), wrapped(OperationalError(), DiskFull())), 507),
        (OSError(errno.ENOSPC, "no space"), 507),
        (OperationalError(), 503),
        (InterfaceError(), 503),
        (DataError(), 500),
        (ValueError(), 500),
        (None, 500),
    ],
)
def test_status(error, status):
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("status", "words"), [(503, "database does not answer"), (507, "disk of the server is full")]
)
def test_page_says_what_is_safe(rf, status, words):
    text = error_answer(rf.get("/"), status).content.decode()
    assert words in text
    assert "what was saved before is safe" in text


@pytest.mark.parametrize("path", ["/cases/", "/api/cases"])
def test_a_circle_of_waiting_asks_to_do_it_once_more(rf, path):
    """Also where it is found at the commit, outside of every view."""
    middleware = DomainErrorMiddleware(lambda request: None)
    circle = wrapped(ValueError(), wrapped(OperationalError(), DeadlockDetected()))
    answer = middleware.process_exception(rf.get(path), circle)
    assert (answer.status_code, answer.roll_back) == (409, True)
    try:
        raise circle
    except ValueError:
        late = server_error(rf.get(path))
    for found in (answer, late):
        assert found.status_code == 409
        assert b"Please do it once more." in found.content
    if path.startswith("/api/"):
        assert json.loads(answer.content)["rule"] == "web.busy"
    assert middleware.process_exception(rf.get(path), OperationalError()) is None
