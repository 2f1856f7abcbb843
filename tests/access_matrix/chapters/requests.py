"""Something that needs a second person: the administrator asks for a role in the house of the story's team."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.organisations import proposals
from palermo.kernel.organisations.models import Role


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    """A role for somebody who is no persona of the matrix, so that nobody reads it as the person concerned."""
    with acting(people.administrator.viewer) as viewer:
        asked = proposals.ask_for_role(
            actor=viewer,
            user_id=User.objects.get(username="breaker").pk,
            organisation=people.organisation,
            role=Role.ANALYST,
            reason="Counts for the yearly report.",
        )
    return {"request": asked.pk}
