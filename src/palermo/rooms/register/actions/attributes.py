"""What may be said about a person in the register, and its compact form for the database."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from palermo.rooms.register.models.flags import GROUPS, masks

TEXTS = (
    "crime", "status", "sex", "gender", "age_band", "age_group", "majority", "majority_at_exploitation",
    "majority_at_entry", "citizenship", "other_citizenships", "country", "area", "source_kind",
)  # fmt: skip
AREA = re.compile(r"[A-Za-z0-9._-]{1,32}")  # the code of an area: no blank, no free text
MASKS = tuple(f"{group}_{half}" for group in GROUPS for half in ("recorded", "yes"))
COLUMNS = ("year", *TEXTS, *MASKS, "abducted")

Answers = Mapping[str, bool]


class Dated(NamedTuple):
    """An event with as much of its date as is known (precision: day, month, year)."""

    kind: str
    on: date
    precision: str = "day"


@dataclass(frozen=True, slots=True)
class Attributes:
    """Codes of the lists `palermo/...`; empty = not recorded. Answers hold recorded flags only."""

    year: int | None = None
    crime: str = ""
    status: str = ""
    sex: str = ""
    gender: str = ""
    age_band: str = ""
    age_group: str = ""
    majority: str = ""
    majority_at_exploitation: str = ""
    majority_at_entry: str = ""
    citizenship: str = ""
    other_citizenships: str = ""
    country: str = ""
    area: str = ""
    source_kind: str = ""
    form: Answers = field(default_factory=dict)
    control: Answers = field(default_factory=dict)
    labour: Answers = field(default_factory=dict)
    sexual: Answers = field(default_factory=dict)
    recruiter: Answers = field(default_factory=dict)
    abducted: bool | None = None
    events: tuple[Dated, ...] = ()


class Packed(NamedTuple):
    """A person as one line of COPY text, the hash of that line, and the key that the source gives the row."""

    line: str
    row_hash: bytes
    key: bytes


def columns_of(attributes: Attributes) -> dict[str, str | int | bool | None]:
    """The values of the columns in `COLUMNS`."""
    values: dict[str, str | int | bool | None] = {"year": attributes.year}
    for name in TEXTS:
        values[name] = getattr(attributes, name)
    for group in GROUPS:
        values[f"{group}_recorded"], values[f"{group}_yes"] = masks(group, getattr(attributes, group))
    values["abducted"] = attributes.abducted
    return values


def _copy_text(value: str | int | bool | None) -> str:
    if value is None:
        return "\\N"
    return ("t" if value else "f") if isinstance(value, bool) else str(value)


def pack(attributes: Attributes, key: bytes = b"") -> Packed:
    """The COPY line of a person: the columns, then the events as `kind:date:precision|...`."""
    values = [_copy_text(value) for value in columns_of(attributes).values()]
    values.append("|".join(f"{kind}:{on.isoformat()}:{how}" for kind, on, how in attributes.events))
    return packed_line(values, key)


def packed_line(values: Sequence[str], key: bytes) -> Packed:
    """The COPY line of values that are COPY text already. Codes hold nothing that would need escaping."""
    line = "\t".join(values)
    if line.count("\t") != len(COLUMNS) or "\n" in line or line.count("\\") != line.count("\\N"):
        raise ValueError("a code of the register holds a tab, a line break or a backslash")
    return Packed(line, hashlib.blake2b(line.encode(), digest_size=16).digest(), key)
