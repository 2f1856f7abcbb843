"""Codes in words, in the language of the page."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.rooms.services.models import Places, Service
from palermo.rooms.services.models.hours import write_day
from palermo.rooms.services.queries.clock import country
from palermo.standards.codes import codelist
from palermo.standards.workdays import WEEKDAYS


def language() -> str:
    return get_language() or "en"


def label(list_id: str, code: str) -> str:
    """The word for a code; an empty code is empty."""
    return codelist(list_id).label(code, language()) if code else ""


def labels(list_id: str, codes: Iterable[str]) -> str:
    """Several words, one after the other."""
    return _(", ").join(label(list_id, code) for code in codes)


def options(list_id: str) -> list[tuple[str, str]]:
    """(code, word) for a form, in the order of the list."""
    return codelist(list_id).choices(language())


def area_names() -> dict[str, str]:
    """Administrative areas of the country: code -> name."""
    return {area.code: area.name(language()) for area in country().areas}


def where(service: Service) -> str:
    """The areas in words."""
    names = area_names()
    words = [names.get(code, code) for code in service.areas] or [_("The whole country")]
    words += [label("country-m49/country", code) for code in service.countries]
    if service.remote:
        words.append(_("by telephone or online"))
    return _(", ").join(words)


def day_names() -> dict[str, str]:
    return {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }


def week(hours: dict[str, Sequence[Sequence[str]]]) -> list[tuple[str, str]]:
    """(day, hours) for each day of the week on which the service is open."""
    names = day_names()
    return [(names[day], write_day(hours[day])) for day in WEEKDAYS if hours.get(day)]


def ages(service: Service) -> str:
    """The range of ages in words; empty where none is recorded."""
    low, high = service.age_from, service.age_until
    if low is None and high is None:
        return ""
    if high is None:
        return _("from %(low)s years") % {"low": low}
    if low is None:
        return _("until %(high)s years") % {"high": high}
    return _("%(low)s to %(high)s years") % {"low": low, "high": high}


def accepted(service: Service) -> list[str]:
    """Whom the service takes, in short phrases."""
    words = [label("palermo/service_crime", service.crime)]
    if service.sexes:
        words.append(labels("palermo/sex", service.sexes))
    if service.sexes and not ages(service):
        words.append(_("any age"))
    if ages(service):
        words.append(ages(service))
    if service.families:
        words.append(_("families together"))
    if service.step_free:
        words.append(_("no steps"))
    return words


def group_name(places: Places) -> str:
    return label("palermo/place_group", places.group)
