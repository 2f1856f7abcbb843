"""A full disk and an absent database are named in words, however deep they are wrapped."""

import errno

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DataError, InterfaceError, OperationalError
from psycopg.errors import DiskFull

from palermo.web.errors import error_answer, status_of


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
