"""The JSON twin of “Same person?”: the same queries, actions and refusals."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.access.policy import require
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.pairings import Pair
from palermo.rooms.cases import actions
from palermo.rooms.cases.queries import same
from palermo.web.api import Text

router = Router(tags=["cases"])


class SameIn(Schema):
    """`apart`: they are two persons; otherwise it is a proposal that they are one."""

    other_code: Text
    ground: Text
    apart: bool = False


class AnswerIn(Schema):
    """event: confirm, different, unsure, withdraw, undo or reopen."""

    event: Text
    ground: Text = ""


def _pair(pair: Pair) -> dict[str, Any]:
    return asdict(pair)


@router.get("/cases/{case_id}/same")
def same_of_case(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Everything that was asked about the person of the case; 404 for who holds the case without its person."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    person = same.person_of(request.viewer, case)
    if person is None:
        raise NotFound()
    return [_pair(pair) for pair, _cases in same.pairs_of(request.viewer, person)]


@router.post("/cases/{case_id}/same")
def same_propose(request: HttpRequest, case_id: UUID, data: SameIn) -> dict[str, Any]:
    """Propose that it is the person with that code, or say that it is not. The answer is the same for every code."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return {"id": actions.say_about(actor=request.viewer, case=case, **data.dict())}


@router.post("/cases/{case_id}/same/look")
def same_look(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Persons whom the viewer may see and who may be this one. A search: on record, and told to other holders."""
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    return [
        {
            "person_code": double.match.code,
            "score": double.match.score,
            "why": list(double.match.why),
            "state": double.state,
            "cases": [row.code for row in double.cases],
        }
        for double in actions.look_for_doubles_of(actor=request.viewer, case=case)
    ]


@router.get("/same/{pairing_id}")
def same_read(request: HttpRequest, pairing_id: UUID) -> dict[str, Any]:
    """One pair with its history and what the viewer can do with it."""
    pair = same.pair_of(request.viewer, pairing_id)[0]
    require(request.viewer, "vault.same.answer")
    return _pair(pair)


@router.post("/same/{pairing_id}")
def same_answer(request: HttpRequest, pairing_id: UUID, data: AnswerIn) -> dict[str, Any]:
    """Confirm, refuse, withdraw, undo, or ask to look anew."""
    actions.answer_same(actor=request.viewer, pairing_id=pairing_id, event=data.event, ground=data.ground)
    return _pair(same.pair_of(request.viewer, pairing_id)[0])
