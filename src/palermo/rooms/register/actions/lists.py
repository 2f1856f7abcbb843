"""The formats of lists of persons: how a record of the field's standards becomes a row of the register."""

from datetime import date
from functools import partial
from typing import Any

from palermo.kernel.imports.formats import Format, Layout, Parse
from palermo.rooms.register.actions.attributes import Attributes, Dated, Packed, pack
from palermo.rooms.register.actions.bulk import write_batch
from palermo.standards.records import RegisterRecord, ctdc

NOT_RECORDED = "not_recorded"


def _code(value: str) -> str:
    return "" if value == NOT_RECORDED else value


def attributes_of(record: RegisterRecord) -> Attributes:
    """The register's view of a record. Of a list that gives only a year, the event is: registered that year."""
    first, *others = record.citizenship or ("",)
    return Attributes(
        year=record.year,
        crime=record.crime,
        status=_code(record.status),
        sex=record.sex,
        gender=record.gender,
        age_band=record.age_band,
        age_group=_code(record.age_group),
        majority=_code(record.majority),
        majority_at_exploitation=_code(record.majority_at_exploitation),
        majority_at_entry=_code(record.majority_at_entry),
        citizenship=first,
        other_citizenships=" ".join(others[:10]),
        country=record.country,
        area=record.area,
        source_kind=record.source_kind,
        form=record.form.answers(),
        control=record.control.answers(),
        labour=record.labour.answers(),
        sexual=record.sexual.answers(),
        recruiter=record.recruiter.answers(),
        abducted=record.abducted,
        events=(Dated("registered", date(record.year, 1, 1), "year"),) if record.year else (),
    )


def _packing(parse: Parse) -> Parse:
    """A parser that gives rows ready for the database, or the problems of the row."""

    def read(row: dict[str, str], number: int) -> Any:
        record = parse(row, number)
        if isinstance(record, list):
            return record
        return pack(attributes_of(record), record.key)

    return read


def _key(packed: Packed) -> bytes:
    return packed.key


def _layout(name: str, columns: Any, parse: Parse) -> Layout:
    return Layout(name, columns.required, _packing(parse), columns.optional)


CTDC = Format(
    name="ctdc",
    layouts=(
        _layout("2017", ctdc.HEADER_2017, ctdc.parse_2017),
        _layout("2024", ctdc.HEADER_2024, ctdc.parse_2024),
    ),
    key=_key,
    write=partial(write_batch, format="ctdc"),
    terms="Counter-Trafficking Data Collaborative (CTDC): cite CTDC and accept its terms of use.",
)
