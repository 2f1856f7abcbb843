"""Makes the map of the world that pages draw, out of two files of world-atlas (TopoJSON, ISC; Natural Earth).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/boundaries.py package/countries-110m.json --places package/countries-50m.json

Land and borders come from the first file, the places of countries from the second, which has small ones too. Borders
of what has no ISO code of its own, and of the codes in --disputed, are drawn as disputed. Antarctica is left out.
Standard library only, and run by hand: the product is committed.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from palermo.standards.countries import find_country  # noqa: E402
from palermo.standards.world import Point, project  # noqa: E402

OUT = ROOT / "src/palermo/standards/data/world.json"
ANTARCTICA = "010"
Line = list[Point]
Drawn = list[tuple[int, int]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the map of the world that pages draw.")
    parser.add_argument("countries", type=Path, help="countries-110m.json of world-atlas")
    parser.add_argument("--places", type=Path, required=True, help="countries-50m.json of world-atlas")
    parser.add_argument("--disputed", default="732", help="M49 codes whose borders are disputed, with commas")
    parser.add_argument("--source", default="Natural Earth 1:110m (world-atlas 2.0.2)")
    parser.add_argument("--licence", default="ISC (world-atlas), public domain (Natural Earth)")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    coarse, fine = (json.loads(path.read_text()) for path in (given.countries, given.places))
    lines, shapes = arcs(coarse), kept(coarse)
    sure, unsure = borders(shapes, frozenset(given.disputed.split(",")))
    made = {
        "source": given.source, "licence": given.licence, "projection": "Equal Earth",
        "sha256": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (given.countries, given.places)},
        "land": land(lines, shapes), "borders": mesh(lines, sure), "disputed": mesh(lines, unsure),
        "places": dict(sorted(places(fine))),
    }  # fmt: skip
    given.out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{given.out.name}: {given.out.stat().st_size // 1024} KB, {len(made['places'])} places")
    return 0


def arcs(topology: dict[str, Any]) -> list[Line]:
    """Each arc as longitudes and latitudes: TopoJSON keeps whole steps from point to point."""
    (a, b), (c, d) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * a + c, y * b + d))
        found.append(line)
    return found


def kept(topology: dict[str, Any]) -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = topology["objects"]["countries"]["geometries"]
    return [shape for shape in every if shape.get("id") != ANTARCTICA]


def polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    found: list[Any] = shape["arcs"]
    return [found] if shape["type"] == "Polygon" else found


def ring(lines: list[Line], numbers: list[int]) -> Line:
    """The arcs of a ring one after the other; a negative number is an arc that runs backwards."""
    points: Line = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return unwrapped(points)


def unwrapped(points: Line) -> Line:
    """A ring over the 180th meridian goes on beyond it, instead of leaping to the other edge of the map."""
    found = points[:1]
    for x, y in points[1:]:
        while x - found[-1][0] > 180:
            x -= 360
        while x - found[-1][0] < -180:
            x += 360
        found.append((x, y))
    return found


def copies(points: Line) -> Iterator[Line]:
    """A ring, and once more at the other edge where it reaches beyond one."""
    yield points
    if max(x for x, _y in points) > 180:
        yield [(x - 360, y) for x, y in points]
    if min(x for x, _y in points) < -180:
        yield [(x + 360, y) for x, y in points]


def borders(shapes: list[dict[str, Any]], disputed: frozenset[str]) -> tuple[list[int], list[int]]:
    """Arcs that two countries share: those that are agreed, those that are not."""
    sides: dict[int, set[int]] = defaultdict(set)
    for place, shape in enumerate(shapes):
        for numbers in (numbers for polygon in polygons(shape) for numbers in polygon):
            for number in numbers:
                sides[number if number >= 0 else ~number].add(place)
    open_ = {place for place, shape in enumerate(shapes) if not shape.get("id") or shape["id"] in disputed}
    shared = {number: both for number, both in sides.items() if len(both) > 1}
    unsure = [number for number, both in shared.items() if both & open_]
    return [number for number in shared if number not in set(unsure)], unsure


def land(lines: list[Line], shapes: list[dict[str, Any]]) -> str:
    every = (ring(lines, numbers) for shape in shapes for polygon in polygons(shape) for numbers in polygon)
    rings = (copy for points in every for copy in copies(points))
    return "".join(f"{path}z" for points in rings if len(drawn(points)) > 2 and (path := steps(points)))


def mesh(lines: list[Line], numbers: list[int]) -> str:
    return "".join(steps(lines[number]) for number in sorted(numbers) if len(drawn(lines[number])) > 1)


def drawn(points: Line) -> Drawn:
    """Whole points of the drawing, none twice in a row."""
    found: Drawn = []
    for point in points:
        x, y = project(*point)
        at = (round(x), round(y))
        if not found or found[-1] != at:
            found.append(at)
    return found


def steps(points: Line) -> str:
    """An SVG path of short relative steps."""
    (x, y), *more = drawn(points)
    text = f"M{x} {y}" + ("l" if more else "")
    for number, (to_x, to_y) in enumerate(more):
        dx, dy = to_x - x, to_y - y
        first = f"{dx}" if number == 0 or dx < 0 else f" {dx}"
        text += first + (f"{dy}" if dy < 0 else f" {dy}")
        x, y = to_x, to_y
    return text


def places(topology: dict[str, Any]) -> Iterator[tuple[str, list[float]]]:
    """Alpha-2 code of each country that palermo knows, and the middle of the largest of its parts."""
    lines = arcs(topology)
    for shape in kept(topology):
        found = find_country(shape.get("id") or shape["properties"]["name"])
        if found is None or not found.alpha2:
            continue
        rings = [[project(*point) for point in ring(lines, polygon[0])] for polygon in polygons(shape)]
        x, y = centre(max(rings, key=lambda points: abs(area(points))))
        yield found.alpha2, [round(x, 1), round(y, 1)]


def area(points: Line) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points)) / 2


def centre(points: Line) -> Point:
    """The centroid of a ring; of one without an area, its first point."""
    whole = area(points)
    if abs(whole) < 1e-9:
        return points[0]
    pairs = [(p, q, p[0] * q[1] - q[0] * p[1]) for p, q in pairwise(points)]
    return (
        sum((p[0] + q[0]) * cross for p, q, cross in pairs) / (6 * whole),
        sum((p[1] + q[1]) * cross for p, q, cross in pairs) / (6 * whole),
    )


if __name__ == "__main__":
    sys.exit(main())
