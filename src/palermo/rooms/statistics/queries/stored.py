"""Protected tables as data, and back: what publications and states keep."""

from typing import Any

from palermo.disclosure import Dimension, Published
from palermo.disclosure.tables import coordinates


def written(table: Published) -> dict[str, Any]:
    """A protected table as data; counts stand in the order of `coordinates`."""
    return {
        "population": table.population,
        "dimensions": [
            {
                "name": d.name, "categories": list(d.categories), "parents": dict(d.parents),
                "overlapping": d.overlapping, "covering": d.covering,
            }
            for d in table.dimensions
        ],
        "counts": [table.cells[at] for at in coordinates(table.dimensions)],
    }  # fmt: skip


def read_table(data: dict[str, Any]) -> Published:
    """The table that `written` wrote."""
    dimensions = tuple(
        Dimension(**{**found, "categories": tuple(found["categories"])}) for found in data["dimensions"]
    )
    cells = dict(zip(coordinates(dimensions), data["counts"], strict=True))
    return Published(dimensions, cells, data["population"])
