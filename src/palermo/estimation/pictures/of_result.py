"""How the model of a result came about, and what it leaves unexplained: what its pictures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.pictures.residuals import residual_map
from palermo.estimation.pictures.steps import Taken, model_path
from palermo.estimation.problems import BadInput, BadOptions
from palermo.estimation.results import Result
from palermo.sheets import Look

ONE_MODEL = ("main", "stepwise", "bic", "downhill")


def path_picture(table: CaptureTable, result: Result, *, look: Look | None = None) -> str | None:
    """The estimate after each pair of lists that was taken in; None where the method takes no steps."""
    look = look or Look()
    path: Sequence[Mapping[str, object]] = result.diagnostics.get("path") or []
    return model_path(_steps(table, path, look), result.n_observed, look=look) if path else None


def residual_picture(table: CaptureTable, result: Result, *, look: Look | None = None) -> str | None:
    """What the model does not explain; None where the result is not of one log-linear model with an estimate."""
    from palermo.estimation.mse.fitting import fit

    if not result.model.startswith("[") or result.method not in ONE_MODEL:
        return None
    try:
        found = fit(table, result.model)
    except (BadInput, BadOptions):
        return None
    return residual_map(table, found.fitted.tolist(), look=look) if found.fine else None


def _steps(table: CaptureTable, path: Sequence[Mapping[str, object]], look: Look) -> list[Taken]:
    from palermo.estimation.mse.fitting import fit
    from palermo.estimation.mse.models import independence

    taken = [Taken(look.say("independent lists"), fit(table, independence(table.k)).N)]
    for step in path:
        numbers = str(step["term"])
        parts = numbers.split(".") if "." in numbers else list(numbers)
        names = " × ".join(table.lists[int(one) - 1] for one in parts)
        estimate, p = step.get("estimate"), step.get("p")
        note = f"p = {float(str(p)):.2g}" if p is not None else ""
        taken.append(Taken(names, float(str(estimate)) if estimate else None, note))
    return taken
