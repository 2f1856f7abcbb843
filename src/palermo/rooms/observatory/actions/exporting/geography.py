"""Places as GeoJSON (RFC 7946): the middle of a cell of a tenth of a degree, about 11 km. A finer one never leaves."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from palermo.rooms.observatory.actions.exporting.cells import Choice, front
from palermo.rooms.observatory.actions.exporting.writing import EVERY, Parts
from palermo.rooms.observatory.queries.leaving import Row
from palermo.rooms.observatory.queries.shapes import Table, word

TENTHS = 10
NOTE = "Places are the middle of cells of 0.1 degree (about 11 km); finer ones are not given out."


def geojson(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[bytes]:
    """A feature for each point that somebody answered; lines and areas are left out, for their course tells a place."""
    yield json.dumps({"type": "FeatureCollection", "note": NOTE})[:-1].encode() + b', "features": ['
    some: list[str] = []
    begun = False
    for table in tables:
        for row in parts.of(table):
            some += [json.dumps(feature, ensure_ascii=False) for feature in _features(row, table, chosen)]
            if len(some) >= EVERY:
                yield (",\n" if begun else "\n").encode() + ",\n".join(some).encode()
                begun, some = True, []
    if some:
        yield (",\n" if begun else "\n").encode() + ",\n".join(some).encode()
    yield b"\n]}\n"


def _features(row: Row, table: Table, chosen: Choice) -> Iterator[dict[str, Any]]:
    values = row.values or {}
    for column in table.columns:
        cell = coarse(values.get(column.name)) if column.kind == "text" and column.place else None
        if cell is None:
            continue
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": cell},
            "properties": {
                "KEY": front(row, table)[0], "column": column.name, "question": word(column.label, chosen.language),
                "ReviewState": row.state, "Site": row.site,
            },
        }  # fmt: skip


def coarse(answer: Any) -> list[float] | None:
    """Longitude and latitude of the middle of the cell in which a point lies; None for what is no point."""
    try:
        latitude, longitude = (float(part) for part in str(answer).split()[:2])
    except ValueError:
        return None
    if not (
        math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
    ):
        return None
    return [_middle(longitude, 180), _middle(latitude, 90)]


def _middle(degrees: float, most: int) -> float:
    """The cell that begins at the tenth below; the last one ends at the edge of the map."""
    place = min(math.floor(degrees * TENTHS), most * TENTHS - 1)
    return round((place + 0.5) / TENTHS, 2)
