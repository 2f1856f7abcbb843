"""The JSON twin of the pages: the same queries, the same refusals."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from palermo.rooms.statistics import actions, queries

router = Router(tags=["statistics"])


def _whole(view: queries.TableView) -> dict[str, Any]:
    table = queries.declared(view.name)
    return {
        "name": view.name, "title": str(table.title), "as_of": view.as_of, "year": view.year,
        "region": view.region, "refused": view.refused, "warnings": [str(w) for w in table.warnings],
        "counting": table.counting,
        "explain": queries.explained(view), "footnotes": list(view.footnotes),
        "definitions": {part.key: list(told) for part in view.parts if (told := queries.definition(part.key))},
        "figures": queries.records(view),
    }  # fmt: skip


@router.get("/public")
def published(request: HttpRequest) -> list[dict[str, Any]]:
    """What is published."""
    latest = queries.latest(request.viewer)
    return [{"name": name, "published": found.approved_at} for name, found in latest.items()]


@router.get("/public/{name}")
def public_table(request: HttpRequest, name: str, year: int | None = None) -> dict[str, Any]:
    """The latest published edition of a table."""
    return _whole(queries.edition(request.viewer, name, year).view)


@router.get("/tables/{name}")
def table(request: HttpRequest, name: str, year: int | None = None, region: str = "") -> dict[str, Any]:
    """A national table, protected."""
    return _whole(queries.table(request.viewer, name, year=year, region=region))


@router.get("/populations")
def populations(request: HttpRequest) -> list[dict[str, Any]]:
    """Who can be counted in a table of one's own, by what, and which dimensions stand together."""
    made = queries.states_made(request.viewer)
    return [
        {
            "name": p.name, "title": str(p.title), "unit": str(p.unit), "rule": str(p.rule), "events": str(p.events),
            "dimensions": list(p.dimensions), "together": [list(table) for table in p.tables],
            "as_of": made.get(p.name),
        }
        for p in queries.POPULATIONS.values()
    ]  # fmt: skip


@router.get("/free")
def free_table(
    request: HttpRequest, population: str, by: str, years: str = "", only: str = ""
) -> dict[str, Any]:
    """A table of one's own: `by` and `years` are separated by commas, `only` is dimension:code,dimension:code."""
    held = dict(pair.split(":", 1) for pair in only.split(",") if ":" in pair)
    asked = [name for name in by.split(",") if name]
    wanted = [year for year in years.split(",") if year]
    return _whole(queries.free(request.viewer, population, asked, years=wanted, only=held))


@router.post("/states")
def count_states(request: HttpRequest) -> dict[str, Any]:
    """Count every population anew, in the background. `populations` says as of when each is."""
    made = actions.start_count(actor=request.viewer)
    return {"count": made.pk, "state": made.state}


@router.get("/own")
def own_figures(
    request: HttpRequest, organisation: UUID | None = None, year: int | None = None
) -> dict[str, Any]:
    """The key figures of one organisation, for its supervisor, protected."""
    return _whole(queries.own_mechanism(request.viewer, organisation).for_year(year))
