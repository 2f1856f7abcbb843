"""Looking at the register, on record: exact counts, rows of persons, groups with a purpose."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.rooms.register import queries

EXACT = "register.exact.view"


@transaction.atomic
def count_exactly(*, actor: Viewer, by: Sequence[str]) -> list[dict[str, Any]]:
    """Exact persons per combination of `by`; the entry says by what was counted, never how many there were."""
    require(actor, EXACT)
    rows = queries.tally(actor, by)
    record_exact_view(actor=actor, attributes=by)
    return rows


def record_exact_view(*, actor: Viewer, attributes: Iterable[str]) -> None:
    """Put on record that somebody looked at exact counts, and which attributes he combined."""
    record(actor=actor, action=EXACT, object_kind="register", fields=tuple(attributes))


def record_look(*, actor: Viewer, what: str, attributes: Iterable[str], purpose: str = "") -> None:
    """Put on record that somebody looked at a page of rows (`list`), of groups (`group`) or at one person."""
    permission = (
        f"register.{'group' if what == 'group' else 'person'}.{'view' if what == 'person' else 'list'}"
    )
    require(actor, permission)
    record(actor=actor, action=permission, object_kind="register", purpose=purpose, fields=tuple(attributes))
