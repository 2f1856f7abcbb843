"""A list of people as a body wrote it: the people format, column by column. Nothing is normalised here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from types import MappingProxyType

FIELDS = (
    "record_id",
    "recorded_on",
    "given_name",
    "family_name",
    "other_names",
    "sex",
    "birth_date",
    "birth_precision",
    "nationality",
    "place",
    "phone",
    "document_no",
)


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One row. Everything is text as it was written; empty means not recorded.

    recorded_on: ISO 8601. birth_date: ISO, may be partial (1998, 1998-05); birth_precision: day, month, year,
    estimated, unknown. nationality: ISO 3166-1 alpha-3.
    """

    record_id: str = ""
    recorded_on: str = ""
    given_name: str = ""
    family_name: str = ""
    other_names: str = ""
    sex: str = ""
    birth_date: str = ""
    birth_precision: str = ""
    nationality: str = ""
    place: str = ""
    phone: str = ""
    document_no: str = ""

    def __repr__(self) -> str:
        """Without a word of the content: records end up in tracebacks."""
        return "PersonRecord()"


@dataclass(frozen=True, slots=True)
class PersonList:
    """One body's list: its name, and every column of FIELDS with as many texts as there are records.

    Raises ValueError where a column is missing or of another length.
    """

    name: str
    columns: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        missing = [field for field in FIELDS if field not in self.columns]
        if missing:
            raise ValueError(f"the list {self.name} has no column {', '.join(missing)}")
        if len({len(self.columns[field]) for field in FIELDS}) > 1:
            raise ValueError(f"the columns of the list {self.name} are of different lengths")
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def __len__(self) -> int:
        return len(self.columns["record_id"])

    def __repr__(self) -> str:
        return f"PersonList({self.name!r}, {len(self)} records)"

    def row(self, index: int) -> PersonRecord:
        return PersonRecord(*[self.columns[field][index] for field in FIELDS])

    def rows(self) -> Iterator[PersonRecord]:
        return (self.row(index) for index in range(len(self)))

    @classmethod
    def from_records(cls, name: str, records: Iterable[PersonRecord]) -> PersonList:
        rows = [astuple(record) for record in records]
        columns = zip(*rows, strict=True) if rows else ((),) * len(FIELDS)
        return cls(name, dict(zip(FIELDS, columns, strict=True)))
