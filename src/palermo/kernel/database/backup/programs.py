"""Which pg_dump and pg_restore fit a server."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from ..launcher.binaries import usual_places, version_of
from .sealing import BackupError


def fitting(name: str, major: int) -> Path:
    """The program `name` of the server's own major version; for pg_dump a newer one serves as well.

    A newer pg_restore speaks of settings that an older server does not know (transaction_timeout came with 17).
    """
    named = os.environ.get("PALERMO_PG_BINARIES")
    places = [Path(named), Path(named) / "bin", *usual_places()] if named else usual_places()
    found = {
        version_of(place / name)[0]: place / name for place in reversed(places) if (place / name).exists()
    }
    newer = [version for version in found if version >= major] if name == "pg_dump" else []
    version = major if major in found else min(newer, default=0)
    if version not in found:
        raise BackupError(
            _(
                "%(name)s of PostgreSQL %(major)s is needed. Install it, or name its directory in %(variable)s."
            )
            % {"name": name, "major": major, "variable": "PALERMO_PG_BINARIES"}
        )
    return found[version]
