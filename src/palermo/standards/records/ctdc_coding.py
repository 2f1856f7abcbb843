"""The names and values of the CTDC releases, made ready for reading rows."""

from dataclasses import dataclass
from functools import lru_cache

from palermo.standards.codes import codelist
from palermo.standards.mappings import mapping
from palermo.standards.records.reading import Columns

MISSING = frozenset({"", "-99", "NULL"})
PROFILE = (
    "yearOfRegistration", "datasource", "gender", "ageBroad", "majorityStatus",
    "majorityStatusAtExploit", "majorityEntry", "citizenship", "CountryOfExploitation",
)  # fmt: skip
LISTS = {
    "form": "palermo/form",
    "control": "palermo/control",
    "labour": "palermo/labour",
    "sexual": "palermo/sexual",
    "recruiter": "palermo/recruiter",
}
# Flags that belong to a group without being one of its codes.
BESIDE: dict[str, tuple[str, ...]] = {
    "form": ("isSexAndLabour",),
    "control": ("meansOfControlNotSpecified",),
    "labour": ("typeOfLabourNotSpecified",),
    "sexual": (),
    "recruiter": ("recruiterRelationUnknown", "isAbduction"),
}
# A yes to one of these says that its group was not answered.
UNANSWERED = frozenset({"meansOfControlNotSpecified", "typeOfLabourNotSpecified", "recruiterRelationUnknown"})


@dataclass(frozen=True)
class Coding:
    """One release: its variables, which of them answers which code of ours, and what a flag may hold."""

    name: str
    variables: tuple[str, ...]
    flags: dict[str, dict[str, str]]
    answers: dict[str, bool | None]
    expected: str


@lru_cache(maxsize=2)
def coding(name: str) -> Coding:
    """ctdc-2017 (with the variable that later k-anonymised releases added) or ctdc-2024."""
    old = name == "ctdc-2017"
    sources = ["ctdc-2017/variables", "ctdc-2019/variables"] if old else ["ctdc-2024/variables"]
    variables = tuple(c.code for source in sources for c in codelist(source))
    flags: dict[str, dict[str, str]] = {group: {} for group in LISTS}
    for group, target in LISTS.items():
        for source in sources:
            if source == "ctdc-2019/variables" and group != "form":
                continue
            flags[group].update(mapping(source, target).first)
        for beside in BESIDE[group]:
            flags[group].pop(beside, None)
    answers: dict[str, bool | None] = {**dict.fromkeys(MISSING, None), "1": True}
    if old:
        answers["0"] = False
    return Coding(name, variables, flags, answers, "1, 0, blank or -99" if old else "1 or blank")


def columns(name: str) -> Columns:
    """What a file of that release must and may hold."""
    required = (
        "yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation",
        "isForcedLabour", "isSexualExploit", "isOtherExploit",
        "meansOfControlThreats" if name == "ctdc-2017" else "meansThreats",
    )  # fmt: skip
    return Columns(required, tuple(v for v in coding(name).variables if v not in required))
