"""What `palermo doctor` asks of this room."""

from django.conf import settings
from django.utils.translation import gettext as _

from palermo.kernel.database.doctor.check import Check, verdict
from palermo.standards.world import UnfitMap, world


def checks() -> list[Check]:
    """One sentence: maps can be drawn, or why not."""
    faults = []
    try:
        world(settings.PALERMO_BOUNDARIES)
    except (UnfitMap, OSError) as error:
        faults = [_("No map is drawn: %(reason)s") % {"reason": error}]
    return [
        verdict(
            "statistics.boundaries",
            faults,
            _("The boundaries of the maps can be read."),
            _("Make the file of PALERMO_BOUNDARIES with tools/boundaries.py, or leave the setting empty."),
        )
    ]


__all__ = ["checks"]
