"""Pictures of a run as files: made whole or not at all, and named by what they show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from palermo.estimating.running import Data, Run
from palermo.estimation import CaptureTable, Interval, Result
from palermo.estimation.mse.linkage_error import LinkDraws
from palermo.estimation.pictures.curves import Point, sensitivity, trajectory, xi_curve
from palermo.estimation.pictures.forest import forest
from palermo.estimation.pictures.of_result import path_picture, residual_picture
from palermo.estimation.pictures.overlap import overlap
from palermo.estimation.pictures.recruitment import recruitment_tree
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.sheets import Look

LOOK = Look(standalone=True)


def mse_pictures(folder: Path, table: Data, done: Run) -> list[str]:
    """Draws what this run allows; the paths of the files. Of draws of links the table in the middle is shown."""
    if isinstance(table, LinkDraws):
        table = table.typical()
    results = done.results
    drawn = {"estimates": forest(results, look=LOOK)} if results else {}
    if isinstance(table, CaptureTable):
        drawn["overlap"] = overlap(table, look=LOOK)
        for result in results:
            drawn |= {f"{name}-{result.method}": text for name, text in _of_one(table, result)}
    else:
        drawn["overlap"] = overlap(CaptureTable(table.lists, table.counts.sum(axis=0)), look=LOOK)
        for result in results:
            drawn[f"strata-{result.method}"] = _strata(result)
    grown = _trajectory(done)
    if len(grown) > 1:
        drawn["trajectory"] = trajectory(grown, look=LOOK)
    return _written(folder, drawn)


def _trajectory(done: Run) -> list[Point]:
    """The estimate of the headline as the data grow, where it was checked."""
    rows = done.diagnosis.trajectory.rows if done.diagnosis else ()
    return [
        Point(row["people"], row["estimate"], row.get("lower"), row.get("upper"))
        for row in rows
        if row["estimate"]
    ]


def rds_pictures(folder: Path, sample: RecruitmentSample, result: Result) -> list[str]:
    """The trees of recruitment and the shares of all groups."""
    outcome = str(result.settings.get("outcome", ""))
    drawn = {"recruitment": recruitment_tree(sample, outcome, look=LOOK)}
    rows = [row for row in result.diagnostics.get("shares", []) if row["share"] is not None]
    if rows and result.estimate is not None:
        groups = [_share(result, row) for row in rows]
        drawn["shares"] = forest(groups, names=[str(row["value"]) for row in rows], look=LOOK)
    return _written(folder, drawn)


def _share(result: Result, row: dict[str, float]) -> Result:
    ends = Interval(row["lower"], row["upper"]) if "lower" in row else None
    return replace(result, value=row["share"], interval=ends)


def _of_one(table: CaptureTable, result: Result) -> Iterator[tuple[str, str]]:
    """Pictures of one result: its belief varied, how its model came about, what the model leaves unexplained."""
    curve = xi_curve(result)
    if curve and result.quantity == "people":
        yield "sensitivity", sensitivity(curve, result.n_observed, look=LOOK)
    for name, drawn in (
        ("path", path_picture(table, result, look=LOOK)),
        ("residuals", residual_picture(table, result, look=LOOK)),
    ):
        if drawn:
            yield name, drawn


def _strata(result: Result) -> str:
    rows = result.diagnostics.get("strata", [])
    results = [
        replace(
            result, value=row["estimate"], n_observed=round(row["observed"]), method="",
            interval=None if row["lower"] is None else Interval(row["lower"], row["upper"]),
        )
        for row in rows
    ]  # fmt: skip
    names = [", ".join(map(str, row["stratum"].values())) for row in rows]
    return forest(results, names=names, look=LOOK)


def _written(folder: Path, drawn: dict[str, str]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in sorted(drawn.items()):
        path, part = folder / f"{name}.svg", folder / f".{name}.svg.part"
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
        paths.append(str(path))
    return paths
