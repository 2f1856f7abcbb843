"""Columns beside the counts that would tell what must not be told: hidden counts, or who somebody is."""

from collections.abc import Sequence

from palermo.disclosing.files import Sheet
from palermo.disclosing.layout import STATUS, Columns
from palermo.disclosure.synthesis.domain import named_like_identifier
from palermo.estimation import Problem

LEAST_LIST = 20  # rows, from which on a list of persons is told from a table


def telling_columns(
    sheet: Sheet, columns: Columns, left_out: Sequence[str], keep: Sequence[str]
) -> list[Problem]:
    """Other columns with numbers would give hidden counts away: a share, a rate, a second count."""
    known = {columns.count, *columns.by, *left_out, *keep}
    problems = []
    for place, name in enumerate(sheet.header):
        if name in known or name.casefold() in STATUS:
            continue
        values = {row[place].strip() for row in sheet.rows} - {""}
        numbers = sum(
            value.replace(",", "").replace(".", "").replace("%", "").strip().isdigit() for value in values
        )
        if len(values) > 1 and numbers > len(values) / 2:
            told = (
                "this column holds numbers that stay as they are, and a share, a rate or a second count can give "
                f"hidden counts away: put it into --by, leave it out (--drop {name}), or say that it tells nothing "
                f"(--keep {name})"
            )
            problems.append(Problem("numbers", told, row=1, column=name))
    return problems


def naming_columns(sheet: Sheet, columns: Columns, left_out: Sequence[str]) -> list[Problem]:
    """Columns that name people: called like an identifier, or a list of persons where counts should be."""
    problems = []
    for place, name in enumerate(sheet.header):
        if name in (columns.count, *left_out):
            continue
        if named_like_identifier(name):
            told = (
                "this column is named like one that identifies people, and its values would come out as they are: "
                f"leave it out (--drop {name}) after counting the persons without it"
            )
            problems.append(Problem("identifier", told, row=1, column=name))
        elif name in columns.by and _one_each(sheet, place, columns.count):
            told = (
                "every row has a value of its own here and counts one person at most: this is a list of persons, "
                "not a table of counts. Count them first, without this column"
            )
            problems.append(Problem("identifier", told, row=1, column=name))
    return problems


def _one_each(sheet: Sheet, place: int, count: str) -> bool:
    """Whether nearly every row has its own value and no row counts more than one person."""
    values = [row[place] for row in sheet.rows if row[place].strip()]
    if count not in sheet.header or len(values) < LEAST_LIST or len(set(values)) <= 0.9 * len(values):
        return False
    return {row[sheet.place(count)].strip() for row in sheet.rows} <= {"", "0", "1"}
