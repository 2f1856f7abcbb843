"""What the case room adds about one person under two codes: the case worker asks whether two of the team's are one."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.vault.actions import propose_same
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions
from palermo.rooms.cases.models import Case


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.case_worker.viewer) as viewer:
        case = Case.objects.get(pk=ids["case"])
        other = actions.open_case(
            actor=viewer,
            reason="Came to the day centre as well.",
            identity=Identity(family_name="Quuxington"),
            crime="tip",
        )
        made = propose_same(
            actor=viewer, person_id=case.person_id, other_code=other.person_code, ground="facts"
        )
    return {"pairing": made}
