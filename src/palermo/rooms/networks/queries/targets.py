"""Where a notification can go: the network's usual place, then what fits the need, then everybody else."""

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.networks.models import Network
from palermo.rooms.referral import queries as referral
from palermo.rooms.referral.queries import Target
from palermo.standards.instruments.guides import urgent

# Somebody who asks for nothing urgent is met by those who go on asking: a first conversation.
OTHERWISE = "psychosocial"
ELSEWHERE = 2


def kinds_of(answers: Mapping[str, Any]) -> list[str]:
    """The kinds of help that the urgent needs ask for, in the order of the guide."""
    ticked = set(answers.get("urgent") or ())
    return list(dict.fromkeys(line.kind for line in urgent() if line.question.code in ticked and line.kind))


def receivers(viewer: Viewer, network: Network, kinds: Sequence[str], area: str = "") -> list[Target]:
    """Every address of a referral, the fitting ones first. The first is what the form suggests.

    Order: a service of a needed kind at the network's usual place, its usual place, services of a needed kind, other
    services, organisations as such. Among the last three those in `area` (the report's, else the network's) come
    first, then those for everywhere, then those elsewhere. A usual place that works elsewhere alone has no first claim.
    """
    usual, here = (network.receiver_id, network.service_id), area or network.area

    def rank(target: Target) -> tuple[int, int, int]:
        fits = kinds.index(target.kind) if target.kind in kinds else len(kinds)
        far = target.distance(here)
        at_home = target.receiver_id == usual[0] and far < ELSEWHERE
        if at_home and target.kind in kinds:
            return (0, fits, far)
        if at_home and (usual[1] is None or usual[1] == target.service_id):
            return (1, fits, far)
        if target.kind in kinds:
            return (2, far, fits)
        return (3, far, 0) if target.service_id else (4, far, 0)

    return sorted(referral.targets(viewer), key=rank)


def kind_of(target: Target, kinds: Sequence[str]) -> str:
    """The kind of help that is asked for there."""
    return target.kind or (kinds[0] if kinds else OTHERWISE)
