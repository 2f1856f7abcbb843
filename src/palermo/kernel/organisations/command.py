"""`palermo people`: how an instance begins, and what the operator decides where nobody else can."""

from typing import Any
from uuid import UUID

from django.db import transaction

from palermo.kernel.access import accounts, recovery
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations import actions, proposals, queries
from palermo.kernel.organisations.models import Organisation, Proposal


def _row(found: Proposal, link: str = "") -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "kind": found.kind,
        "state": found.state,
        "user": found.subject.username if found.subject else "",
        "role": found.role,
        "organisation": found.organisation.name if found.organisation else "",
        "decides": queries.decided_by_whom(found),
        "link": link,
    }


@transaction.atomic
def add(*, username: str, organisation: str, kind: str, role: str) -> dict[str, Any]:
    """Make an account (and its organisation, where there is none of the name) and ask for its role.

    Where there is nobody who could agree, the operator does at once; otherwise it waits for them.
    """
    operator = Viewer.operator()
    house = Organisation.objects.filter(name=organisation).first()
    if house is None:
        house = actions.add_organisation(actor=operator, name=organisation, kind=kind)
    made, _path = accounts.create_user(actor=operator, username=username)
    asked = proposals.ask_for_role(actor=operator, user_id=made.pk, organisation=house, role=role)
    if queries.decided_by_whom(asked) == "operator":
        return agree(asked.pk)
    return _row(asked)


def waiting() -> list[dict[str, Any]]:
    """What waits for a second person."""
    return [_row(found) for found in queries.open_proposals(Viewer.operator())]


def agree(proposal_id: UUID) -> dict[str, Any]:
    """Agree, where nobody else can. Raises Refused where somebody can, NotFound."""
    done, link = recovery.agree(actor=Viewer.operator(), proposal_id=proposal_id)
    return _row(done, link)


def take(proposal_id: UUID) -> dict[str, Any]:
    """The link of a recovery that the operator confirmed, once its day is over."""
    _person, link = recovery.take_link(actor=Viewer.operator(), proposal_id=proposal_id)
    return _row(queries.proposal(Viewer.operator(), proposal_id), link)


def text(found: dict[str, Any]) -> str:
    """A proposal on one line, and its link on the next."""
    words = [found["id"], found["state"], found["kind"], found["user"], found["role"], found["organisation"]]
    line = "  ".join(word for word in words if word)
    if found["state"] == "waiting":
        line += f"  (decides: {found['decides']})"
    return f"{line}\n  one-time link, for one day: {found['link']}" if found["link"] else line


def parse_id(value: str) -> UUID:
    """The id that was typed. Raises NotFound."""
    try:
        return UUID(value)
    except ValueError as error:
        raise NotFound("There is no request of this id.") from error
