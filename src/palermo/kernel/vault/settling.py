"""Turning waiting searches into notices, apart from the request of whoever searched."""

from typing import Any

from django.db import connection, transaction

from palermo.kernel.access.viewer import Viewer


def settle(actor: Viewer | None = None, effect: Any = None) -> int:
    """Turn waiting searches into notices; returns how many were written. For the worker and before reading."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT vault_settle()")
        return int(cursor.fetchone()[0])
