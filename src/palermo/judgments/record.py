"""The typed record of a case.

`codings` are what our coders assign; everything else is what the source says, told in our own words or, in
`as_stated`, in its own. A `Stated` field knows the difference between stated, not stated, not applicable and unknown.
The order and the meaning of fields follow the reading's section 5.
"""

from dataclasses import dataclass, field
from typing import Any

from palermo.judgments.vocabulary import VERSION

STATES = ("stated", "not_stated", "not_applicable", "unknown")
STANDINGS = ("alleged", "found_proved", "found_not_proved", "not_discussed")
STATUSES = ("draft", "in_review", "published", "withdrawn")


def one_of(*codes: str, default: str = "") -> Any:
    """A text that is one of these codes."""
    return field(default=default, metadata={"codes": codes})


def concept(kind: str, default: str = "") -> Any:
    """A text that is a concept of the vocabulary, or empty."""
    return field(default=default, metadata={"vocabulary": kind})


def a(form: str, default: str = "") -> Any:
    """A text of a form: date, language, country, ecli, url."""
    return field(default=default, metadata={"form": form})


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with the state of the field: only a stated one has a value."""

    state: str = one_of(*STATES, default="unknown")
    value: str | int | bool | None = None
    as_stated: str = ""


@dataclass(frozen=True, slots=True)
class Coding:
    """A concept that a coder assigned, how it stood before the court, and who assigned it when in which vocabulary."""

    kind: str = one_of("crime", "act", "means", "purpose", "som_act", "som_element", "issue", "form")
    concept: str = ""
    standing: str = one_of(*STANDINGS, default="not_discussed")
    as_stated: str = ""
    pinpoint: str = ""
    coder: str = ""
    date: str = a("date")
    vocabulary: str = VERSION


@dataclass(frozen=True, slots=True)
class Party:
    """A person, a group or a body, under initials or a pseudonym. An entry is not a person: see the counts."""

    key: str = ""
    side: str = one_of("victim", "migrant", "defendant", "other", default="other")
    entity: str = one_of("natural_person", "legal_person", "group", "authority", "unknown", default="unknown")
    label: str = ""
    role_as_stated: str = ""
    role: str = ""
    sex: Stated = Stated()
    age: Stated = Stated()
    age_basis: str = one_of("offence", "rescue", "trial", "unknown", default="unknown")
    child: Stated = Stated()
    nationalities: tuple[str, ...] = ()
    count_min: int = 1
    count_max: int = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One instance through which the case went."""

    court: str = ""
    level: str = one_of("first", "appeal", "final", "constitutional", "international", "")
    case_number: str = ""
    date: str = a("date")
    approximate: bool = False
    procedure: str = ""
    appealed_by: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge against one defendant at one stage (counted from 1)."""

    defendant: str = ""
    stage: int = 1
    offence: str = ""
    statute: str = ""
    plea: str = one_of("guilty", "not_guilty", "not_stated", default="not_stated")
    verdict: str = concept("verdict")
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was imposed on a defendant, for a charge (counted from 1) or, with 0, for all of them."""

    defendant: str = ""
    charge: int = 0
    kind: str = one_of(
        "custody", "fine", "confiscation", "ban", "community", "compensation", "other", default="other"
    )
    amount: float | None = None
    unit: str = ""
    suspended: Stated = Stated()
    as_stated: str = ""


@dataclass(frozen=True, slots=True)
class Cooperation:
    """Help between States in the case."""

    kind: str = one_of("mla", "extradition", "jit", "transfer", "other", default="other")
    countries: tuple[str, ...] = field(default=(), metadata={"form": "country"})
    legal_basis: str = ""
    untoc_used: Stated = Stated()
    obstacles: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """The case told in one more language."""

    language: str = a("language")
    title: str = ""
    facts: str = ""
    reasoning: str = ""
    significance: str = ""
    machine_translated: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case. The six first fields are the smallest record; `redact` is read, obeyed and never kept."""

    palermo_id: str
    title: str
    language: str = a("language")
    country: str = a("country")
    facts: str = ""
    status: str = one_of(*STATUSES, default="draft")
    collection: str = one_of("landmark", "synthetic", "own", default="own")
    short_name: str = ""
    court: str = ""
    body: str = ""
    legal_system: str = one_of("common", "civil", "mixed", "religious", "customary", "international", "")
    decided: str = a("date")
    ecli: str = a("ecli")
    unodc_no: str = ""
    citations: tuple[str, ...] = ()
    source_url: str = a("url")
    reasoning: str = ""
    significance: str = ""
    outcome: str = concept("verdict")
    codings: tuple[Coding, ...] = ()
    parties: tuple[Party, ...] = ()
    stages: tuple[Stage, ...] = ()
    charges: tuple[Charge, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    cooperation: tuple[Cooperation, ...] = ()
    instruments: tuple[str, ...] = ()
    cases_cited: tuple[str, ...] = ()
    briefs: tuple[Brief, ...] = ()
    verified_in_primary_source: bool = False
    coder: str = ""
    coded_on: str = a("date")
    provenance: str = ""
    redact: tuple[str, ...] = ()
