"""Are the key files closed, is there room on the disk, are the settings safe, is the audit chain there?"""

import ipaddress
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .check import Check, Query, verdict

GIGABYTE = 1024**3
LEAST_SHARE, LEAST_FREE = 0.10, 20 * GIGABYTE


def keys(directory: Path, data: Path | None) -> Iterator[Check]:
    """The key files: ours alone to read, and not where the database keeps its own files."""
    open_ones = [
        f"{path.name} {stat.S_IMODE(path.stat().st_mode):04o}"
        for path in (directory, *sorted(directory.glob("*")))
        if path.exists() and path.stat().st_mode & 0o077
    ]
    yield verdict(
        "keys.closed",
        open_ones if directory.is_dir() else [_("there is no directory of keys")],
        _("The key files can be read by the server's user alone."),
        _("Run: chmod 700 %(directory)s; chmod 600 %(directory)s/*") % {"directory": directory},
    )
    inside = data is not None and directory.resolve().is_relative_to(data.resolve())
    yield verdict(
        "keys.apart",
        [_("the keys lie inside the database directory")] if inside else [],
        _("The keys are kept apart from the database."),
        _("Move the keys and name their directory in PALERMO_KEYS_DIR."),
    )


def disk(places: list[Path]) -> Iterator[Check]:
    """Room left where palermo writes; too little is under a tenth and under 20 GB."""
    faults = []
    seen = set()
    for path in places:
        if not path.exists() or path.stat().st_dev in seen:
            continue
        seen.add(path.stat().st_dev)
        usage = shutil.disk_usage(path)
        if usage.free < min(LEAST_SHARE * usage.total, LEAST_FREE):
            faults.append(
                _("%(free).1f GB of %(total).0f GB are free at %(path)s")
                % {"free": usage.free / GIGABYTE, "total": usage.total / GIGABYTE, "path": path}
            )
    yield verdict(
        "disk.room",
        faults,
        _("There is room on the disk."),
        _("Make room. When nothing works any more, delete the file `reserve` beside the database."),
    )


def settings_are_safe(settings: Any) -> Iterator[Check]:
    """The settings that decide whether strangers get in."""
    hosts = list(settings.ALLOWED_HOSTS)
    https = str(getattr(settings, "PALERMO_ORIGIN", "")).startswith("https://")
    faults = []
    if settings.DEBUG:
        faults.append(_("PALERMO_DEBUG is on: error pages show data"))
    if (
        len(settings.SECRET_KEY) < 50
        or len(set(settings.SECRET_KEY)) < 5
        or "insecure" in settings.SECRET_KEY
    ):
        faults.append(_("the secret of the sessions can be guessed"))
    if "*" in hosts:
        faults.append(_("PALERMO_HOSTS allows every name"))
    if not https and not all(map(_is_this_machine, hosts)):
        faults.append(_("the site is reachable from other machines without https"))
    if https and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        faults.append(_("cookies also travel without https"))
    yield verdict(
        "settings.safe",
        faults,
        _("The settings are safe."),
        _("Unset PALERMO_DEBUG, name the hosts in PALERMO_HOSTS, and the https address in PALERMO_ORIGIN."),
    )


def _is_this_machine(host: str) -> bool:
    if host in ("localhost", "testserver") or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def audit(query: Query) -> Iterator[Check]:
    """The end of the audit chain can be read and is the last entry; `palermo audit verify` looks at all."""
    heads = query("SELECT h.seq, (SELECT max(seq) FROM audit_entry) FROM audit_head h")
    faults = []
    if len(heads) != 1:
        faults.append(_("the audit chain has %(count)s ends") % {"count": len(heads)})
    elif heads[0][0] != (heads[0][1] or 0):
        faults.append(
            _("the audit chain ends at %(head)s, and its last entry is %(last)s")
            % {"head": heads[0][0], "last": heads[0][1] or 0}
        )
    yield verdict(
        "audit.head",
        faults,
        _("The end of the audit chain is in place."),
        _("Somebody changed the audit by hand. Keep a copy of the database, and run: palermo audit verify"),
    )


def writable_places(home: Path) -> list[Path]:
    """Where palermo writes: its home and, when that is elsewhere, the database."""
    from ..launcher.places import known_places

    return [Path(os.path.abspath(home)), known_places(Path(os.path.abspath(home))).base]
