"""Words for codes, in the reader's language: codes are stored, words never."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from palermo.disclosure import TOTAL
from palermo.rooms.statistics.queries.definitions import LIMITS
from palermo.rooms.statistics.queries.view import TableView
from palermo.standards import codelist, find_country
from palermo.web.protection import told

NOT_RECORDED = "not_recorded"
Words = str | Promise

SCHEMES = {
    "sex": "palermo/sex", "age": "palermo/majority", "form": "glotip/form", "purpose": "palermo/form",
    "age_band": "palermo/age_group", "labour": "palermo/labour", "control": "palermo/control",
    "kind": "palermo/service_kind",
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
DIMENSIONS: dict[str, Words] = {
    "year": _("Year"), "sex": _("Sex"), "age": _("Age group"), "who": _("Group"), "form": _("Form"),
    "purpose": _("Form"), "citizenship": _("Citizenship"), "control": _("Means of control"),
    "labour": _("Sector"), "stage": _("Stage"), "measure": _("Measure"), "series": _("Series"),
    "quarter": _("Quarter"), "wait": _("Time"), "quartile": _("Share of the persons"),
    "kept": _("Limit"), "limit": _("Limit"),
    "answer": _("Answer"), "kind": _("Kind of help"), "history": _("Presumed"),
}  # fmt: skip


def label(dimension: str, code: str) -> Words:
    """The word for a code of a dimension; a code that no list has is shown as it is."""
    if code == TOTAL:
        return _("Total")
    if code == NOT_RECORDED:
        return _("Not recorded")
    if code == "answered":
        return _("Persons with an answer")
    if dimension == "quarter":
        return quarter_name(code)
    if dimension in OWN:
        return OWN[dimension].get(code, code)
    language = get_language() or "en"
    if dimension == "citizenship":
        found = find_country(code)
        return found.name(language) if found else code
    if dimension in SCHEMES:
        try:
            return codelist(SCHEMES[dimension]).label(code, language)
        except LookupError:
            return code
    return code


def quarter_name(code: str) -> Words:
    """2026-Q1 as the reader's language writes it."""
    year, _dash, number = code.partition("-Q")
    if not number:
        return code
    return (gettext("Q%(number)s %(year)s") % {"year": year, "number": number}).replace(
        " ", "\N{NO-BREAK SPACE}"
    )


def explained(view: TableView) -> list[str]:
    """How the table was made safe, in sentences that may be published."""
    how = view.protection
    if how is None:
        return []
    return told(method=how.method, threshold=how.threshold, cells=how.cells, withheld=how.withheld)
