"""Answers: the viewer's own, and once all are in, those of everybody side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.assessments.models import Answer, Assessment, Reconciled, State
from palermo.rooms.assessments.queries.standing import team, toolkit_of
from palermo.rooms.reconciliation.queries import kappa
from palermo.standards.toolkits import CHOICE, MATRIX, SCALE, Measure

Cell = tuple[str, str]
COMPARED = (
    MATRIX,
    CHOICE,
    SCALE,
)  # A number or a text is no category: agreement by chance means nothing there.


@dataclass(frozen=True, slots=True)
class Beside:
    """One cell with every assessor's answer, by their number; None where one left it out."""

    measure: Measure
    dimension: str
    given: Mapping[int, Answer | None]
    reconciled: Reconciled | None = None

    @property
    def values(self) -> list[str]:
        return [one.value if one else "" for one in self.given.values()]

    @property
    def agreed(self) -> bool:
        return len(set(self.values)) == 1

    @property
    def unanswered(self) -> bool:
        return not any(self.values)

    @property
    def open(self) -> bool:
        """Assessors differ and nobody has found yet what holds."""
        return not self.agreed and self.reconciled is None

    @property
    def value(self) -> str | None:
        """What holds: as reconciled, else as all agreed. Empty: not answered. None: not agreed."""
        if self.reconciled is not None:
            return self.reconciled.value
        return self.values[0] if self.agreed else None

    @property
    def narratives(self) -> list[str]:
        """The words that stand beside what holds."""
        if self.reconciled is not None and self.reconciled.narrative:
            return [self.reconciled.narrative]
        return [one.narrative for one in self.given.values() if one and one.narrative]

    @property
    def evidence(self) -> list[str]:
        return list(dict.fromkeys(line for one in self.given.values() if one for line in one.evidence))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two assessors over the `n` cells with a fixed list of answers that both answered. kappa: Cohen's."""

    one: int
    other: int
    n: int
    agreed: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        return 100 * self.agreed / self.n if self.n else None


def own(viewer: Viewer, of: Assessment) -> dict[Cell, Answer]:
    """What the viewer answered."""
    return by_cell(Answer.objects.filter(assessment=of, assessor_id=viewer.user_id))


def of_assessor(of: Assessment, assessor_id: object) -> dict[Cell, Answer]:
    """What that assessor answered, as far as the viewer may see it now."""
    return by_cell(Answer.objects.filter(assessment=of, assessor_id=assessor_id))


def by_cell(rows: Iterable[Answer]) -> dict[Cell, Answer]:
    return {(one.measure, one.dimension): one for one in rows}


def beside(of: Assessment) -> list[Beside]:
    """Every cell of the toolkit with all answers; nothing while the assessment is open."""
    if of.state == State.OPEN:
        return []
    toolkit = toolkit_of(of)
    measures = toolkit.measures
    numbers = {one.user_id: one.number for one in team(of) if one.number}
    given: dict[Cell, dict[int, Answer]] = {}
    for one in Answer.objects.filter(assessment=of):
        given.setdefault((one.measure, one.dimension), {})[numbers[one.assessor_id]] = one
    found = {(one.measure, one.dimension): one for one in Reconciled.objects.filter(assessment=of)}
    every = sorted(numbers.values())
    return [
        Beside(
            measures[code], dimension, {n: given.get((code, dimension), {}).get(n) for n in every},
            found.get((code, dimension)),
        )
        for code, dimension in toolkit.cells
    ]  # fmt: skip


def differing(rows: Iterable[Beside]) -> list[Beside]:
    """Cells on which assessors differ and nothing was found yet."""
    return [one for one in rows if one.open]


def agreements(rows: Iterable[Beside]) -> list[Agreement]:
    """Every two assessors."""
    compared = [one for one in rows if one.measure.answer in COMPARED]
    numbers = sorted(compared[0].given) if compared else []
    return [_agreement(compared, a, b) for a, b in combinations(numbers, 2)]


def _agreement(rows: Iterable[Beside], a: int, b: int) -> Agreement:
    pairs = [
        (x.value, y.value)
        for one in rows
        if (x := one.given[a]) and (y := one.given[b]) and x.value and y.value
    ]
    return Agreement(a, b, len(pairs), sum(x == y for x, y in pairs), kappa(pairs))
