"""Is this installation healthy and safe? Answers in sentences; prints nothing.

The command line prints them (`palermo doctor`), and the health page may show them to an administrator: no
answer holds a secret or a name.
"""

import os
from pathlib import Path
from typing import Any

from ..launcher.places import known_places
from .check import Check, Query, guarded
from .of_machine import audit, disk, keys, settings_are_safe, writable_places
from .of_schema import clock, schema
from .of_server import server
from .of_walls import walls

__all__ = ["Check", "checks"]


def checks() -> list[Check]:
    """Every check of this installation, in the order in which to put things right. Needs Django set up."""
    from django.conf import settings
    from django.db import connections

    home, embedded = Path(settings.PALERMO_HOME), not os.environ.get("DATABASE_URL")
    data = known_places(home).data if embedded else None
    application = _asking(connections["default"])
    owner = _asking(connections["owner"]) if "owner" in connections.settings else application
    return [
        *guarded(
            "database.reachable",
            lambda: server(application, settings.DATABASES["default"], embedded=embedded),
        ),
        *guarded("schema.readable", lambda: schema(application)),
        *guarded("clock.readable", lambda: clock(application)),
        *guarded("walls.readable", lambda: walls(application)),
        *guarded("audit.readable", lambda: audit(owner)),
        *guarded("keys.readable", lambda: keys(Path(settings.PALERMO_KEYS_DIR), data)),
        *guarded("settings.readable", lambda: settings_are_safe(settings)),
        *guarded("disk.readable", lambda: disk(writable_places(home))),
        *_of_rooms(),
    ]


def _of_rooms() -> list[Check]:
    """What rooms want looked at: `doctor = "palermo.rooms.x.queries.checks"` in a room's apps.py."""
    from django.apps import apps
    from django.utils.module_loading import import_string

    found: list[Check] = []
    for config in apps.get_app_configs():
        if path := getattr(config, "doctor", ""):
            found += guarded(f"{config.label}.readable", import_string(path))
    return found


def _asking(connection: Any) -> Query:
    """A function that runs one reading statement on a connection of Django's and returns its rows."""

    def query(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    return query
