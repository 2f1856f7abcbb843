"""Pictures of tables and results, drawn by the library in the reader's language and put into the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from palermo.estimation import CaptureTable
from palermo.estimation.mse.sensitivity import curve_from_json
from palermo.estimation.pictures.curves import Point, prior_posterior, sensitivity, trajectory
from palermo.estimation.pictures.forest import forest
from palermo.estimation.pictures.of_result import path_picture, residual_picture
from palermo.estimation.pictures.overlap import overlap
from palermo.estimation.results import number
from palermo.rooms.estimates.queries import Line
from palermo.rooms.estimates.queries.words import drawn
from palermo.sheets import Look
from palermo.web.charts.scale import figure as write_figure

XI = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)


def _look(key: str) -> Look:
    return Look(say=drawn, number=_number, key=key)


def _number(value: float) -> str:
    if value in (float("inf"), float("-inf")):
        return "∞"
    return write_figure(round(value) if abs(value) >= 100 or value == int(value) else round(value, 2))


def _picture(svg: str) -> SafeString:
    # The library escapes every name that goes in; nothing else of what is drawn was typed by anybody.
    return mark_safe(svg)  # noqa: S308


def overlap_picture(table: CaptureTable, key: str) -> SafeString:
    """How many people were seen on exactly which lists; `key` tells one picture of a page from another."""
    return _picture(overlap(table, look=_look(key)))


def forest_picture(lines: Sequence[Line]) -> SafeString:
    """Every result with its interval, method under method."""
    names = [" · ".join(filter(None, (line.stratum, line.title))) for line in lines]
    return _picture(forest([line.result for line in lines], names=names, look=_look("forest")))


def model_pictures(line: Line, table: CaptureTable | None) -> list[tuple[str, SafeString]]:
    """(title, picture) of the model behind a result: how it was found, and what it leaves unexplained."""
    if table is None:
        return []
    drawn_ones = (
        (_("How the model came about"), path_picture(table, line.result, look=_look("path"))),
        (_("What the model does not explain"), residual_picture(table, line.result, look=_look("residuals"))),
    )
    return [(title, _picture(svg)) for title, svg in drawn_ones if svg]


def result_pictures(line: Line, checks: Mapping[str, Any] | None) -> list[tuple[str, SafeString]]:
    """(title, picture) of one result: its belief varied, the data growing, and its prior where it has one."""
    found = []
    value, n = line.result.estimate, line.result.n_observed
    if value is not None:
        curve = (
            curve_from_json(checks["sensitivity"])
            if checks
            else [Point(xi, n + (value - n) * xi) for xi in XI]
        )
        picture = sensitivity(curve, n, look=_look("sensitivity"))
        found.append(
            (_("If those never seen were more, or fewer, than the method believes"), _picture(picture))
        )
    grown = checks["trajectory"]["rows"] if checks else []
    points = [
        Point(one["people"], *(number(one[name]) for name in ("estimate", "lower", "upper")))  # type: ignore[arg-type]
        for one in grown
        if one["estimate"] is not None
    ]
    if len(points) > 1 and value is not None:
        picture = trajectory(points, look=_look("trajectory"))
        found.append((_("The estimate as the data grow"), _picture(picture)))
    shown: Any = line.result.diagnostics.get("prior_posterior")
    if shown:
        curves = [shown[name] for name in ("values", "prior", "posterior")]
        picture = prior_posterior(*curves, n_observed=n, look=_look("prior"))
        found.append((_("Before and after the data"), _picture(picture)))
    return found
