"""Findings on the landmark decisions that palermo ships: in our words, without quotations, to be checked."""

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.digest.actions.freezing import freeze
from palermo.rooms.digest.actions.importing import bring_in
from palermo.rooms.digest.actions.starter import FINDINGS, INTROS


def demo_digest() -> int:
    """Bring them in, and freeze a first edition. Returns how many findings are new."""
    with acting(Viewer.operator()) as viewer:
        done = bring_in(actor=viewer, values=[*INTROS, *FINDINGS])
        assert not done.bad, done.bad
        if done.findings:
            freeze(actor=viewer, title="First edition (demonstration)")
    return done.findings
