"""Exact counts of the mechanism, as the database gives them to who may count. Nothing of this is shown as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from palermo.disclosure import TOTAL, Dimension, Key, Table, key_of
from palermo.disclosure.tables import coordinates

WAITS = ("same_day", "days_3", "days_7", "longer", "none")
LAST_DAY = {"same_day": 0, "days_3": 3, "days_7": 7, "longer": 9_999_998}  # of each class
KEPT = ("in_time", "late", "overdue", "running", "called_off")
HISTORY = ("first", "again")
ANSWERS = ("helped", "accepted", "declined", "received", "waiting", "expired")
NOT_YET = 9_999_999
RULES = {"reasonable": ("rg_decision", "rg_decision_detained", "child_panel"), "conclusive": ("cg_decision",)}
Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are counted, and whose: of one organisation, or of all."""

    since: date
    until: date
    organisation: UUID | None = None

    def quarters(self, seen: Iterable[str]) -> tuple[str, ...]:
        """Every quarter, as 2026-Q1, from the first in which somebody was counted until the running one."""
        last = 4 * self.until.year + (self.until.month - 1) // 3
        found = [4 * int(code[:4]) + int(code[-1]) - 1 for code in seen if code != TOTAL]
        return tuple(
            f"{number // 4}-Q{number % 4 + 1}"
            for number in range(min([*found, last]), max([*found, last]) + 1)
        )

    def rows(self, function: str, *more: str) -> Rows:
        """What one of the counting functions of the migration `0004_mechanism` says."""
        places = ", ".join(["%s"] * (3 + len(more)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM statistics_{function}({places})",  # noqa: S608
                [self.since, self.until, self.organisation, *more],
            )
            return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Counted:
    """Tables of one population, and the cells behind which too few persons stand though the count is large enough."""

    tables: tuple[Table, ...]
    few: frozenset[Key] = frozenset()


def additive(period: Period, rows: Rows, name: str, codes: tuple[str, ...], population: str) -> Table:
    """Quarters by codes that exclude one another."""
    counts = {(quarter, code): int(number) for quarter, code, number in rows}
    quarter = Dimension("quarter", period.quarters(at[0] for at in counts))
    return Table.from_counts((quarter, Dimension(name, codes)), counts, population=population)


def help_table(period: Period) -> Counted:
    """How long it took from the first contact to the first help."""
    return Counted((additive(period, period.rows("help"), "wait", WAITS, "episodes"),))


def presumed_table(period: Period) -> Counted:
    """Persons presumed for the first time, and again after an earlier case was closed."""
    return Counted((additive(period, period.rows("presumed"), "history", HISTORY, "presumed"),))


def limit_tables(period: Period) -> dict[str, Counted]:
    """For each decision, and for guardians: by quarter and how the limit was kept; decisions by limit too."""
    rows = period.rows("limits")
    found: dict[str, Counted] = {}
    for what in (*RULES, "guardian"):
        mine = [row for row in rows if row[0] == what]
        counts: dict[tuple[str, str], int] = {}
        by_rule: dict[tuple[str, str], int] = {}
        for _what, rule, quarter, kept, number in mine:
            counts[quarter, kept] = counts.get((quarter, kept), 0) + int(number)
            by_rule[rule, kept] = by_rule.get((rule, kept), 0) + int(number)
        how = Dimension("kept", KEPT)
        quarter = Dimension("quarter", period.quarters(at[0] for at in counts))
        tables = [Table.from_counts((quarter, how), counts, population=what)]
        if len(RULES.get(what, ())) > 1:
            tables.append(Table.from_counts((Dimension("limit", RULES[what]), how), by_rule, population=what))
        found[what] = Counted(tuple(tables))
    return found


def referral_tables(period: Period, mine: str) -> Counted:
    """Referrals by the answer that they got: quarters by answer, and kinds of help by answer."""
    rows = period.rows("referrals", mine)
    exact = {tuple(at): (int(number), int(persons)) for *at, number, persons in rows}
    kinds = tuple(sorted({at[1] for at in exact} - {TOTAL}))
    quarter = Dimension("quarter", period.quarters(at[0] for at in exact))
    answer, population = Dimension("answer", ANSWERS), f"referrals_{mine}"
    by_quarter = {(at[0], at[2]): found for at, found in exact.items() if at[1] == TOTAL}
    by_kind = {at[1:]: found for at, found in exact.items() if at[0] == TOTAL}
    return _counted(
        ((quarter, answer), by_quarter, population), ((Dimension("kind", kinds), answer), by_kind, population)
    )


def unmet_tables(period: Period) -> Counted:
    """Needs that were found to be unmet: quarters by kind."""
    exact = {tuple(at): (int(number), int(persons)) for *at, number, persons in period.rows("unmet")}
    kinds = tuple(sorted({at[1] for at in exact} - {TOTAL}))
    quarter = Dimension("quarter", period.quarters(at[0] for at in exact))
    return _counted(((quarter, Dimension("kind", kinds)), exact, "unmet"))


def _counted(*given: tuple[tuple[Dimension, ...], dict[tuple[str, ...], tuple[int, int]], str]) -> Counted:
    tables, few = [], set()
    for dimensions, found, population in given:
        cells = {at: found.get(at, (0, 0))[0] for at in coordinates(dimensions)}
        tables.append(Table(dimensions, cells, population))
        few |= {
            key_of(population, dimensions, at)
            for at, (_number, persons) in found.items()
            if 0 < persons < settings.PALERMO_THRESHOLD
        }
    return Counted(tuple(tables), frozenset(few))


def days(period: Period) -> dict[str, tuple[int | None, int | None, int | None]]:
    """Quarter (or Total) -> after how many days a quarter, half and three quarters had help; None of too few persons,
    NOT_YET where so many had none.
    """
    return {quarter: (lower, middle, upper) for quarter, lower, middle, upper in period.rows("days")}  # type: ignore[misc]
