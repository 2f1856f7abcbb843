"""Words for codes, in the reader's language: codes are stored, words never."""

from collections.abc import Callable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from palermo.disclosure import TOTAL
from palermo.rooms.statistics.queries.declared import TABLES
from palermo.rooms.statistics.queries.definitions import LIMITS
from palermo.rooms.statistics.queries.plan import NOT_RECORDED, POPULATIONS
from palermo.rooms.statistics.queries.view import Part, TableView
from palermo.standards import codelist, find_country
from palermo.standards.packs import pack
from palermo.web.protection import told

Words = str | Promise

SCHEMES = {
    "sex": "palermo/sex", "age": "palermo/majority", "form": "glotip/form", "purpose": "palermo/form",
    "age_band": "palermo/age_group", "labour": "palermo/labour", "control": "palermo/control",
    "kind": "palermo/service_kind", "mode": "palermo/travel_mode", "border": "palermo/border_met",
    "met": "palermo/encounter_kind", "source": "palermo/source_kind", "crime": "palermo/crime",
}  # fmt: skip
OWN: dict[str, dict[str, Words]] = {
    "who": {
        "women": _("Women"), "girls": _("Girls"), "men": _("Men"), "boys": _("Boys"),
        "rest": _("Sex or age other or not known"),
    },
    "stage": {
        "formal_contact": _("Brought into formal contact"), "prosecuted": _("Prosecuted"),
        "convicted": _("Convicted"),
    },
    "measure": {
        "persons": _("Persons"), "share": _("Share, %"), "share_low": _("Share at least, %"),
        "share_high": _("Share at most, %"), "low": _("At least"), "high": _("At most"),
        "days": _("Days"), "countries": _("Countries"),
        "rate": _("Per 100,000 residents"), "population": _("Residents"),
    },
    "series": {
        "detected": _("Detected victims"), "convicted": _("Persons convicted"),
        "detected_countries": _("Countries, victims"), "convicted_countries": _("Countries, convicted"),
    },
    "wait": {
        "same_day": _("Same day"), "days_3": _("1 to 3 days"), "days_7": _("4 to 7 days"),
        "longer": _("More than 7 days"), "none": _("No help yet"),
    },
    "quartile": {
        "lower": _("A quarter had help within"), "median": _("Half had help within"),
        "upper": _("Three quarters had help within"),
    },
    "kept": {
        "in_time": _("In time"), "late": _("Late"), "overdue": _("Overdue"), "running": _("Still running"),
        "called_off": _("Called off"),
    },
    "answer": {
        "helped": _("Accepted, help arrived"), "accepted": _("Accepted"), "declined": _("Declined"),
        "received": _("Acknowledged, no answer yet"), "waiting": _("Not acknowledged yet"), "expired": _("Expired"),
    },
    "history": {"first": _("For the first time"), "again": _("Again")},
    "limit": LIMITS,
    "status": {"identified": _("Identified"), "presumed": _("Presumed")},
    "minor": {"child": _("Children"), "adult": _("Adults, and age not known")},
    "outcome": {"convicted": _("Convicted"), "acquitted": _("Acquitted")},
    "instance": {
        "first": _("First instance"), "second": _("Second instance"), "final": _("Final instance"),
        "unknown": _("Unknown"),
    },
    "sentence": {
        "imprisonment": _("Imprisonment"), "suspended": _("Suspended sentence"), "fine": _("Fine"),
        "other": _("Another sentence"), "none": _("No sentence"), "unknown": _("Unknown"),
    },
}  # fmt: skip
PARTS: dict[str, Words] = {
    "total": _("Persons by year"),
    "sex": _("By sex"),
    "age": _("By age group"),
    "who": _("Women, girls, men and boys"),
    "form": _("By form of exploitation"),
    "purpose": _("By form of exploitation, in detail"),
    "citizenship": _("By citizenship"),
    "control": _("By means of control"),
    "labour": _("By sector of work"),
    "formal_contact": _("Persons brought into formal contact"),
    "prosecuted": _("Persons prosecuted"),
    "convicted": _("Persons convicted"),
    "rate-sex": _("Detected victims per 100,000 residents, by sex"),
    "rate-age": _("Detected victims per 100,000 residents, by age group"),
    "rate-form": _("Detected victims per 100,000 residents, by form of exploitation"),
    "series": _("Detected victims and persons convicted by year"),
    "wait": _("From first contact to first help"),
    "days": _("Days from first contact to first help"),
    "reasonable": _("Decisions on reasonable grounds"),
    "reasonable-limit": _("Decisions on reasonable grounds, by limit"),
    "conclusive": _("Decisions on conclusive grounds"),
    "guardian": _("Guardians for children"),
    "sent-kind": _("Referrals by kind of help"),
    "sent-quarter": _("Referrals by quarter"),
    "received-kind": _("Referrals received, by kind of help"),
    "received-quarter": _("Referrals received, by quarter"),
    "unmet": _("Unmet needs"),
    "presumed": _("Presumed victims, and those presumed again"),
}
TITLES: dict[str, Words] = {b.key: b.title for table in TABLES.values() for b in table.breakdowns}
TITLES |= {
    "reported-detected-sex": _("Detected victims, by sex"),
    "reported-detected-age": _("Detected victims, by age group"),
    "reported-formal_contact-sex": _("Persons brought into formal contact, by sex"),
    "reported-formal_contact-age": _("Persons brought into formal contact, by age group"),
    "reported-prosecuted-sex": _("Persons prosecuted, by sex"),
    "reported-prosecuted-age": _("Persons prosecuted, by age group"),
    "reported-convicted-sex": _("Persons convicted, by sex"),
    "reported-convicted-age": _("Persons convicted, by age group"),
}
TITLES["rate-sdg-form"] = _("Detected victims per 100,000 residents, by form of exploitation")
DIMENSIONS: dict[str, Words] = {
    "year": _("Year"),
    "sex": _("Sex"),
    "age": _("Age group"),
    "who": _("Group"),
    "form": _("Form"),
    "purpose": _("Form"),
    "citizenship": _("Citizenship"),
    "control": _("Means of control"),
    "labour": _("Sector"),
    "stage": _("Stage"),
    "measure": _("Measure"),
    "series": _("Series"),
    "quarter": _("Quarter"),
    "wait": _("Time"),
    "quartile": _("Share of the persons"),
    "kept": _("Limit"),
    "limit": _("Limit"),
    "answer": _("Answer"),
    "kind": _("Kind of help"),
    "history": _("Presumed"),
    "status": _("Status"),
    "minor": _("Age group"),
    "outcome": _("Judgment"),
    "instance": _("Instance"),
    "sentence": _("Sentence"),
    "mode": _("Way of travel"),
    "border": _("Border"),
    "met": _("Encounter"),
    "source": _("Registering body"),
    "area": _("Area"),
    "crime": _("Crime"),
    "citizens": _("Group of citizenship"),
}
GROUPS: dict[str, Words] = {
    "nationals": _("Nationals"), "other_eu": _("Other Member States"), "others": _("Other countries"),
}  # fmt: skip


def label(dimension: str, code: str) -> Words:
    """The word for a code of a dimension; a code that no list has is shown as it is."""
    if code in EVERYWHERE:
        return EVERYWHERE[code]
    if dimension in NAMED:
        return NAMED[dimension](code)
    if dimension in OWN:
        return OWN[dimension].get(code, code)
    if dimension in SCHEMES:
        try:
            return codelist(SCHEMES[dimension]).label(code, get_language() or "en")
        except LookupError:
            return code
    return code


def citizenship_name(code: str) -> Words:
    """A country in the reader's language, or a group of them."""
    if code in GROUPS:
        return GROUPS[code]
    found = find_country(code)
    return found.name(get_language() or "en") if found else code


def quarter_name(code: str) -> Words:
    """2026-Q1 as the reader's language writes it."""
    year, _dash, number = code.partition("-Q")
    if not number:
        return code
    return (gettext("Q%(number)s %(year)s") % {"year": year, "number": number}).replace(
        " ", "\N{NO-BREAK SPACE}"
    )


def area_name(code: str) -> str:
    """The name of an area of the country pack; another code as it is."""
    found = next((area for area in pack(settings.PALERMO_PACK).areas if area.code == code), None)
    if found is None:
        return code
    language = get_language() or "en"
    return found.name(language)


EVERYWHERE: dict[str, Words] = {
    TOTAL: _("Total"), NOT_RECORDED: _("Not recorded"), "answered": _("Persons with an answer"),
}  # fmt: skip
NAMED: dict[str, Callable[[str], Words]] = {
    "quarter": quarter_name, "area": area_name, "citizenship": citizenship_name, "citizens": citizenship_name,
}  # fmt: skip


def part_title(part: Part) -> Words:
    """What a part is called: the words of its declaration, and what its persons have in common."""
    key = part.key.split("--")[0]
    name: Words = PARTS.get(key) or TITLES.get(key) or key
    if key in ("free", "rate-free") and part.population:
        name = POPULATIONS[part.population].title
    layered = "--" in part.key or key == "free"
    held = [str(label(d, code)) for d, code in part.fixed if code != TOTAL] if layered else []
    return gettext("%(what)s: %(by)s") % {"what": name, "by": ", ".join(held)} if held else name


def explained(view: TableView) -> list[str]:
    """How the table was made safe, in sentences that may be published."""
    how = view.protection
    if how is None:
        return []
    return told(method=how.method, threshold=how.threshold, cells=how.cells, withheld=how.withheld)
