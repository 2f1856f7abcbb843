"""What can happen to one person now, and which of it comes first by what was answered."""

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.moves import Move, moves
from palermo.rooms.encounters.models import Answer, Migrant

# What the form of a step asks to be confirmed; the other conditions of its guard show before the form is opened.
CONFIRMED = {"rights_told": True, "helpline_told": True, "consulate_told": True}
# What nobody plans: offered apart from the steps.
HAPPENINGS = ("missing", "died")


def moves_of(viewer: Viewer, migrant: Migrant) -> list[Move]:
    """Every move out of the present state, the one that comes first at the head, then the possible ones."""
    first = comes_first(migrant)
    found = moves(viewer, migrant, given=CONFIRMED)
    return sorted(found, key=lambda move: (move.event != first, not move.possible))


def comes_first(migrant: Migrant) -> str:
    """The step that the answers ask for: indicators before asylum, asylum before help, help before a farewell.

    "Not clear" is followed as a yes: to have looked in vain harms nobody.
    """
    positive = (Answer.YES, Answer.UNCLEAR)
    if migrant.state != "triaged":
        return {
            "emergency": "stabilise",
            "screening": "screen",
            "asylum_referred": "vulnerable",
            "assisted": "rescreen" if migrant.again else "solution",
            "solution_planned": "done",
            "suspended": "found",
            "deceased_event": "duties_done",
        }.get(migrant.state, "")
    if migrant.trafficking in positive:
        return "trafficking_indicators"
    if migrant.asylum in positive:
        return "asylum_claim"
    helped = migrant.child or migrant.urgent or Answer.YES in (migrant.violence, migrant.detention)
    return "vulnerable" if helped else "no_need"


def why_first(migrant: Migrant) -> str:
    """The reason for it in words, where the answers gave one."""
    if migrant.state != "triaged":
        return ""
    return {
        "trafficking_indicators": _("There are indicators of trafficking."),
        "asylum_claim": _("There is, or may be, a wish for asylum."),
        "vulnerable": _("This person needs help: look at vulnerability on all four levels first."),
        "no_need": _("Nothing presses, as far as was answered."),
    }[comes_first(migrant)]
