"""The CTDC global dataset: the k-anonymised coding of 2017 (and its later header) and the synthetic one of
2024.

Traps: -99 and empty mean missing, the literals Unknown, Missing and ZZ mean unknown, 0 means no only where
the source answered at all. A relation to the recruiter of "unknown" (or a labour "not specified") with zeroes
beside it says that nothing is known: those zeroes are not a no. Countries are alpha-2 in 2017 ("NA" is
Namibia) and alpha-3 in 2024, where a flag is 1 or blank and never 0. CTDC records no formal decision, hence
"presumed".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from palermo.standards.codes import codelist
from palermo.standards.countries import countries
from palermo.standards.mappings import mapping
from palermo.standards.records.ctdc_coding import (
    BESIDE,
    MISSING,
    PROFILE,
    UNANSWERED,
    Coding,
    coding,
    columns,
)
from palermo.standards.records.reading import (
    NOTHING,
    Flags,
    Problem,
    RegisterRecord,
    age_group_of,
    digest,
    parent_band,
    read_year,
)

HEADER_2017 = columns("ctdc-2017")
HEADER_2024 = columns("ctdc-2024")
MOST_REMEMBERED = 50_000  # distinct answers of one group that are kept; a file of nonsense cannot grow memory

Take = Callable[[dict[str, str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Answers:
    """One group of flags as read; text is equal for equal answers."""

    flags: Flags
    text: str
    warnings: tuple[str, ...] = ()
    abducted: bool | None = None


@dataclass(frozen=True, slots=True)
class _Profile:
    """The columns that are not flags."""

    year: int | None
    sex: str
    gender: str
    age_band: str
    age_source: str
    majority: tuple[str, str, str]
    citizenship: tuple[str, ...]
    country: str
    source_kind: str
    text: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """How rows under one header are read. Rows repeat, so every part remembers what it has read."""

    take_profile: Take
    read_profile: Callable[[tuple[str, ...]], _Profile | list[Problem]]
    groups: tuple[tuple[Take, Callable[[tuple[str, ...]], _Answers | list[Problem]]], ...]


def _flag_reader(
    release: Coding, group: str, names: tuple[str, ...]
) -> Callable[[tuple[str, ...]], _Answers | list[Problem]]:
    codes = [release.flags[group].get(name, "") for name in names]

    @lru_cache(maxsize=MOST_REMEMBERED)
    def read(values: tuple[str, ...]) -> _Answers | list[Problem]:
        bad = [(n, v) for n, v in zip(names, values, strict=True) if v not in release.answers]
        if bad:
            return [Problem(0, name, value, release.expected) for name, value in bad]
        said = [release.answers[value] for value in values]
        yes = [code for code, answer in zip(codes, said, strict=True) if code and answer]
        no = [code for code, answer in zip(codes, said, strict=True) if code and answer is False]
        beside = {name: answer for name, code, answer in zip(names, codes, said, strict=True) if not code}
        return _answers(yes, no, beside)

    return read


def _answers(yes: list[str], no: list[str], beside: dict[str, bool | None]) -> _Answers:
    """isSexAndLabour is a yes to both forms but never overrules a no; "unknown" takes back the zeroes
    beside.
    """
    warnings = []
    if beside.get("isSexAndLabour"):
        both = ("sexual_exploitation", "forced_labour_or_services")
        yes += [code for code in both if code not in yes and code not in no]
        warnings = ["sex_and_labour_contradicted"] if set(both) & set(no) else []
    unanswered = any(beside.get(name) for name in UNANSWERED)
    if beside.get("recruiterRelationUnknown") is False and no and not yes:
        warnings.append("recruiter_not_given")
    if unanswered and not yes:
        no = []
    flags = Flags(tuple(yes), tuple(no)) if yes or no else NOTHING
    abducted = beside.get("isAbduction")
    return _Answers(flags, f"{flags.text()}!{abducted}", tuple(warnings), abducted)


def _profile_reader(
    name: str, names: tuple[str, ...]
) -> Callable[[tuple[str, ...]], _Profile | list[Problem]]:
    source_of = {
        "gender": (f"{name}/gender", "palermo/gender"),
        "ageBroad": (f"{name}/ageBroad", "palermo/age_group"),
        "datasource": ("ctdc-2017/datasource", "palermo/source_kind"),
        **dict.fromkeys(PROFILE[4:7], ("ctdc-2017/majority", "palermo/majority")),
    }

    @lru_cache(maxsize=MOST_REMEMBERED)
    def read(values: tuple[str, ...]) -> _Profile | list[Problem]:
        cells = {c: "" if v in MISSING else v for c, v in zip(names, values, strict=True)}
        problems: list[Problem] = []
        found = dict.fromkeys(PROFILE, "")
        for column, (source, target) in source_of.items():
            value = cells.get(column, "")
            found[column] = mapping(source, target).get(value)
            if value and not found[column]:
                allowed = ", ".join(c.code for c in codelist(source))
                problems.append(Problem(0, column, value, f"one of: {allowed}"))
        for column in PROFILE[7:]:
            found[column] = _alpha3(column, cells.get(column, ""), problems)
        year = read_year(0, PROFILE[0], cells.get(PROFILE[0], ""), problems)
        return problems or _profile(name, cells, found, year)

    return read


def _profile(name: str, cells: dict[str, str], found: dict[str, str], year: int | None) -> _Profile:
    warnings = [] if year is not None else ["year_not_recorded"]
    if {parent_band(found["ageBroad"]), found["majorityStatus"]} == {"child", "adult"}:
        warnings.append("age_contradicts_majority")
    return _Profile(
        year=year,
        sex=mapping(f"{name}/gender", "palermo/sex").get(cells.get("gender", "")),
        gender=found["gender"],
        age_band=found["ageBroad"],
        age_source=cells.get("ageBroad", ""),
        majority=(found["majorityStatus"], found["majorityStatusAtExploit"], found["majorityEntry"]),
        citizenship=(found["citizenship"],) if found["citizenship"] else (),
        country=found["CountryOfExploitation"],
        source_kind=found["datasource"],
        text="|".join((str(year or ""), *found.values())),
        warnings=tuple(warnings),
    )


def _alpha3(column: str, value: str, problems: list[Problem]) -> str:
    """Codes only: a name in a column of codes would be the sign of a shifted row."""
    if not value or value in codelist("ctdc-2017/no-country"):
        return ""
    found = _by_code().get(value, "")
    if not found:
        problems.append(Problem(0, column, value, "ISO 3166 alpha-2 or alpha-3 code, Unknown, Missing or ZZ"))
    return found


@lru_cache(maxsize=1)
def _by_code() -> dict[str, str]:
    found = {c.alpha2: c.alpha3 for c in countries().values()}
    return found | {alpha3: alpha3 for alpha3 in found.values()}


def _taker(names: list[str]) -> Take:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


@lru_cache(maxsize=64)
def _plan(header: tuple[str, ...], name: str) -> _Plan:
    """Column names are compared without case: the codebook says datasource, the file Datasource."""
    release = coding(name)
    written = {h.strip().casefold(): h for h in header}

    def present(wanted: Iterable[str]) -> tuple[tuple[str, ...], Take]:
        here = tuple(c for c in wanted if c.casefold() in written)
        return here, _taker([written[c.casefold()] for c in here])

    groups = []
    for group, codes in release.flags.items():
        here, take = present((*codes, *BESIDE[group]))
        groups.append((take, _flag_reader(release, group, here)))
    here, take_profile = present(PROFILE)
    return _Plan(take_profile, _profile_reader(name, here), tuple(groups))


def _parse(row: dict[str, str], number: int, name: str) -> RegisterRecord | list[Problem]:
    plan = _plan(tuple(row), name)
    profile = plan.read_profile(plan.take_profile(row))
    faults = list(profile) if isinstance(profile, list) else []
    good: list[_Answers] = []
    for take, read in plan.groups:
        answers = read(take(row))
        if isinstance(answers, _Answers):
            good.append(answers)
        else:
            faults += answers
    if faults or isinstance(profile, list):
        return [Problem(number, f.column, f.value, f.rule) for f in faults]
    return _record(number, profile, *good)


def _record(
    number: int, p: _Profile, form: _Answers, control: _Answers, labour: _Answers, sexual: _Answers,
    recruiter: _Answers,
) -> RegisterRecord:  # fmt: skip
    warnings = p.warnings + form.warnings + recruiter.warnings
    if labour.flags.yes and "forced_labour_or_services" in form.flags.no:
        warnings += ("labour_type_without_forced_labour",)
    if sexual.flags.yes and "sexual_exploitation" in form.flags.no:
        warnings += ("sexual_type_without_sexual_exploitation",)
    majority, exploitation, entry = p.majority
    return RegisterRecord(
        number, p.year, p.sex, p.gender, p.age_band, p.age_source, age_group_of(p.age_band, majority),
        majority, exploitation, entry, p.citizenship, p.country, "", "tip", "presumed", p.source_kind,
        form.flags, control.flags, labour.flags, sexual.flags, recruiter.flags, recruiter.abducted,
        digest(p.text, form.text, control.text, labour.text, sexual.text, recruiter.text), warnings,
    )  # fmt: skip


def parse_2017(row: dict[str, str], number: int) -> RegisterRecord | list[Problem]:
    """One row of the k-anonymised dataset (2017 and later k-anonymised releases)."""
    return _parse(row, number, "ctdc-2017")


def parse_2024(row: dict[str, str], number: int) -> RegisterRecord | list[Problem]:
    """One row of the synthetic dataset of 2024 (a synthetic row is nobody: import it for trials only)."""
    return _parse(row, number, "ctdc-2024")


def parse(row: dict[str, str], number: int) -> RegisterRecord | list[Problem]:
    """One row of either coding, told apart by a column that only one of them has."""
    return parse_2024(row, number) if "meansThreats" in row else parse_2017(row, number)
