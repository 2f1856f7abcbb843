"""A release of synthetic rows, from beginning to end:

    rows = domain.coded(records)                      one row a person, categories from code lists
    result = synthesize(rows, domain, Budget(4), Plan(), rng=numpy.random.default_rng(1))

The seed makes fitting and drawing repeatable, never the noise. Raw counts are nowhere in the result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import Rows
from palermo.disclosure.synthesis import graphical, model
from palermo.disclosure.synthesis.domain import Domain
from palermo.disclosure.synthesis.measure import Measured, measure
from palermo.disclosure.synthesis.noise import Budget
from palermo.disclosure.synthesis.plan import GRAPHICAL, Pair, Plan
from palermo.disclosure.synthesis.refuse import bad_rows, impossible, redrawn, unsupported
from palermo.disclosure.synthesis.result import Result, error_sheet, spending
from palermo.disclosure.synthesis.sample import ungrouped

Flags = npt.NDArray[np.bool_]


def synthesize(
    rows: Rows, domain: Domain, budget: Budget, plan: Plan | None = None, *, rng: np.random.Generator
) -> Result:
    """Synthetic rows about the people in `rows`, each of whom must be in one row. ValueError where rows and
    domain differ or nothing can be drawn; MissingExtra where a library is absent."""
    if rows.columns != domain.columns or rows.categories != domain.categories:
        raise ValueError("the rows must have the columns and categories of the domain, in its order")
    plan = plan or Plan()
    measured = measure(rows, domain, plan, budget.rho)
    return drawn(measured, budget, plan, rng=rng)


def drawn(measured: Measured, budget: Budget, plan: Plan, *, rng: np.random.Generator) -> Result:
    """Rows for noisy tables that there are already: costs nothing, however often it is done."""
    made, refused, copied = _rows(measured, plan, rng)
    rows = ungrouped(made, measured, rng)
    made, rows = _possible(made, rows, measured, rng)
    told = {
        "domain": dict(zip(measured.domain.columns, measured.domain.sizes, strict=True)),
        **plan.described(),
    }
    return Result(
        rows, measured, error_sheet(rows, made, measured),
        spending(measured, budget.epsilon, budget.delta, told), plan, refused, copied, _warned(measured, plan,
        copied), )  # fmt: skip


def _possible(
    codes: npt.NDArray[np.int32], rows: Rows, measured: Measured, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], Rows]:
    """What is impossible for one of several rare values only is seen when the value is drawn: such a row becomes a
    copy of another."""
    bad = bad_rows(rows.codes, measured.domain.forbidden())
    if not bad.any():
        return codes, rows
    if bad.all():
        raise ValueError("every row that could be drawn holds a pair that was declared impossible")
    places = np.arange(len(codes))
    places[bad] = rng.choice(np.flatnonzero(~bad), int(bad.sum()))
    return codes[places], rows.take(places)


def _rows(
    measured: Measured, plan: Plan, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], float, int]:
    n, seed = max(1, round(measured.total)), int(rng.integers(2**31))
    refused: dict[Pair, Flags] = unsupported(measured, plan) if plan.refuse else impossible(measured)
    if plan.model == GRAPHICAL:
        found = graphical.fit(measured, plan, seed)
        codes = graphical.draw(found, n, seed)
        spare = graphical.draw(found, n, seed + 1)
        return redrawn(codes, refused, lambda places: spare[rng.integers(len(spare), size=len(places))], rng)
    mixture = model.fit_mixture(measured, plan, seed)
    codes, components = model.draw_mixture(mixture, n, rng)
    made, share, copied = redrawn(
        codes, refused, lambda places: model.draw_again(mixture, components[places], rng), rng
    )
    return made[rng.permutation(len(made))], share, copied


def _warned(measured: Measured, plan: Plan, copied: int) -> tuple[str, ...]:
    told = []
    if plan.exact_total is not None:
        told.append("The exact number of people was declared to be public; it is not protected.")
    if copied > 0.02 * measured.total:
        told.append(
            f"{copied:,} rows could not be drawn without an unsupported pair and are copies of other drawn "
            "rows: there are "
            "too few people for so many columns and so small an epsilon."
        )
    most = max(table.sigma for table in measured.one_way)
    if measured.total < 20 * most:
        told.append(
            f"There are about {measured.total:,.0f} people, and counts carry noise of about {most:,.0f}: "
            "hardly anything can be "
            "learnt from these rows. Use fewer columns, more people or a larger epsilon."
        )
    return tuple(told)
