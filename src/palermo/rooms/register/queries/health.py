"""What `palermo doctor` asks the register: do the counts still tell the truth?"""

from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.doctor.check import Check, verdict
from palermo.rooms.register.queries.drift import drift


def checks() -> list[Check]:
    """One sentence: the counts of the register agree with its persons, or how many do not."""
    with acting(Viewer.operator()) as viewer:
        wrong = len(drift(viewer))
    faults = (
        [_("%(count)s counts of the register differ from its persons") % {"count": wrong}] if wrong else []
    )
    return [
        verdict(
            "register.counts",
            faults,
            _("The counts of the register agree with its persons."),
            _("Somebody changed them past palermo. Keep a copy of the database, and run: palermo reconcile"),
        )
    ]
