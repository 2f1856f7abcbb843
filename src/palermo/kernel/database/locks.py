"""One after the other: a lock by name that lasts until the transaction ends, whatever process or worker asks for it."""

from django.db import connection


def take_turns(*name: object) -> None:
    """Wait until nobody else is inside a transaction that took this name; hold it until ours ends.

    For changes that read many rows and then write by what they read, where no single row stands for all of them.
    """
    words = " ".join(str(part) for part in name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])
