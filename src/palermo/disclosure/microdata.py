"""Categorical microdata: one row a person, one small whole number a value.

A value that is not recorded is a category like any other (MISSING, written as an empty text): "not recorded" is
never the same as "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

MISSING = ""
MOST_TOLD = 20  # so many problems are told one by one
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Rows:
    """`codes[i, j]` is the place of person i's value among `categories[j]`, the values that `columns[j]` may have.

    The codes are copied and cannot be written. Raises ValueError where the three do not fit together.
    """

    columns: tuple[str, ...]
    codes: Codes
    categories: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        codes = np.array(self.codes, dtype=np.int32, order="C")
        columns, categories = tuple(self.columns), tuple(tuple(one) for one in self.categories)
        if len(set(columns)) != len(columns) or not columns:
            raise ValueError("columns must have different names, and there must be one at least")
        if codes.ndim != 2 or codes.shape[1] != len(columns) or len(categories) != len(columns):
            raise ValueError("there must be one column of codes and one list of categories for each name")
        for j, (name, known) in enumerate(zip(columns, categories, strict=True)):
            if len(set(known)) != len(known):
                raise ValueError(f"{name}: a category stands there twice")
            if len(codes) and not (codes[:, j].min() >= 0 and codes[:, j].max() < len(known)):
                raise ValueError(f"{name}: a code has no category")
        codes.flags.writeable = False
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "categories", categories)

    @classmethod
    def from_records(
        cls,
        columns: Sequence[str],
        records: Iterable[Sequence[str | None]],
        categories: Mapping[str, Sequence[str]] | None = None,
    ) -> Rows:
        """Rows from texts in the order of `columns`; None and empty text are MISSING.

        With `categories` (code lists) a column has exactly these, MISSING in front where it is not among them, and
        a value outside is refused (ValueError, with all problems at once, up to twenty). Without, a column has the
        values that occur in it, sorted: good for measuring, never for a release, since such a list is itself data.
        """
        texts = [tuple(MISSING if value is None else str(value) for value in record) for record in records]
        if any(len(record) != len(columns) for record in texts):
            raise ValueError(f"every record must have {len(columns)} values")
        if categories is None:
            seen = list(zip(*texts, strict=True)) or [()] * len(columns)
            known = tuple(tuple(sorted(set(values))) for values in seen)
        else:
            absent = [name for name in columns if name not in categories]
            if absent:
                raise ValueError(f"without a list of categories: {', '.join(absent)}")
            known = tuple(with_missing(categories[name]) for name in columns)
        return cls(tuple(columns), _coded(columns, texts, known), known)

    def to_records(self) -> list[tuple[str, ...]]:
        """The rows as texts, in order."""
        if not self.n:
            return []
        said = [
            np.array(known, dtype=object)[self.codes[:, j]].tolist()
            for j, known in enumerate(self.categories)
        ]
        return list(zip(*said, strict=True))

    @property
    def n(self) -> int:
        """How many rows."""
        return int(self.codes.shape[0])

    @property
    def d(self) -> int:
        """How many columns."""
        return len(self.columns)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many categories each column has."""
        return tuple(map(len, self.categories))

    def take(self, rows: npt.ArrayLike) -> Rows:
        """Some of the rows, by numbers or by a mask."""
        chosen = np.asarray(rows)
        return Rows(
            self.columns, self.codes[chosen if chosen.size else chosen.astype(np.intp)], self.categories
        )

    def only(self, columns: Sequence[str]) -> Rows:
        """Some of the columns, in the order asked for."""
        at = [self.columns.index(name) for name in columns]
        return Rows(tuple(columns), self.codes[:, at], tuple(self.categories[j] for j in at))

    def recoded(self, categories: Sequence[Sequence[str]]) -> Rows:
        """The same rows with other lists of categories; ValueError where a value that occurs is in none."""
        made = np.empty_like(self.codes)
        for j, (old, new) in enumerate(zip(self.categories, categories, strict=True)):
            place = {value: i for i, value in enumerate(new)}
            where = np.array([place.get(value, -1) for value in old], dtype=np.int32)
            made[:, j] = where[self.codes[:, j]]
            if self.n and made[:, j].min() < 0:
                raise ValueError(f"{self.columns[j]}: a value that occurs is not among the categories")
        return Rows(self.columns, made, tuple(tuple(one) for one in categories))


def with_missing(categories: Sequence[str]) -> tuple[str, ...]:
    """A code list with MISSING in front, where it is not among them already."""
    return tuple(categories) if MISSING in categories else (MISSING, *categories)


def aligned(*several: Rows) -> tuple[Rows, ...]:
    """The same rows with one list of categories a column for all, so that equal codes are equal values.

    The order is that of the first, then what only others have. ValueError where the columns differ.
    """
    first = several[0]
    if any(one.columns != first.columns for one in several):
        raise ValueError("the files must have the same columns in the same order")
    united = tuple(
        tuple(dict.fromkeys(value for one in several for value in one.categories[j])) for j in range(first.d)
    )
    return tuple(one if one.categories == united else one.recoded(united) for one in several)


def _coded(columns: Sequence[str], texts: Sequence[Sequence[str]], known: Sequence[Sequence[str]]) -> Codes:
    places = [{value: i for i, value in enumerate(one)} for one in known]
    codes = np.array(
        [[place.get(value, -1) for place, value in zip(places, record, strict=True)] for record in texts],
        dtype=np.int32,
    ).reshape(len(texts), len(columns))
    wrong = np.argwhere(codes < 0)
    if len(wrong):
        told = [f"row {i + 1}, {columns[j]}: not in the code list" for i, j in islice(wrong, MOST_TOLD)]
        more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise ValueError("; ".join([*told, *more]))
    return codes
