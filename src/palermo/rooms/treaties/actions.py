"""Adding to the log. Nothing of it is ever changed; importing a file twice adds nothing."""

from dataclasses import asdict, dataclass

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes
from palermo.rooms.treaties import queries
from palermo.rooms.treaties.models import TreatyAction
from palermo.standards.treaty_lines import Bad, circles, key_of, read


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines were read, added and known already, and what is wrong; with one bad line nothing is added."""

    lines: int
    added: int
    known: int
    bad: tuple[Bad, ...]


def import_lines(*, actor: Viewer, content: bytes, dry_run: bool = False) -> Imported:
    """Add the lines of a CSV file to the log: all of them or none."""
    require(actor, "treaties.action.import")
    found, bad = read(content)
    refs = {one.ref for one in found if one.ref}
    if refs and not bad:
        bad = circles([*found, *queries.named(refs)])
    by_key = {key_of(one): one for one in found}
    known = set(TreatyAction.objects.filter(key__in=by_key).values_list("key", flat=True))
    new = {key: one for key, one in by_key.items() if key not in known}
    done = Imported(len(found) + len({one.row for one in bad}), len(new), len(found) - len(new), tuple(bad))
    if bad or dry_run:
        return done
    TreatyAction.objects.bulk_create(
        [TreatyAction(key=key, **asdict(one)) for key, one in new.items()], batch_size=1000
    )
    record(actor=actor, action="treaties.action.import", detail={"added": len(new), "known": done.known})
    return done


def export(*, actor: Viewer, code: str) -> File:
    """The whole log of an instrument, as it can be imported again."""
    body = csv_bytes(queries.lines(actor, code), queries.FIELDS)
    what = f"{queries.instrument(code).code.lower()}-actions"
    return hand_out(
        actor=actor, permission="treaties.public.view", what=what, format="csv", content=body, logged=False
    )
