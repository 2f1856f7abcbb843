"""The checks of a result as tables: what was left out, joined, predicted, which models won, what other methods say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from palermo.estimation.results import number
from palermo.rooms.estimates.queries import method_title
from palermo.rooms.estimates.queries.reading import people
from palermo.web.tables import Column, Table

MOST_MODELS = 8


def asked(checks: Mapping[str, Any]) -> list[Table]:
    """One table for each check that said anything."""
    made = [_others(checks), _left_out(checks), _merged(checks), _predicted(checks), _winners(checks)]
    return [table for table in made if table.rows]


def _number(value: Any) -> str:
    return people(number(value))


def _others(checks: Mapping[str, Any]) -> Table:
    rows = [
        (method_title(one["method"]), _number(one["value"]), f"{_number(one['lower'])} – {_number(one['upper'])}"
         if one["lower"] is not None else "–")
        for one in checks["others"]
    ]  # fmt: skip
    columns = [
        Column(_("Method")),
        Column(_("People in all"), numeric=True),
        Column(_("Interval"), numeric=True),
    ]
    return Table(_("What other methods say"), columns, rows)


def _left_out(checks: Mapping[str, Any]) -> Table:
    rows = [(", ".join(one["lists"]), _number(one["estimate"])) for one in checks["leave_one_out"]["rows"]]
    columns = [Column(_("Without this list")), Column(_("People in all"), numeric=True)]
    return Table(_("When a list is left out"), columns, rows)


def _merged(checks: Mapping[str, Any]) -> Table:
    rows = [(" + ".join(one["lists"]), _number(one["estimate"])) for one in checks["merges"]["rows"]]
    columns = [Column(_("Counted as one list")), Column(_("People in all"), numeric=True)]
    return Table(_("When two lists count as one"), columns, rows)


def _predicted(checks: Mapping[str, Any]) -> Table:
    rows = [
        (one["list"], people(one["known"]), _number(one["predicted"]),
         f"{_number(one['lower'])} – {_number(one['upper'])}" if one["lower"] is not None else "–")
        for one in checks["consistency"]["rows"]
    ]  # fmt: skip
    columns = [
        Column(_("List")), Column(_("Known"), numeric=True), Column(_("Predicted from the others"), numeric=True),
        Column(_("Interval"), numeric=True),
    ]  # fmt: skip
    return Table(_("What is known, predicted"), columns, rows)


def _winners(checks: Mapping[str, Any]) -> Table:
    rows = [(one["model"], f"{100 * one['share']:.0f} %") for one in checks["winners"][:MOST_MODELS]]
    columns = [Column(_("Model")), Column(_("Chosen in"), numeric=True)]
    return Table(_("Which model the replicates choose"), columns, rows)
