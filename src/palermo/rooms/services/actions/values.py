"""What an entry of the directory may say: every problem at once, codes from the lists, nothing else."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.services.models.hours import is_well_formed
from palermo.standards.codes import codelist
from palermo.standards.packs import pack

TEXTS = {
    "name": 120, "about": 600, "phone": 40, "emergency_phone": 40, "email": 254, "website": 200, "address": 300,
    "conditions": 600,
}  # fmt: skip
FLAGS = ("remote", "families", "around_the_clock", "closed_on_holidays", "confidential")
CHOSEN = {"kind": "palermo/service_kind", "crime": "palermo/service_crime", "cost": "palermo/service_cost"}
SEVERAL = {"languages": "palermo/language", "sexes": "palermo/sex", "countries": "country-m49/country"}
AGES = ("age_from", "age_until")
FIELDS = (*TEXTS, *FLAGS, *CHOSEN, *SEVERAL, *AGES, "areas", "hours", "step_free")
OLDEST = 120
_PHONE = re.compile(r"[+0-9][0-9 ()./-]{1,39}")


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; only known fields, missing ones are left out. Raises Invalid."""
    problems = [
        FieldProblem(name, _("This field is not known."), "field") for name in set(values) - set(FIELDS)
    ]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in FIELDS and (problem := _read(name, value, found)):
            problems.append(FieldProblem(name, problem, "value"))
    if "name" in found and not found["name"]:
        problems.append(FieldProblem("name", _("Give the service a name."), "required"))
    low, high = found.get("age_from"), found.get("age_until")
    if low is not None and high is not None and low > high:
        problems.append(FieldProblem("age_until", _("The oldest age is below the youngest."), "order"))
    if problems:
        raise Invalid(_("The service was not saved."), problems=problems)
    return found


def _read(name: str, value: Any, found: dict[str, Any]) -> str:
    """Read one value into `found`; what is wrong with it, in words, or nothing."""
    if name in TEXTS:
        return _text(name, value, found)
    if name in CHOSEN:
        found[name] = value
        return "" if value in codelist(CHOSEN[name]) else _("Choose from the list.")
    if name in SEVERAL or name == "areas":
        return _several(name, value, found)
    if name in FLAGS or name == "step_free":
        found[name] = value
        allowed = isinstance(value, bool) or (name == "step_free" and value is None)
        return "" if allowed else _("Answer yes or no.")
    if name in AGES:
        found[name] = value
        whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= OLDEST
        return "" if value is None or whole else _("An age is a number of years.")
    found[name] = value
    return "" if is_well_formed(value) else _("Write hours as 09:00-12:30, 14:00-18:00.")


def _text(name: str, value: Any, found: dict[str, Any]) -> str:
    if not isinstance(value, str):
        return _("This is not a text.")
    found[name] = text = " ".join(value.split()) if name not in ("about", "conditions") else value.strip()
    if len(text) > TEXTS[name]:
        return _("At most %(n)s characters.") % {"n": TEXTS[name]}
    if name in ("phone", "emergency_phone") and text and not _PHONE.fullmatch(text):
        return _("Digits, spaces and + only.")
    if name == "website" and text and urlsplit(text).scheme not in ("http", "https"):
        return _("A web address begins with https://")
    if name == "email" and text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return _("This is not an e-mail address.")
    return ""


def _several(name: str, value: Any, found: dict[str, Any]) -> str:
    if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
        return _("Choose from the list.")
    known: Any = area_codes() if name == "areas" else codelist(SEVERAL[name])
    found[name] = list(dict.fromkeys(value))
    return "" if all(code in known for code in value) else _("Choose from the list.")


def area_codes() -> tuple[str, ...]:
    """Codes of the country's administrative areas."""
    return tuple(area.code for area in pack(settings.PALERMO_PACK).areas)
