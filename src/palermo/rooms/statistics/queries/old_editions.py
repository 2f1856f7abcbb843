"""Editions that were frozen before palermo kept the protected counts behind each: read back from what they show.

What an edition printed is known of it, shown or withheld. Of women, girls, men and boys the attacker is told that
none is more than the persons of that sex and of that age: what else hangs together was audited when it was made.
"""

from collections.abc import Iterator

from palermo.disclosure import TOTAL, Dimension, Published
from palermo.disclosure.tables import Coordinate, coordinates
from palermo.rooms.statistics.queries.register_tables import ANSWERED, GROUP_OF, WHO
from palermo.rooms.statistics.queries.view import STAGES, Part, TableView

Cells = dict[Coordinate, int | None]


def tables_of(view: TableView) -> tuple[Published, ...]:
    """The protected tables behind a view, as far as it shows them."""
    parts = {part.key: part for part in view.parts if part.rows and not part.key.startswith("rate-")}
    if "sex" not in parts or "age" not in parts:
        return ()
    found = [_who(parts)] if "who" in parts else []
    for key in ("sex", "age", "form", "citizenship", *STAGES):
        if key in parts:
            found.append(_flat(parts[key], key if key in STAGES else "persons"))
    whole = dict(_counts(parts["sex"])).get((TOTAL, TOTAL))
    found += [_answers(key, parts[key], whole) for key in GROUP_OF if key in parts]
    return tuple(found)


def _codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in codes if code != TOTAL)


def _counts(part: Part) -> Iterator[tuple[tuple[str, str], int | None]]:
    """(row, column) -> count. Parts of all years have persons in one column: they stand in the row Total."""
    for row in part.rows:
        for column in ("persons",) if part.columns_by == "measure" else part.columns:
            cell = part.cell(row, column)
            at = (TOTAL, row) if part.columns_by == "measure" else (row, column)
            yield at, None if cell.withheld or cell.value is None else int(cell.value)


def _who(parts: dict[str, Part]) -> Published:
    """Year by sex by age as far as women, girls, men and boys were printed; the margins stand in their own tables."""
    part = parts["who"]
    printed = [WHO[code] for code in part.columns if code in WHO]
    sexes, ages = (tuple(dict.fromkeys(pair[place] for pair in printed)) for place in (0, 1))
    dimensions = (
        Dimension("year", _codes(part.rows)),
        Dimension("sex", sexes, overlapping=True, covering=False),
        Dimension("age", ages, overlapping=True, covering=False),
    )
    cells: Cells = dict.fromkeys(coordinates(dimensions), 0)
    known = {(year, code, TOTAL): count for (year, code), count in _counts(parts["sex"])}
    known |= {(year, TOTAL, code): count for (year, code), count in _counts(parts["age"])}
    known |= {(year, *WHO[code]): count for (year, code), count in _counts(part) if code in WHO}
    return Published(dimensions, cells | {at: count for at, count in known.items() if at in cells})


def _flat(part: Part, population: str) -> Published:
    flat = part.columns_by == "measure"
    years = () if flat else _codes(part.rows)
    codes = _codes(part.rows if flat else part.columns)
    name = part.rows_by if flat else part.columns_by
    dimensions = (Dimension("year", years), Dimension(name, codes, overlapping=name == "form"))
    cells: Cells = dict.fromkeys(coordinates(dimensions), 0)
    return Published(dimensions, cells | dict(_counts(part)), population)


def _answers(key: str, part: Part, whole: int | None) -> Published:
    """Answers of a group: overlapping, under the persons who answered."""
    codes = tuple(dict.fromkeys((ANSWERED, *_codes(part.rows))))
    parents = {code: ANSWERED for code in codes if code != ANSWERED}
    dimension = Dimension(GROUP_OF[key], codes, parents, overlapping=True, covering=False)
    cells: Cells = {(row,): count for (_year, row), count in _counts(part)}
    # The total is not printed there; it is that of the sexes.
    return Published(
        (dimension,), {(code,): cells.get((code,), whole if code == TOTAL else 0) for code in dimension.codes}
    )


__all__ = ["tables_of"]
