"""The columns of a list of offenders, as data: what stands in them, and the page and template made from them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# A UNODC questionnaire asks for persons "suspected, arrested or cautioned" as one stage: formal contact.
STAGES: Mapping[str, str] = MappingProxyType(
    {
        "formal_contact": "formal_contact",
        "suspected": "formal_contact",
        "arrested": "formal_contact",
        "cautioned": "formal_contact",
        "prosecuted": "prosecuted",
        "convicted": "convicted",
        "acquitted": "acquitted",
    }
)
INSTANCES = ("first", "second", "final", "unknown")
SENTENCES = ("imprisonment", "suspended", "fine", "other", "none", "unknown")
AUTHORITIES = ("police", "prosecution", "court", "other", "unknown")


class Field(NamedTuple):
    """A column: whether it must be there, what it means, what may stand in it, and an invented example."""

    name: str
    required: bool
    meaning: str
    values: str
    example: str


def _codes(codes: tuple[str, ...] | Mapping[str, str]) -> str:
    return ", ".join(codes)


FIELDS = (
    Field("person_key", True, "The source's own pseudonym of the person: the same in every row of the person, "
          "never a name or a national number", "1 to 64 letters, digits, “.”, “_”, “-”, “:”, “/”, with a digit",
          "K-0017"),
    Field("stage", True, "What was reached", _codes(STAGES), "prosecuted"),
    Field("stage_date", False, "The day or the month on which it was reached", "YYYY-MM-DD or YYYY-MM",
          "2024-03-11"),
    Field("stage_year", False, "The year, where no more is known; one of the two is needed", "YYYY", "2024"),
    Field("crime", False, "Needed unless the offence says it", "a code of palermo/crime but neither_yet", "tip"),
    Field("offence", False, "The offence in the International Classification of Crime (ICCS 2015)",
          "a code of iccs-2015", "02041"),
    Field("article", False, "The article of national law", "up to 60 characters with a digit", "art. 12(1)"),
    Field("form", False, "Forms of exploitation that the charge is about", "codes of palermo/form, “;” between",
          "sexual_exploitation"),
    Field("sex", False, "Of the person", "a code of palermo/sex", "male"),
    Field("age", False, "In completed years when the stage was reached; only child or adult is kept",
          "a whole number up to 120", "34"),
    Field("age_group", False, "Where no age is given", "a code of palermo/age_group", "adult"),
    Field("citizenship", False, "Of the person", "ISO 3166 code or name of a country", "XPA"),
    Field("instance", False, "The instance of the court", _codes(INSTANCES), "first"),
    Field("sentence", False, "With convicted only. Empty was not recorded, which is never “none”",
          _codes(SENTENCES), ""),
    Field("sentence_months", False, "Length of an imprisonment or suspended sentence", "a whole number up to 1200",
          ""),
    Field("final", False, "Whether the judgment can no longer be appealed against; empty was not recorded",
          "yes, no", ""),
    Field("country", False, "Where the proceedings are", "ISO 3166 code or name of a country", "XPA"),
    Field("area", False, "National area of the proceedings", "a code of at most 32 letters, digits, “-”, “.”, “_”",
          "PX-01"),
    Field("source", False, "The body that recorded the row", _codes(AUTHORITIES), "prosecution"),
)  # fmt: skip

_EXAMPLES: tuple[Mapping[str, str], ...] = (
    {"person_key": "K-0017", "stage": "formal_contact", "stage_date": "2023-11-02", "offence": "0204",
     "sex": "male", "age": "33", "citizenship": "XPA", "area": "PX-01", "source": "police"},
    {field.name: field.example for field in FIELDS if field.name not in ("stage_year", "age_group", "crime")},
    {"person_key": "K-0017", "stage": "prosecuted", "stage_date": "2024-03-11", "offence": "020221",
     "crime": "tip", "article": "art. 31", "sex": "male", "instance": "first", "source": "prosecution"},
    {"person_key": "K-0017", "stage": "convicted", "stage_date": "2025-01-20", "offence": "02041",
     "article": "art. 12(1)", "sex": "male", "age": "34", "citizenship": "XPA", "instance": "first",
     "sentence": "imprisonment", "sentence_months": "84", "final": "no", "source": "court"},
    {"person_key": "K-0018", "stage": "suspected", "stage_year": "2024", "offence": "08051", "sex": "unknown",
     "age_group": "unknown", "source": "police"},
)  # fmt: skip


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value or '"' in value else value


def template() -> str:
    """The header alone, as CSV."""
    return ",".join(field.name for field in FIELDS) + "\n"


def example() -> str:
    """A small invented list as CSV: two persons, one of whom is charged with two offences."""
    rows = (",".join(_quoted(row.get(field.name, "")) for field in FIELDS) for row in _EXAMPLES)
    return template() + "".join(f"{row}\n" for row in rows)


def field_list() -> str:
    """The columns as a Markdown table, for the documentation."""
    lines = ["| column | needed | what it says | what may stand in it |", "|---|---|---|---|"]
    for field in FIELDS:
        lines.append(
            f"| `{field.name}` | {'yes' if field.required else ''} | {field.meaning} | {field.values} |"
        )
    return "\n".join(lines) + "\n"
