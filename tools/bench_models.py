"""Comparing all models against R: processor seconds for the same search, and what is left of R's greedy answers.

R's seconds are those recorded in ../shared/reference.
"""

import statistics
from typing import Any

from bench_measure import Figure, not_measured, scaled

TIMES = 400  # as often as R must the same search fit into its time
ALL = (("uk_2013_6list", 2, True), ("uk_2013_5list", 4, False), ("netherlands_5list", 4, False))


def model_search(scale: float) -> list[Figure]:
    """All models compared, against R"""
    found = [_all_models(name, order, promised=promised) for name, order, promised in ALL]
    return [*found, *_replicates(scale), *_downhill()]


def _recorded(method: str, name: str, order: int) -> dict[str, Any] | None:
    from bench_estimation import recorded

    rows = [
        row
        for row in recorded()
        if row["method"] == method and row["data"] == name and row["settings"]["maxorder"] == order
        and not row["settings"].get("nboot")
    ]  # fmt: skip
    return rows[0] if rows else None


def _all_models(name: str, order: int, *, promised: bool) -> Figure:
    """Every model fitted, those without an estimate told apart, the best named."""
    from bench_estimation import processor, table

    from palermo.estimation.mse import comparing

    capture, row = table(name), _recorded("mse_bic", name, order)
    title = f"BIC of all models, {name} to order {order}: times R"
    if row is None:
        return not_measured(title, "", "x", "no recorded time of R")
    found = comparing.search(capture.counts, capture.k, order)
    seconds = [processor(lambda: comparing.search(capture.counts, capture.k, order)) for _ in range(5)]
    ours, theirs = statistics.median(seconds), row["timing"]["cpu_s_min"]
    ratio = theirs / ours
    same = abs(found.values[found.order[0]] / row["bic"] - 1) < 1e-6
    return Figure(
        title, f">= {TIMES}" if promised else "", ratio, "x", bool(ratio >= TIMES and same) if promised else None,
        beside=f"{ours:.3f} s against {theirs:.1f} s of processor time (recorded), {found.tried:,} models, "
        f"{'the same best model' if same else 'ANOTHER best model'}",
    )  # fmt: skip


def _replicates(scale: float) -> list[Figure]:
    """Replicates that choose from all models, not from the hundred best."""
    from bench_estimation import processor, table

    from palermo.estimation.mse import exhaustive, replicates, stepwise

    found = []
    for name, order in (("uk_2013_5list", 3), ("uk_2013_6list", 2), ("uk_2013_6list", 5)):
        capture, many = table(name), scaled(256, scale, least=64)
        selector = exhaustive.Best(capture.k, stepwise.candidates(capture.k, order))
        replicates.bootstrap(capture, selector, 1)
        seconds = processor(lambda: replicates.bootstrap(capture, selector, many)) / many  # noqa: B023
        found.append(
            Figure(
                f"1,000 replicates of the whole choice, {name} to order {order}", "", 1_000 * seconds, "s", None,
                beside="leaps and bounds: the best of all models in every replicate",
            )
        )  # fmt: skip
    return found


def _downhill() -> list[Figure]:
    """BIC that a single greedy descent leaves behind, where R's is recorded."""
    from bench_estimation import table

    from palermo.estimation import Options, mse

    found = []
    for name, order in (("uk_2013_5list", 4), ("netherlands_5list", 2), ("netherlands_6list", 5)):
        row = _recorded("mse_downhill", name, order)
        if row is None:
            continue
        answer = mse("downhill").estimate(table(name), Options(order=order, bootstrap=0))
        gain = row["bic"] - answer.diagnostics["bic"]
        proved = "proved best of all" if answer.diagnostics["proved"] else "not proved best"
        found.append(
            Figure(
                f"downhill, {name} to order {order}: BIC below R's greedy search", "> 0", gain, "", bool(gain > 0),
                beside=f"{answer.model} N = {answer.value:,.0f}, {proved}; R {row['model']} N = {row['estimate']:,.0f}",
            )
        )  # fmt: skip
    return found
