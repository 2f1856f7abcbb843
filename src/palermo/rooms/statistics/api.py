"""The JSON twin of the pages: the same queries, the same refusals."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from palermo.rooms.statistics import queries

router = Router(tags=["statistics"])


def _whole(view: queries.TableView) -> dict[str, Any]:
    table = queries.declared(view.name)
    return {
        "name": view.name, "title": str(table.title), "as_of": view.as_of, "year": view.year,
        "region": view.region, "refused": view.refused, "warnings": [str(w) for w in table.warnings],
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


@router.get("/own")
def own_figures(
    request: HttpRequest, organisation: UUID | None = None, year: int | None = None
) -> dict[str, Any]:
    """The key figures of one organisation, for its supervisor, protected."""
    return _whole(queries.own_mechanism(request.viewer, organisation).for_year(year))
