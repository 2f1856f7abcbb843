"""How a table was made safe, in sentences for its producer and for its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palermo.disclosure.protect import Protected

METHODS = {
    "optimal": "The further cells were chosen so that their total cost is the least possible.",
    "flows": "The further cells were chosen one after the other, each time the cheapest that would do; "
    "a choice with slightly fewer may exist.",
    "everything": "Nothing less than withholding every count other than zero was safe.",
    "none needed": "No count was small, so nothing is withheld.",
}


def sentences(result: Protected) -> list[str]:
    """Plain sentences, in the order in which a careful reader asks.

    They may be published: how many cells are small is not told, since "none but the small ones is withheld" would
    prove each withheld cell to be small.
    """
    rule = result.rule
    told = [METHODS[result.method]]
    if result.primary or result.secondary:
        zero = "0" if rule.suppress_zero else "1"
        told = [
            f"Counts from {zero} to {rule.threshold - 1} are withheld, totals included.",
            f"{len(result.primary) + len(result.secondary)} of {result.cells} cells are withheld: the small ones, "
            f"and others so that none of them can be computed.",
            *told,
            f"Audited: from everything shown together, nobody can prove that a small count is below "
            f"{rule.threshold} or above {rule.low}.",
        ]
    return [*told, *result.warnings]
