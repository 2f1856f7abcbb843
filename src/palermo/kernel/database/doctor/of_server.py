"""Is the database server itself new enough, durable, silent and closed?"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..launcher.binaries import version_problem
from .check import Check, Query, verdict

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

# A row that breaks a rule must not be written into the server's log (see launcher/conf.py).
SILENT = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic",),
    "log_min_messages": ("log", "fatal", "panic"),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement": ("none",),
    # Nor may one connection read the statements of another in pg_stat_activity (see roles.py).
    "track_activities": ("off",),
}


def server(query: Query, database: Mapping[str, Any], *, embedded: bool) -> Iterator[Check]:
    """Checks of the server behind `query`; `database` is the entry in DATABASES that leads there."""
    settings = {name: value for name, value in query("SELECT name, setting FROM pg_settings")}
    yield _version(int(settings["server_version_num"]))
    yield verdict(
        "database.durable",
        [
            f"{name} = {settings[name]}"
            for name, wanted in DURABLE.items()
            if settings[name] not in (wanted, "remote_apply")
        ],
        _("What the database has acknowledged survives a power cut."),
        _("Set fsync, full_page_writes and synchronous_commit to on, and restart the database."),
    )
    yield _checksums(query, settings)
    yield _way(database, settings, embedded=embedded)
    yield verdict(
        "database.silent",
        [f"{name} = {settings[name]}" for name, wanted in SILENT.items() if settings.get(name) not in wanted],
        _("The server's log holds no content of the database."),
        _("Set these in postgresql.conf to the values that docs/reference/settings.md gives, and reload."),
    )


def _version(number: int) -> Check:
    major, minor = number // 10000, number % 10000
    problem = version_problem(major, minor)
    sentence = _("PostgreSQL %(version)s is not older than the oldest release that palermo trusts.")
    good = sentence % {"version": f"{major}.{minor}"}
    return verdict(
        "database.version", [problem] if problem else [], good, _("Install the current minor release.")
    )


def _checksums(query: Query, settings: Mapping[str, str]) -> Check:
    if settings["data_checksums"] != "on":
        return Check(
            "database.checksums",
            False,
            _("The database does not check its pages, so that silent damage of the disk stays unseen."),
            _("Stop the database, run pg_checksums --enable on its directory, and start it."),
        )
    damaged = query("SELECT coalesce(sum(checksum_failures), 0)::bigint FROM pg_stat_database")[0][0]
    return verdict(
        "database.checksums",
        [_("%(count)s damaged pages were found") % {"count": damaged}] if damaged else [],
        _("The database checks its pages, and none is damaged."),
        _("Replace the disk, and bring the last backup into an empty database with: palermo restore FILE"),
    )


def _way(database: Mapping[str, Any], settings: Mapping[str, str], *, embedded: bool) -> Check:
    """The way from the application to the server: a socket, or TLS that knows whom it speaks to."""
    faults = []
    host = str(database.get("HOST", ""))
    mode = str(database.get("OPTIONS", {}).get("sslmode", "prefer"))
    if embedded and settings["listen_addresses"]:
        faults.append(
            _("the embedded server listens on the network: %(where)s")
            % {"where": settings["listen_addresses"]}
        )
    if host and not host.startswith(("/", "@")) and mode != "verify-full":
        faults.append(
            _("the connection to the database over the network has sslmode=%(mode)s") % {"mode": mode}
        )
    return verdict(
        "database.way",
        faults,
        _("Nobody can listen between the application and the database."),
        _("Use a socket, or sslmode=verify-full with sslrootcert in DATABASE_URL; no listen_addresses."),
    )
