"""The words of the checklists' kinds and pillars, and a line of a sheet as a page shows it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from palermo.rooms.legislation.models import Reading, Standing
from palermo.rooms.legislation.queries import Line

NONE = _("Not assessed")
OBLIGATIONS = {
    "mandatory": _("Must"), "mandatory-qualified": _("Must, within limits"), "definition": _("Definition"),
    "endeavour": _("Shall endeavour"), "consider": _("Shall consider"), "where-appropriate": _("Where appropriate"),
    "structural": _("Scope and relation"),
}  # fmt: skip
PILLARS = {
    "prevention": _("Prevention"), "protection": _("Protection"), "prosecution": _("Prosecution"),
    "partnership": _("Partnership"),
}  # fmt: skip
# A sign for each standing, so that nothing hangs on colour.
CODES = {"met": "●", "partly": "◐", "not_met": "○", "not_applicable": "/"}
TONES = {"met": "ok", "partly": "warn", "not_met": "bad"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its standing in words."""

    line: Line
    obligation: Any
    pillar: Any
    standing: Any
    code: str
    tone: str


def code_of(standing: str) -> str:
    """The sign of a standing."""
    return CODES.get(standing, "–")


def standing_of(reading: Reading | None) -> Any:
    """A standing in words."""
    return Standing(reading.standing).label if reading else NONE


def line_of(line: Line) -> Shown:
    """A line for a page."""
    standing = line.reading.standing if line.reading else ""
    return Shown(
        line, OBLIGATIONS[line.row.obligation], PILLARS[line.row.pillar], standing_of(line.reading), code_of(standing),
        TONES.get(standing, ""),
    )  # fmt: skip
