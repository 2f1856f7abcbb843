"""Whether the person of a case is the same as another: the vault decides, the case is the way to it."""

from uuid import UUID

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.actions import answer_same, look_for_doubles, propose_same, set_apart
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.same import Double, doubles

__all__ = ["answer_same", "look_for_doubles_of", "say_about"]


def say_about(*, actor: Viewer, case: Case, other_code: str, ground: str, apart: bool = False) -> UUID:
    """Propose that the person of the case is the one with that code, or write down that it is not. The pair's id."""
    require(actor, "cases.case.view", case.pk)
    deed = set_apart if apart else propose_same
    return deed(actor=actor, person_id=case.person_id, other_code=other_code, ground=ground)


def look_for_doubles_of(*, actor: Viewer, case: Case) -> list[Double]:
    """Persons whom the actor may see and who may be that of the case; a search like any other, and on record as one."""
    require(actor, "cases.case.view", case.pk)
    return doubles(actor, look_for_doubles(actor=actor, person_id=case.person_id))
