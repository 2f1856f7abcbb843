"""Is the schema that of this program, and do the clocks of server and database agree?"""

import time
from collections.abc import Callable, Collection, Iterator

from django.utils.translation import gettext as _

from .check import Check, Query, verdict

# A session's write is proved with the time and is good for this long (`access.sql_credentials.CLOCKS`).
PROOF_SECONDS = 120
MOST_SECONDS = 30
Step = tuple[str, str]


def schema(query: Query) -> Iterator[Check]:
    """Checks that every migration of this program ran in the database, and no other did."""
    from django.db.migrations.loader import MigrationLoader

    ran = {(str(app), str(name)) for app, name in query("SELECT app, name FROM django_migrations")}
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    replaced = {step for found in loader.disk_migrations.values() for step in found.replaces}
    yield from compare(set(loader.graph.nodes), known | replaced, ran)


def compare(needed: Collection[Step], known: Collection[Step], ran: Collection[Step]) -> Iterator[Check]:
    """The verdicts for migrations by (part, name): those this program needs, those it knows, those that ran."""
    missing, strange = sorted(set(needed) - set(ran)), sorted(set(ran) - set(known))
    yield verdict(
        "schema.current",
        [_named(missing)] if missing else [],
        _("The database has every table that this program expects."),
        _(
            "The database is older than the program: these steps did not run, and pages that need them fail. "
            "Make a backup and run: palermo migrate"
        ),
    )
    yield verdict(
        "schema.known",
        [_named(strange)] if strange else [],
        _("Nothing but this program has shaped the database."),
        _(
            "The database was shaped by another, probably a later release: this program does not know these steps. "
            "Start that release again, or restore a backup that was made with this one."
        ),
    )


def _named(steps: list[Step], most: int = 5) -> str:
    shown = ", ".join(".".join(step) for step in steps[:most])
    if len(steps) > most:
        return _("%(shown)s and %(more)s more") % {"shown": shown, "more": len(steps) - most}
    return shown


def clock(query: Query, now: Callable[[], float] = time.time) -> Iterator[Check]:
    """Checks how far the database's clock is from that of this machine. The way there and back counts for neither."""
    before = now()
    there = float(query("SELECT extract(epoch FROM clock_timestamp())")[0][0])
    after = now()
    apart = max(before - there, there - after, 0.0)
    yield verdict(
        "clock.together",
        [
            _("the clocks of this machine and of the database differ by %(seconds)d seconds")
            % {"seconds": apart}
        ]
        if apart > MOST_SECONDS
        else [],
        _("The clocks of this machine and of the database agree."),
        _(
            "Set both by the network's time (NTP). From %(most)d seconds on nobody can sign in, and deadlines"
            " are wrong."
        )
        % {"most": PROOF_SECONDS},
    )
