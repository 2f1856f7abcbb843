"""The Bayesian estimators against R: effective draws a processor second, and seconds where nothing is drawn.

R's figures are those recorded in ../shared/reference: LCMCR with 4 chains of 110,000 sweeps, dga on 3,000 points,
conting with 20,000 draws.
"""

from typing import Any

from bench_measure import Figure, not_measured

TIMES = 5  # as many effective draws a second as LCMCR must latent classes have
AGREED = 1.01  # R-hat up to which R's chains count as agreed


def bayes(scale: float) -> list[Figure]:
    """Bayesian estimators against R"""
    return [*_latent(scale), *_averages("decomposable", "dga"), *_averages("hierarchical", "conting")]


def _rows(method: str) -> list[dict[str, Any]]:
    from bench_estimation import recorded

    return [row for row in recorded() if row["method"] == method]


def _latent(scale: float) -> list[Figure]:
    """Every table on which R's chains agree, and the worst of them: warm-up counts on both sides."""
    title = "latent classes: effective draws a second, times LCMCR, the worst table"
    rows = [row for row in _rows("lcmcr") if row["rhat"] <= AGREED]
    if not rows:
        return [not_measured(title, f">= {TIMES}", "x", "no recorded run of R")]
    ratios = {row["data"]: _latent_against(row, scale) for row in rows}
    worst = min(ratios.values())
    named = ", ".join(f"{name} {ratio:.1f}" for name, ratio in sorted(ratios.items(), key=lambda one: one[1]))
    return [Figure(title, f">= {TIMES}", worst, "x", worst >= TIMES, beside=named), _refusal()]


def _latent_against(row: dict[str, Any], scale: float) -> float:
    from bench_estimation import processor, table

    from palermo.estimation.estimators import Options, mse

    capture, found = table(row["data"]), []
    mse("latent").estimate(capture, Options(more={"chains": 2, "sweeps": 20, "warmup": 20}))
    more = {} if scale >= 1 else {"chains": 8}
    seconds = processor(lambda: found.append(mse("latent").estimate(capture, Options(more=more))))
    effective: float = found[0].diagnostics["effective_draws"]
    return effective / seconds / (row["ess"] / row["timing"]["cpu_s_min"])


def _refusal() -> Figure:
    """The Dutch table, on which LCMCR prints a number at an R-hat of 5."""
    from bench_estimation import table

    from palermo.estimation.estimators import mse

    result = mse("latent").estimate(table("netherlands_5list"))
    rhat = result.diagnostics["rhat"]
    return Figure(
        "latent classes, netherlands_5list: R-hat of what is refused", "> 1.05", rhat, "", result.estimate is None,
        beside=f"chains from {min(result.diagnostics['chain_medians']):,.0f} to "
        f"{max(result.diagnostics['chain_medians']):,.0f}; LCMCR printed 50,584 at 5.06",
    )  # fmt: skip


def _averages(method: str, package: str) -> list[Figure]:
    """Processor seconds of a whole estimate, sensitivity to the prior included, against one run of R without."""
    from bench_estimation import processor, table

    from palermo.estimation.estimators import mse

    found = []
    for name in ("uk_2013_5list", "uk_2013_6list"):
        title = f"{method}, {name}: times {package}"
        rows = [row for row in _rows(package) if row["data"] == name]
        capture = table(name)
        mse(method).estimate(capture)
        ours = min(processor(lambda capture=capture: mse(method).estimate(capture)) for _ in range(3))
        if not rows:
            found.append(not_measured(title, "", "x", f"{package} takes no such table; here {ours:.2f} s"))
            continue
        theirs = min(row["timing"]["cpu_s_min"] for row in rows)
        found.append(
            Figure(
                title, "", theirs / ours, "x", None,
                beside=f"{ours:.3f} s with the sensitivity to the prior, against {theirs:.2f} s without (recorded)",
            )
        )  # fmt: skip
    return found
