"""Counting the register: one query over the cells, exact at any size of the register.

Rows are dicts with the keys of `by` and `count`. An empty code means "not recorded". With `form` or
`purpose` in `by`, a person counts under every form of exploitation that was found, so that the counts may
add up to more than the persons (as in CTDC and GLOTIP); a person without any has the form "". With `source`, a person
who stands on several lists that were linked counts under each of them; without it, once.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.models.cells import ANSWER_CELL, CELLS, FLAGS
from palermo.rooms.register.models.flags import BIT, GROUPS, mask
from palermo.standards import mapping

Where = Mapping[str, Any]

PLAIN = (
    "year", "crime", "status", "sex", "age_band", "age_group", "majority", "citizenship", "country", "area",
    "source_kind",
)  # fmt: skip
MANY = ("form", "purpose")
BY = (*PLAIN, "source", *MANY)


@cache
def form_masks(kind: str) -> tuple[tuple[str, int], ...]:
    """(code, mask) of the three GLOTIP forms (`form`) or of palermo's thirteen (`purpose`)."""
    if kind == "purpose":
        return tuple(BIT["form"].items())
    pairs = mapping("palermo/form", "glotip/form")
    codes = dict.fromkeys(link.to_code for link in pairs)
    return tuple((code, mask("form", pairs.back(code))) for code in codes)


class Query:
    """Gathers the pieces of one SELECT; every fragment comes from the constants of this module."""

    def __init__(self, table: str, plain: Iterable[str]) -> None:
        self.table = table
        self.columns = {name: f"{table}.{name}" for name in plain}
        self.columns["source"] = "l.name"
        self.joins: list[str] = []
        self.conditions: list[str] = []
        self.join_values: list[Any] = []
        self.values: list[Any] = []

    def select(self, names: Sequence[str]) -> None:
        for name in names:
            if name == "source" and not any("register_sourcelist" in join for join in self.joins):
                # Persons on several lists stand under an entry that holds all of them (`sql_joining`).
                self.joins.append(
                    f"JOIN register_sourcelist s ON s.id = {self.table}.source_list_id "
                    "JOIN register_sourcelist l ON l.id = ANY(coalesce(s.members, ARRAY[s.id]))"
                )
            elif name in MANY:
                self._forms(name)
            elif name not in self.columns:
                raise KeyError(f"the register cannot be counted by {name}; it can by {', '.join(BY)}")

    def _forms(self, name: str) -> None:
        pairs = form_masks(name)
        everything = sum(bits for _code, bits in pairs)
        rows = ", ".join(["(%s, %s::integer)"] * (len(pairs) + 1))
        self.joins.append(
            f"JOIN (VALUES {rows}) AS {name}_(code, bits) ON {self.table}.form_yes & {name}_.bits <> 0 "
            f"OR ({name}_.bits = 0 AND {self.table}.form_yes & %s = 0)"
        )
        for pair in (*pairs, ("", 0)):
            self.join_values.extend(pair)
        self.join_values.append(everything)
        self.columns[name] = f"{name}_.code"

    def filter(self, where: Where) -> None:
        """`where`: name -> one value or a list of values; for forms: any of them."""
        for name, wanted in where.items():
            several = list(wanted) if isinstance(wanted, list | tuple | set | frozenset | range) else [wanted]
            if name in MANY:
                known = dict(form_masks(name))
                bits = 0
                for code in several:
                    bits |= known[code]
                self.conditions.append(f"{self.table}.form_yes & %s <> 0")
                self.values.append(bits)
            elif name == "source":
                # Not by the join: who is on two of the lists asked for is one person.
                self.conditions.append(
                    f"{self.table}.source_list_id IN (SELECT s.id FROM register_sourcelist s "  # noqa: S608
                    "JOIN register_sourcelist l ON l.id = ANY(coalesce(s.members, ARRAY[s.id])) WHERE l.name = ANY(%s))"
                )
                self.values.append(several)
            else:
                self.select([name])
                self.conditions.append(f"{self.columns[name]} = ANY(%s)")
                self.values.append(several)

    def rows(self, by: Sequence[str], count: str) -> list[dict[str, Any]]:
        """Run it: one dict per group, in the order of the groups."""
        columns = [self.columns[name] for name in by]
        selected = ", ".join((*columns, f"coalesce({count}, 0)::bigint"))
        sql = f"SELECT {selected} FROM register_{self.table} AS {self.table} {' '.join(self.joins)}"  # noqa: S608
        if self.conditions:
            sql += " WHERE " + " AND ".join(self.conditions)
        if columns:
            sql += f" GROUP BY {', '.join(columns)} HAVING {count} > 0 ORDER BY {', '.join(columns)}"
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self.join_values, *self.values])
            return [dict(zip((*by, "count"), row, strict=True)) for row in cursor.fetchall()]


COLUMN = {"source": "source_list_id", "form": "form_yes", "purpose": "form_yes"}


def smallest(names: Iterable[str]) -> str:
    """The smallest table of cells that has all of these attributes."""
    needed = {COLUMN.get(name, name) for name in names}
    return next((table for table, columns in CELLS.items() if needed <= set(columns)), "cell")


def tally(viewer: Viewer, by: Sequence[str], where: Where | None = None) -> list[dict[str, Any]]:
    """How many persons per combination of `by` (see `BY`), of those who meet `where`."""
    require(viewer, "register.person.count")
    table = smallest((*by, *(where or {})))
    query = Query(table, PLAIN)
    query.select(by)
    query.filter(where or {})
    return query.rows(by, f"sum({table}.persons)")


JUSTICE_PLAIN = ("stage", "year", "crime", "age_group", "country", "area")
SUSPECT_PLAIN = ("sex", "citizenship")


def justice_tally(viewer: Viewer, by: Sequence[str], where: Where | None = None) -> list[dict[str, Any]]:
    """How many persons reached a stage per combination of `by`: stage, year, crime, sex, age_group,
    citizenship, form, purpose, country, area, source. A person counts once per stage and year; filter or
    group by stage, for a person convicted was prosecuted too.
    """
    require(viewer, "register.person.count")
    query = Query("justiceevent", JUSTICE_PLAIN)
    query.joins.append("JOIN register_suspect AS suspect ON suspect.id = justiceevent.suspect_id")
    query.columns |= {name: f"suspect.{name}" for name in SUSPECT_PLAIN}
    query.select(by)
    query.filter(where or {})
    for parts in (query.joins, query.conditions):
        parts[:] = [part.replace("justiceevent.source_list_id", "suspect.source_list_id") for part in parts]
    return query.rows(by, "count(*)")


def flag_tally(viewer: Viewer, group: str, where: Where | None = None) -> dict[str, Any]:
    """Answers of a group of flags (`flags.GROUPS`): {"answered", "persons", "codes": [{code, yes, no}]}.

    answered: persons with at least one recorded answer in the group, the denominator that CTDC uses; persons
    without are neither yes nor no. `where`: year, crime, status, sex, age_group, majority, source.
    """
    require(viewer, "register.person.count")
    if group not in GROUPS:
        raise KeyError(f"there is no group of flags called {group}")
    query = Query("answercell", (name for name in PLAIN if name in ANSWER_CELL))
    query.filter(where or {})
    condition = f"WHERE {' AND '.join(query.conditions)}" if query.conditions else ""
    places = [place for place, (of, _code) in enumerate(FLAGS, start=1) if of == group]
    first, last, nth = places[0], places[-1], list(GROUPS).index(group) + 1
    sql = (
        "WITH found AS MATERIALIZED (SELECT answercell.persons, answercell.answered[%s] AS answered, "  # noqa: S608
        f"answercell.yes[%s:%s] AS yes, answercell.no[%s:%s] AS no FROM register_answercell AS answercell "
        f"{' '.join(query.joins)} {condition}) "
        "SELECT 0, coalesce(sum(persons), 0)::bigint, coalesce(sum(answered), 0)::bigint FROM found "
        "UNION ALL SELECT place, sum(y)::bigint, sum(n)::bigint "
        "FROM found, unnest(yes, no) WITH ORDINALITY AS t(y, n, place) GROUP BY place"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [nth, first, last, first, last, *query.values])
        found = {place: (one, other) for place, one, other in cursor.fetchall()}
    answers = [found.get(place, (0, 0)) for place in range(1, len(places) + 1)]
    return {
        "persons": found[0][0],
        "answered": found[0][1],
        "codes": [
            {"code": code, "yes": yes, "no": no}
            for code, (yes, no) in zip(GROUPS[group], answers, strict=True)
        ],
    }
