"""Whether the cells still tell the truth: a recount of every person, for `palermo doctor` and for tests."""

from typing import Any

from django.db import connection

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.models.cells import ANSWER_CELL, CELLS, FLAGS
from palermo.rooms.register.models.flags import BIT, GROUPS


def drift(viewer: Viewer) -> list[dict[str, Any]]:
    """Cells that differ from a recount of the persons: an empty list, or somebody changed them by force."""
    require(viewer, "register.person.view")  # rows are read, not counts alone
    found: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for table, names in CELLS.items():
            dims = ", ".join(names)
            cursor.execute(
                f"SELECT {dims}, sum(cell), sum(recount) FROM ("  # noqa: S608
                f"SELECT {dims}, persons AS cell, 0 AS recount FROM register_{table} UNION ALL "
                f"SELECT {dims}, 0, 1 FROM register_person WHERE part_of IS NULL) AS both_ways "
                f"GROUP BY {dims} HAVING sum(cell) <> sum(recount) LIMIT 100"
            )
            names_ = ("table", *names, "cell", "recount")
            found += [dict(zip(names_, (table, *row), strict=True)) for row in cursor.fetchall()]
        cursor.execute(_ANSWERS)
        found += [
            {"table": "answercell", "place": place, "cell": cell, "recount": recount}
            for place, cell, recount in cursor.fetchall()
        ]
    return found


def _recount() -> str:
    parts = [f"count(*) FILTER (WHERE {g}_yes & {BIT[g][c]} <> 0)" for g, c in FLAGS]
    parts += [f"count(*) FILTER (WHERE {g}_recorded & ~{g}_yes & {BIT[g][c]} <> 0)" for g, c in FLAGS]
    parts += [f"count(*) FILTER (WHERE {g}_recorded <> 0)" for g in GROUPS]
    return ", ".join((*parts, "count(*)"))


# Yes, no, answered and persons one after the other; compared within every cell.
_DIMS = ", ".join(ANSWER_CELL)
_ANSWERS = f"""
WITH counted AS (SELECT {_DIMS}, ARRAY[{_recount()}] AS figures FROM register_person WHERE part_of IS NULL
  GROUP BY {_DIMS}),
kept AS (SELECT {_DIMS}, yes || no || answered || persons AS figures FROM register_answercell)
SELECT place, sum(kept)::bigint, sum(recount)::bigint FROM (
  SELECT {_DIMS}, place, n AS kept, 0 AS recount FROM kept, unnest(figures) WITH ORDINALITY AS t(n, place)
  UNION ALL
  SELECT {_DIMS}, place, 0, n FROM counted, unnest(figures) WITH ORDINALITY AS t(n, place)
) AS both_ways GROUP BY {_DIMS}, place HAVING sum(kept) <> sum(recount) LIMIT 100
"""  # noqa: S608 - names of columns from the model
