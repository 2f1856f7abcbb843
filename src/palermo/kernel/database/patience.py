"""A transaction in which the database waits long while Python works."""

from django.db import connection


def be_patient() -> None:
    """Let the running transaction idle for up to an hour: cells are chosen and rows drawn in it, which can take
    minutes. The limit of the role (a minute for requests) comes back with its end."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60min'")
