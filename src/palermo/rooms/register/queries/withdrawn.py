"""Persons who were taken out of the register, and corrected rows: for those who keep it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.register.models import Correction, Person, Withdrawal
from palermo.rooms.register.models.codes import number_of
from palermo.rooms.register.models.withdrawal import UNDO
from palermo.rooms.register.queries.labels import label
from palermo.rooms.register.queries.people import admit

PER_PAGE = 50
WORDS = {
    "year": gettext_lazy("Year"),
    "crime": gettext_lazy("Crime"),
    "status": gettext_lazy("Status"),
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age"),
    "age_group": gettext_lazy("Age group"),
    "majority": gettext_lazy("Majority"),
    "citizenship": gettext_lazy("Citizenship"),
    "country": gettext_lazy("Country"),
    "area": gettext_lazy("Area"),
}


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A person who is out: why and since when, and until when it can be undone (None: it cannot)."""

    code: str
    reason: str
    source: str
    withdrawn_at: datetime
    undo_until: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction in words: column, before, after."""

    number: int
    reason: str
    corrected_at: datetime
    undone_at: datetime | None
    changes: tuple[tuple[str, str, str], ...]


def _withdrawn(row: Withdrawal) -> Withdrawn:
    until = row.withdrawn_at + UNDO
    open_still = row.undone_at is None and row.kept is not None and until > timezone.now()
    return Withdrawn(
        row.code, str(row.get_reason_display()), row.source_list.name, row.withdrawn_at,
        until if open_still else None, row.undone_at,
    )  # fmt: skip


def withdrawals(viewer: Viewer, *, after: int = 0) -> tuple[list[Withdrawn], int]:
    """The latest withdrawals, and the cursor of the page after them (0: none)."""
    admit(viewer, "register.person.view")
    rows = Withdrawal.objects.select_related("source_list").order_by("-id")
    if after:
        rows = rows.filter(id__lt=after)
    page = list(rows[: PER_PAGE + 1])
    more = page[PER_PAGE - 1].pk if len(page) > PER_PAGE else 0
    return [_withdrawn(row) for row in page[:PER_PAGE]], more


def withdrawal(viewer: Viewer, code: str) -> Withdrawn:
    """The standing withdrawal of a code. Raises `NotFound` when the person is in, or never was."""
    admit(viewer, "register.person.view")
    number = number_of(code)
    found = Withdrawal.objects.filter(number=number, undone_at=None).exclude(number=None)
    row = found.select_related("source_list").first()
    if row is None:
        raise NotFound()
    return _withdrawn(row)


def corrections(viewer: Viewer, code: str) -> list[Corrected]:
    """What was put right in a person's row, the latest first."""
    admit(viewer, "register.person.view")
    rows = Correction.objects.filter(person_id=number_of(code) or 0).order_by("-id")
    return [
        Corrected(row.pk, str(row.get_reason_display()), row.corrected_at, row.undone_at, _changes(row))
        for row in rows
    ]


def _changes(row: Correction) -> tuple[tuple[str, str, str], ...]:
    def word(name: str, code: Any) -> str:
        return str(code or _("Not recorded")) if name == "year" else label(name, code or "")

    names = [name for name in row.after if row.before.get(name) != row.after[name]]
    return tuple(
        (str(WORDS[n]), word(n, row.before.get(n)), word(n, row.after[n])) for n in names if n in WORDS
    )


def correctable(viewer: Viewer, code: str) -> Mapping[str, Any]:
    """The codes of a row that may be put right, as they stand. Raises `NotFound` when there is no such row."""
    admit(viewer, "register.person.view")
    names = tuple(name for name in WORDS if name != "age_band")
    found = Person.objects.filter(id=number_of(code) or 0).values(*names).first()
    if found is None:
        raise NotFound()
    return dict(found)
