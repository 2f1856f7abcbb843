"""Tables as files, for the command line, the pages and the public."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.writers import csv_bytes, hxl_bytes, json_bytes, sdmx_bytes, xlsx_bytes
from palermo.rooms.statistics import queries
from palermo.rooms.statistics.actions.counting import count_states
from palermo.rooms.statistics.actions.questionnaire import long_csv, workbook
from palermo.rooms.statistics.actions.sdmx import long_sdmx
from palermo.rooms.statistics.queries import TableView

COLUMNS = (
    "table", "part", "row_dimension", "row", "row_label", "column_dimension", "column", "column_label", "value",
    "status", "low", "high", "countries", "year", "region", "as_of", "population", "held",
)  # fmt: skip
FORMATS = ("csv", "json", "xlsx", "sdmx", "hxl")
# The second row of the .hxl.csv file (HXL standard 1.1: hxlstandard.org): what each column is, for humanitarian tools.
HXL_TAGS = {
    "table": "#meta+table", "part": "#meta+breakdown", "row_dimension": "#indicator+name+row",
    "row": "#indicator+code+row", "row_label": "#indicator+label+row", "column_dimension": "#indicator+name+column",
    "column": "#indicator+code+column", "column_label": "#indicator+label+column", "value": "#indicator+value+num",
    "status": "#status", "low": "#indicator+min+num", "high": "#indicator+max+num", "countries": "#meta+countries+num",
    "year": "#date+year", "region": "#region+name", "as_of": "#date+counted", "population": "#affected+type",
    "held": "#meta+held",
}  # fmt: skip
QUESTIONNAIRE = {
    "unodc": "csv",
    "questionnaire": "xlsx",
}  # of the table glotip alone: its layout -> the kind of file
SDMX_DIMENSIONS = ("part", "row_dimension", "row", "column_dimension", "column", "year", "region")


def tabulate(
    *,
    actor: Viewer,
    table: str,
    year: int | None = None,
    format: str = "csv",
    region: str = "",
    population: str = "persons",
    by: Sequence[str] = ("year", "sex"),
) -> bytes:
    """The protected table as a file. Raises NotFound for a table or year that there is not, and Conflict, with what to
    do about it, when there is nothing to count.
    """
    if table in ("states", "free"):
        return _of_states(actor, table, year, format, population, by)
    _known(format, table)
    view = queries.table(actor, table, year=year, region=region)
    if view.refused and queries.declared(table).fed_by == "state":
        count_states(actor=actor)
        view = queries.table(actor, table, year=year, region=region)
    if view.refused or view.empty:
        told = (
            view.refused if "palermo " in view.refused else f"{view.refused} {_nothing(table, year)}".strip()
        )
        raise Conflict(told, rule="statistics.nothing", state="empty")
    return export(actor=actor, table=table, year=year, format=format, region=region).content


def _of_states(
    actor: Viewer, table: str, year: int | None, format: str, population: str, by: Sequence[str]
) -> bytes:
    """Count anew and say what is there; or a table of one's own, counted first where it never was."""
    if table == "states" or population not in queries.states_made(actor):
        count_states(actor=actor)
    if table == "states":
        made = queries.states_made(actor)
        rows = [
            {"population": p.name, "title": str(p.title), "as_of": made.get(p.name)}
            for p in queries.POPULATIONS.values()
        ]
        return json_bytes(rows) if format == "json" else csv_bytes(rows, ("population", "title", "as_of"))
    years = (str(year),) if year is not None else ()
    return export_free(actor=actor, population=population, by=by, years=years, format=format).content


def _nothing(table: str, year: int | None) -> str:
    if year is not None:
        return _(
            "There is nothing in this table for %(year)s. Leave the year out to see which years there are."
        ) % {"year": year}
    if queries.declared(table).fed_by in ("register", "state"):
        return _(
            "There is nothing to count: the register is empty. Register persons, or take a list in with: palermo "
            "import FILE --format htcds --source NAME (palermo demo makes an invented country to try with)."
        )
    if queries.declared(table).fed_by == "mechanism":
        return _("There is nothing to count: no case was opened yet.")
    return _(
        "There is nothing to count: no figures of other countries were imported. Take the UNODC dataset in with: "
        "palermo import FILE --format glotip --source NAME."
    )


def export(
    *, actor: Viewer, table: str, year: int | None = None, format: str = "csv", region: str = ""
) -> File:
    """The national table, for those who may see it. On record."""
    _known(format, table)
    view = queries.table(actor, table, year=year, region=region)
    if format in QUESTIONNAIRE:  # the years are columns of it: always all of them
        view = queries.table(actor, table)
    return hand_out(
        actor=actor, permission="statistics.table.export", what=_name(view, format),
        format=QUESTIONNAIRE.get(format, format), content=_content(view, format),
    )  # fmt: skip


def export_free(
    *, actor: Viewer, population: str, by: Sequence[str], years: Sequence[str] = (),
    only: Mapping[str, str] | None = None, format: str = "csv",
) -> File:  # fmt: skip
    """A table of the actor's own, as far as the newest state has it. On record."""
    _known(format)
    view = queries.free(actor, population, by, years=years, only=only)
    if view.refused or view.empty:
        raise Conflict(view.refused or _nothing("free", None), rule="statistics.nothing", state="empty")
    return hand_out(
        actor=actor, permission="statistics.table.export", what="-".join((_name(view), population, *by)),
        format=format, content=_content(view, format),
    )  # fmt: skip


def export_own(
    *, actor: Viewer, organisation: UUID | None = None, year: int | None = None, format: str = "csv"
) -> File:
    """The key figures of one organisation, for its supervisor. On record."""
    _known(format)
    view = queries.own_mechanism(actor, organisation).for_year(year)
    return hand_out(
        actor=actor, permission="statistics.own.view", what=f"{_name(view)}-own", format=format,
        content=_content(view, format),
    )  # fmt: skip


def export_published(
    *, actor: Viewer, table: str, year: int | None = None, format: str = "csv", number: int | None = None
) -> File:
    """The edition of that number, or the newest. Not on record: it is public, and readers are not followed."""
    _known(format)
    found = queries.edition(actor, table, year, number)
    view = found.view
    return hand_out(
        actor=actor, permission="statistics.publication.view", format=format,
        what=f"{_name(view)}-{found.publication.number}",
        content=_content(view, format), logged=False,
    )  # fmt: skip


def record_exact_view(*, actor: Viewer, table: str) -> None:
    """Put on record that somebody looked at exact small counts."""
    audit(actor=actor, action="statistics.exact.view", object_kind="table", detail={"table": table})


def _known(format: str, table: str = "") -> None:
    if format not in FORMATS and not (table == "glotip" and format in QUESTIONNAIRE):
        raise NotFound(_("A table is given as csv, json, xlsx, sdmx or hxl."), rule="statistics.format")


def _name(view: TableView, format: str = "") -> str:
    layout = format if format in QUESTIONNAIRE else ""
    region = "".join(c if c.isascii() and c.isalnum() else "-" for c in view.region)
    return "-".join(part for part in ("palermo", view.name, str(view.year or ""), region, layout) if part)


def _content(view: TableView, format: str) -> bytes:
    if view.exact:
        raise Refused(_("Exact figures are looked at, never handed out."), rule="statistics.exact")
    if format in QUESTIONNAIRE:
        return long_csv(view) if format == "unodc" else workbook(view)
    rows = [_labelled(row) for row in queries.records(view)]
    if format == "sdmx" and (long := queries.long_rows(view)):
        return long_sdmx(view, long)
    if format == "csv":
        return csv_bytes(rows, COLUMNS)
    if format == "hxl":
        return hxl_bytes(rows, HXL_TAGS)
    if format == "sdmx":
        structure = f"PALERMO:{view.name.upper().replace('-', '_')}(1.0)"
        return sdmx_bytes(rows, SDMX_DIMENSIONS, structure)
    about = _about(view)
    if format == "xlsx":
        told = [about["title"], about["question"], about["as_of"], *about["warnings"], *about["notes"]]
        return xlsx_bytes(rows, COLUMNS, [*told, *about["explain"], *about["footnotes"]])
    return json_bytes({**about, "figures": rows})


def _labelled(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "row_label": str(queries.label(row["row_dimension"], row["row"])),
        "column_label": str(queries.label(row["column_dimension"], row["column"])),
    }


def _definitions(view: TableView) -> list[str]:
    """What each figure counts, with its title, for those who have the file alone."""
    return [
        f"{queries.part_title(part)}: {' '.join(told)}"
        for part in view.parts
        if (told := queries.definition(part.key))
    ]


def _about(view: TableView) -> dict[str, Any]:
    table = queries.declared(view.name)
    return {
        "name": view.name, "title": str(table.title), "question": str(table.question),
        "population": str(table.population), "as_of": view.as_of, "year": view.year, "region": view.region,
        "refused": view.refused, "source": view.source, "warnings": [str(w) for w in table.warnings],
        "notes": [*_definitions(view), *(str(n) for n in table.notes)], "explain": queries.explained(view),
        "footnotes": list(view.footnotes),
    }  # fmt: skip
