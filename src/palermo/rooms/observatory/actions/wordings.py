"""The questions of a version from memory: an offered version stays byte for byte, so each process reads them once.

Whoever asks holds the version's row already: the wall of the database has let him see it.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from palermo.rooms.observatory.models import FormVersion, VersionState

HEAVY = ("source", "xml", "schema", "warnings")
MOST_KEPT = 32
_kept: OrderedDict[UUID, dict[str, Any]] = OrderedDict()
_lock = Lock()


def without_weight(at: str = "") -> tuple[str, ...]:
    """What a query defers that takes `known` afterwards; `at` is the way to the version, such as form_version."""
    return tuple(f"{at}__{name}" if at else name for name in HEAVY)


def known(version: FormVersion) -> FormVersion:
    """The same version with what it asks. Nobody changes the schema that it gets."""
    if "schema" in version.__dict__ or version.state == VersionState.DRAFT:
        return version
    with _lock:
        found = _kept.get(version.pk)
    if found is None:
        found = version.schema
        with _lock:
            _kept[version.pk] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    version.schema = found
    return version
