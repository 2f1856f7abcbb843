"""Permissions as data. Rooms and kernel parts declare them in their AppConfig; nothing else grants anything."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing a person can do, `room.noun.verb`, and who may.

    Allowed when the viewer holds one of `roles` (if any are given) and a live grant of scope `grant` on the
    object (if given). `public` is for everybody, signed in or not; `signed_in` for any signed-in person;
    `operator` for the command line of the instance. `step_up` asks for a fresh sign-in. Default: nobody.
    """

    code: str
    roles: tuple[str, ...] = ()
    grant: str = ""
    public: bool = False
    signed_in: bool = False
    operator: bool = False
    step_up: bool = False


@cache
def registry() -> dict[str, Permission]:
    """Every declared permission by code. Two declarations of one code stop the start."""
    found: dict[str, Permission] = {}
    for config in apps.get_app_configs():
        for permission in getattr(config, "permissions", ()):
            if permission.code in found:
                raise ValueError(f"permission {permission.code} is declared twice")
            found[permission.code] = permission
    return found
