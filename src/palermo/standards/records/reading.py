"""What every reader of person records gives: a pseudonymous record without identity, or problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from palermo.standards.codes import codelist
from palermo.standards.countries import Country, find_country

KEY_BYTES = 16
YEARS = range(1990, 2101)
MOST_YEARS = 120  # of age: older is a slip of the pen
HIDDEN = "•••"
# Attributes whose empty value means "not recorded" in a record.
NOT_RECORDED = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one row; the row is refused. `rule` is a sentence that says what would be right."""

    row: int
    column: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a format: without the required ones a file is not of that format."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """Ternary answers over one code list. What is in neither tuple was not recorded, which is never a no."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def get(self, code: str) -> str:
        """yes, no or not_recorded (palermo/ternary)."""
        return "yes" if code in self.yes else "no" if code in self.no else "not_recorded"

    def answers(self) -> dict[str, bool]:
        """The recorded answers only."""
        return {**dict.fromkeys(self.yes, True), **dict.fromkeys(self.no, False)}

    def text(self) -> str:
        """A form that is equal for equal answers, whatever the order they were read in."""
        return f"{','.join(sorted(self.yes))}!{','.join(sorted(self.no))}"


NOTHING = Flags()


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """One person as a register may know him: codes of palermo's lists, no identity, no free text.

    Empty = not recorded, "unknown" = asked and not known. age_band is a band of palermo/age_group as far as
    the source gives one, age_source what the source wrote, age_group child, adult, unknown or "". country is
    that of exploitation. key: equal for rows that mean the same (or carry the same record number of their
    source); a file of many equal rows holds many persons, so number them. dropped: columns with identity or
    free text that held something and were left behind. warnings: codes of what is odd but not wrong.
    """

    row: int
    year: int | None
    sex: str
    gender: str
    age_band: str
    age_source: str
    age_group: str
    majority: str
    majority_at_exploitation: str
    majority_at_entry: str
    citizenship: tuple[str, ...]
    country: str
    area: str
    crime: str
    status: str
    source_kind: str
    form: Flags
    control: Flags
    labour: Flags
    sexual: Flags
    recruiter: Flags
    abducted: bool | None
    key: bytes
    warnings: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "age_contradicts_majority": "The age band and the majority at registration contradict each other.",
        "labour_type_without_forced_labour": "A type of labour is given, yet forced labour is a no.",
        "sexual_type_without_sexual_exploitation": "A type of sexual exploitation is given, yet it is a no.",
        "sex_and_labour_contradicted": "“Sex and labour” is a yes, yet one of the two is answered with no.",
        "recruiter_not_given": "Every relation to the recruiter is a no, and yet not “unknown”.",
        "year_not_recorded": "No year of registration: the record is left out of tables by year.",
        "identity_left_behind": "Columns with identity or free text held something and were left behind.",
    }
)


def digest(*parts: str) -> bytes:
    """A stable key of normalised content; the separator cannot occur in a cell that was parsed."""
    return blake2b("\x1f".join(parts).encode(), digest_size=KEY_BYTES).digest()


def parent_band(band: str) -> str:
    """child or adult by the band alone, else ""."""
    found = codelist("palermo/age_group").get(band)
    return found.parent if found is not None else ""


@lru_cache(maxsize=256)
def age_group_of(band: str, majority: str) -> str:
    """child, adult, unknown or "": from the band where it says, else from the majority at registration."""
    if band in ("child", "adult"):
        return band
    return parent_band(band) or majority or band


def band_of(age: int) -> str:
    """The band of palermo/age_group for an age in completed years."""
    for limit, band in BANDS:
        if age <= limit:
            return band
    return "48+"


BANDS = (
    (8, "0-8"), (17, "9-17"), (20, "18-20"), (23, "21-23"), (26, "24-26"), (29, "27-29"), (38, "30-38"),
    (47, "39-47"),
)  # fmt: skip


def is_age(text: str) -> bool:
    """Completed years in western digits; the length is looked at first, for int() refuses endless digits."""
    return len(text) <= 3 and text.isdecimal() and text.isascii() and int(text) <= MOST_YEARS


def read_year(row: int, column: str, value: str, problems: list[Problem]) -> int | None:
    """A year of four digits within reason; empty gives None."""
    if not value:
        return None
    if len(value) == 4 and value.isdecimal() and value.isascii() and int(value) in YEARS:
        return int(value)
    problems.append(Problem(row, column, value, f"a year from {YEARS[0]} to {YEARS[-1]}"))
    return None


def read_country(row: int, column: str, value: str, problems: list[Problem]) -> Country | None:
    """A country by code or name; anything else is a problem."""
    found = find_country(value)
    if found is None:
        problems.append(Problem(row, column, value, "a country: ISO 3166 code or name"))
    return found
