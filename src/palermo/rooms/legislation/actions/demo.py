"""The invented laws of the demonstration."""

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.legislation import starter
from palermo.rooms.legislation.actions.importing import bring_in


def demo_laws() -> int:
    """Bring them in, published as the operator may; twice is once. Returns how many records are new."""
    with acting(Viewer.operator()) as viewer:
        done = bring_in(actor=viewer, values=[*starter.laws(), *starter.readings()])
    assert not done.bad, done.bad
    return done.laws + done.wordings + done.readings
