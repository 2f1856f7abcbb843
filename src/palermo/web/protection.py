"""How a table of figures was made safe, in the reader's language: `palermo.disclosure.explain` with translations."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palermo.disclosure.protect import Protected

METHODS = {
    "optimal": _("The further cells were chosen so that their total cost is the least possible."),
    "flows": _(
        "The further cells were chosen one after the other, each time the cheapest that would do; a choice with "
        "slightly fewer may exist."
    ),
    "everything": _("Nothing less than withholding every count other than zero was safe."),
    "none needed": _("No count was small, so nothing is withheld."),
}


def explained(result: Protected) -> tuple[str, ...]:
    """The sentences that may stand beside the tables. How many of the withheld cells are small is nobody's business."""
    withheld = len(result.primary) + len(result.secondary)
    return tuple(
        told(method=result.method, threshold=result.rule.threshold, cells=result.cells, withheld=withheld)
    )


def told(*, method: str, threshold: int, cells: int, withheld: int) -> list[str]:
    """The same from what was kept of the protection."""
    how = str(METHODS.get(method, method))
    if not withheld:
        return [how]
    numbers = {"most": threshold - 1, "threshold": threshold, "n": withheld, "cells": cells}
    return [
        gettext("Counts from 1 to %(most)s are withheld, totals included.") % numbers,
        gettext(
            "%(n)s of %(cells)s cells are withheld: the small ones, and others so that none of them can be computed."
        ) % numbers,
        how,
        gettext(
            "Audited: from everything shown together, nobody can prove that a small count is below %(threshold)s "
            "or above 1."
        ) % numbers,
    ]  # fmt: skip
