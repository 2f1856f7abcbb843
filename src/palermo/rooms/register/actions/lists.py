"""The formats of lists of persons: how a record of the field's standards becomes a row of the register."""

from functools import lru_cache, partial
from typing import Any

from palermo.kernel.imports.formats import Format, Layout, Parse
from palermo.rooms.register.actions.attributes import AREA, Packed, packed_line
from palermo.rooms.register.actions.bulk import write_batch
from palermo.rooms.register.models.flags import masks
from palermo.standards.records import Flags, Problem, RegisterRecord, ctdc, htcds, person_record

NOT_RECORDED = "not_recorded"


def _code(value: str) -> str:
    return "" if value == NOT_RECORDED else value


@lru_cache(maxsize=50_000)
def _masks(group: str, flags: Flags) -> str:
    """The two masks of a group of answers as COPY text; answers repeat far more often than persons."""
    recorded, yes = masks(group, flags.answers())
    return f"{recorded}\t{yes}"


def packed_record(record: RegisterRecord) -> Packed:
    """A record of the field's standards as a row of the register. A list has no dated events, only a year."""
    first, *others = record.citizenship or ("",)
    texts = (
        record.crime, _code(record.status), record.sex, record.gender, record.age_band,
        _code(record.age_group), _code(record.majority), _code(record.majority_at_exploitation),
        _code(record.majority_at_entry), first, " ".join(others[:10]), record.country, record.area,
        record.source_kind, _masks("form", record.form), _masks("control", record.control),
        _masks("labour", record.labour), _masks("sexual", record.sexual), _masks("recruiter", record.recruiter),
    )  # fmt: skip
    return packed_line(
        ("\\N" if record.year is None else str(record.year), *texts, _ternary(record.abducted), ""),
        record.key,
    )


def _ternary(answer: bool | None) -> str:
    return "\\N" if answer is None else "t" if answer else "f"


def _packing(parse: Parse) -> Parse:
    """A parser that gives rows ready for the database, or the problems of the row."""

    def read(row: dict[str, str], number: int) -> Any:
        record = parse(row, number)
        if isinstance(record, list):
            return record
        if record.area and not AREA.fullmatch(record.area):
            return [
                Problem(number, "area", record.area, "a code of at most 32 letters, digits, “-”, “.”, “_”")
            ]
        return packed_record(record)

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

HTCDS = Format(
    name="htcds",
    layouts=(_layout("2.0", htcds.HEADER, htcds.parse),),
    key=_key,
    write=partial(write_batch, format="htcds"),
    identity=htcds.LEFT_BEHIND,
    terms="Human Trafficking Case Data Standard (HTCDS) 2.0 is of IOM, CC BY 4.0; the data are the sender's.",
)

PEOPLE = Format(
    name="people",
    layouts=(_layout("people", person_record.HEADER, person_record.parse),),
    key=_key,
    write=partial(write_batch, format="people"),
    identity=frozenset({"record_number"}),
    numbered="record_number",
    by_mapping=True,
    says=person_record.values,
)
