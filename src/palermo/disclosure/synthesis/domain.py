"""What may stand in each column: said by people, from code lists, never found in the data.

A list found in the data is itself data: that a value is there at all would be published without noise, and
the one victim of a citizenship would be seen. So a category that nobody has can reach the output, and one
that is in no list cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import MISSING, MOST_TOLD, Codes, Rows, with_missing

Flags = npt.NDArray[np.bool_]
OTHER = "other"
MOST_CATEGORIES = 1_000
LEAST_COLUMNS = 2
MOST_COLUMNS = 100
IDENTIFYING = (
    "id", "uuid", "guid", "name", "surname", "forename", "first_name", "last_name", "family_name",
    "given_names",
    "phone", "telephone", "mobile", "email", "e_mail", "passport", "document", "document_number", "address",
    "birth_date", "date_of_birth", "dob", "case_number", "pseudonym", "person",
    "person_id", "case_id", "record_id",
)  # fmt: skip


class BadDomain(ValueError):
    """What is wrong with the lists or with the values: `problems` has all of it, as (column, value,
    message)."""

    def __init__(self, problems: Iterable[tuple[str, str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{c}: {m}" if c else m for c, _v, m in self.problems[:MOST_TOLD]))


@dataclass(frozen=True)
class Impossible:
    """Pairs of values that cannot be together, as declared: (value of `columns[0]`, value of
    `columns[1]`)."""

    columns: tuple[str, str]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Domain:
    """Every column with its categories, MISSING among them, and what is impossible."""

    columns: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    impossible: tuple[Impossible, ...] = ()

    def __post_init__(self) -> None:
        known = tuple(with_missing(one) for one in self.categories)
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "categories", known)
        wrong = [*_wrong_columns(self.columns, known), *self._wrong_pairs()]
        if wrong:
            raise BadDomain(wrong)

    @classmethod
    def from_lists(cls, lists: Mapping[str, Sequence[str]], impossible: Iterable[Impossible] = ()) -> Domain:
        """One code list for each column."""
        return cls(tuple(lists), tuple(tuple(one) for one in lists.values()), tuple(impossible))

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many categories each column has."""
        return tuple(map(len, self.categories))

    def only(self, columns: Sequence[str]) -> Domain:
        """Some of the columns, in that order; BadDomain for one that has no list."""
        absent = [
            (name, "", "there is no code list for this column")
            for name in columns
            if name not in self.columns
        ]
        if absent:
            raise BadDomain(absent)
        lists = {name: self.categories[self.columns.index(name)] for name in columns}
        kept = (one for one in self.impossible if set(one.columns) <= set(columns))
        return Domain.from_lists(lists, kept)

    def with_other(self) -> Domain:
        """The same with one more category, for whatever is in no list."""
        lists = {
            c: (*known, *(() if OTHER in known else (OTHER,)))
            for c, known in zip(self.columns, self.categories, strict=True)
        }
        return Domain.from_lists(lists, self.impossible)

    def coded(self, records: Sequence[Sequence[str | None]]) -> Rows:
        """Texts in the order of `columns` as rows. A value that is in no list becomes OTHER where the column
        has that category and is refused where it has not (BadDomain, up to twenty told)."""
        codes = np.empty((len(records), len(self.columns)), dtype=np.int32)
        wrong: list[tuple[str, str, str]] = []
        for j, (name, known) in enumerate(zip(self.columns, self.categories, strict=True)):
            place = {value: i for i, value in enumerate(known)}
            outside = place.get(OTHER, -1)
            codes[:, j] = [place.get(record[j] or MISSING, outside) for record in records]
            bad = np.flatnonzero(codes[:, j] < 0)
            for value in dict.fromkeys(str(records[i][j]) for i in bad[:10_000].tolist()):
                wrong.append((name, value, "this value is in no code list of the column"))
        if wrong:
            raise BadDomain(
                wrong if len(wrong) <= MOST_TOLD else [*wrong[:MOST_TOLD], _more(len(wrong) - MOST_TOLD)]
            )
        return Rows(self.columns, codes, self.categories)

    def forbidden(self) -> dict[tuple[int, int], Flags]:
        """By pair of places of columns: a table that is true where the pair of values is impossible."""
        tables: dict[tuple[int, int], Flags] = {}
        for one in self.impossible:
            first, second = (self.columns.index(name) for name in one.columns)
            i, j = min(first, second), max(first, second)
            table = tables.setdefault((i, j), np.zeros((self.sizes[i], self.sizes[j]), dtype=bool))
            for a, b in one.pairs:
                said = (a, b) if first < second else (b, a)
                table[self.categories[i].index(said[0]), self.categories[j].index(said[1])] = True
        return tables

    def _wrong_pairs(self) -> list[tuple[str, str, str]]:
        wrong = []
        for one in self.impossible:
            for place, name in enumerate(one.columns):
                if name not in self.columns:
                    wrong.append((name, "", "an impossible pair names a column that has no code list"))
                    continue
                known = self.categories[self.columns.index(name)]
                for value in sorted({pair[place] for pair in one.pairs} - set(known)):
                    wrong.append(
                        (name, value, "an impossible pair names a value that is not in the code list")
                    )
            if len(set(one.columns)) < 2:
                wrong.append((one.columns[0], "", "an impossible pair needs two columns"))
        return wrong


def identifying(columns: Sequence[str], records: Sequence[Sequence[str | None]]) -> list[tuple[str, str]]:
    """Columns that name people, with the reason: called like an identifier, or nearly every value occurs
    once.

    The second looks at the data. It only ever refuses; nothing of it is published.
    """
    found = []
    for j, name in enumerate(columns):
        if named_like_identifier(name):
            found.append(
                (name, "this column is named like one that identifies people; it cannot be released")
            )
            continue
        values = [record[j] for record in records if record[j]]
        if len(values) >= 20 and len(set(values)) > 0.9 * len(values):
            found.append((
                name,
                "nearly every row has a value of its own here: such a column identifies people or measures "
                "too finely. "
                "Leave it out, or put its values into classes",
            ))  # fmt: skip
    return found


def named_like_identifier(name: str) -> bool:
    """Whether a column is called like one that names people."""
    plain = "".join("_" + c.lower() if c.isupper() else c.lower() for c in name).strip("_")
    plain = "_".join(plain.replace("-", "_").replace(" ", "_").split("_"))
    words = plain.replace("__", "_")
    return words in IDENTIFYING or name.casefold() in IDENTIFYING


def one_row_each(persons: Sequence[str]) -> Codes:
    """The first row of each person: the person is the unit, however many records there are of him. A row
    without a person counts as a person of its own."""
    seen: set[str] = set()
    kept = []
    for at, person in enumerate(persons):
        if person and person in seen:
            continue
        seen.add(person)
        kept.append(at)
    return np.array(kept, dtype=np.int32)


def _wrong_columns(columns: Sequence[str], categories: Sequence[Sequence[str]]) -> list[tuple[str, str, str]]:
    wrong = [
        ("", name, "two columns have this name")
        for name in sorted({c for c in columns if columns.count(c) > 1})
    ]
    if len(columns) < LEAST_COLUMNS:
        wrong.append(
            ("", "", "synthetic rows need two columns at least; of one column publish a table of counts")
        )
    if len(columns) > MOST_COLUMNS:
        wrong.append(("", "", f"at most {MOST_COLUMNS} columns can be released together"))
    for name, known in zip(columns, categories, strict=True):
        real = [value for value in known if value != MISSING]
        if not real:
            wrong.append((name, "", "its code list is empty"))
        if len(real) != len(set(real)):
            wrong.append((name, "", "a value stands in its code list twice"))
        if len(real) > MOST_CATEGORIES:
            wrong.append((
                name, "",
                f"its code list has {len(real):,} values; with more than {MOST_CATEGORIES:,} there would be "
                "more noise "
                "than people in every cell. Put them into classes",
            ))  # fmt: skip
    return wrong


def _more(number: int) -> tuple[str, str, str]:
    return ("", "", f"and {number:,} more such values")
