"""Charges are not persons: counting them apart, and finding lists whose stages stand in a strange order."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.queries.tally import JUSTICE_PLAIN, SUSPECT_PLAIN, Query, Where

CHARGE_PLAIN = ("offence", "article", "crime", "instance", "sentence", "final", "authority")


def charge_tally(viewer: Viewer, by: Sequence[str], where: Where | None = None) -> list[dict[str, Any]]:
    """How many charges per combination of `by`: offence, article, crime, instance, sentence, final, authority
    and the attributes of the stage and the person (`justice_tally`). Always at least as many as persons.
    """
    require(viewer, "register.person.count")
    query = Query("charge", CHARGE_PLAIN)
    query.joins += [
        "JOIN register_justiceevent AS e ON e.id = charge.event_id",
        "JOIN register_suspect AS suspect ON suspect.id = e.suspect_id",
    ]
    query.columns |= {name: f"e.{name}" for name in JUSTICE_PLAIN if name not in CHARGE_PLAIN}
    query.columns |= {name: f"suspect.{name}" for name in SUSPECT_PLAIN}
    query.select(by)
    query.filter(where or {})
    for parts in (query.joins, query.conditions):
        parts[:] = [part.replace("charge.source_list_id", "suspect.source_list_id") for part in parts]
    return query.rows(by, "count(*)")


_ODD = """
SELECT l.name, count(*) FROM (
  SELECT s.source_list_id,
    min(CASE WHEN e.stage = 'convicted' THEN CASE e."precision" WHEN 'year' THEN make_date(e.year, 12, 31)
      WHEN 'month' THEN e."on" + 30 ELSE e."on" END END) AS convicted,
    min(CASE WHEN e.stage = 'prosecuted' THEN e."on" END) AS prosecuted
  FROM register_justiceevent e JOIN register_suspect s ON s.id = e.suspect_id
  WHERE e.stage IN ('convicted', 'prosecuted') GROUP BY s.id, s.source_list_id
) AS p JOIN register_sourcelist l ON l.id = p.source_list_id
WHERE p.convicted < p.prosecuted GROUP BY l.name ORDER BY l.name
"""


def out_of_order(viewer: Viewer) -> list[tuple[str, int]]:
    """(list, persons convicted before they were first prosecuted): deliveries of a list may contradict each other."""
    require(viewer, "register.person.view")
    with connection.cursor() as cursor:
        cursor.execute(_ODD)
        return list(cursor.fetchall())
