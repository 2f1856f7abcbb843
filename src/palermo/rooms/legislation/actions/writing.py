"""Writing a law, a wording of it, a reading: as a draft, which who has written in it may change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.legislation import frbr_uri, parse
from palermo.rooms.legislation.models import Law, Reading, Wording
from palermo.standards.checklists import checklist
from palermo.standards.countries import find_country
from palermo.web.reviewed import keep

MOST_TEXT = 3_000_000


def wrong(field: str, words: str) -> Invalid:
    """One problem, beside its field."""
    problem = FieldProblem(field, words, "value")
    return Invalid(_("Nothing was kept."), problems=[problem], rule=f"legislation.{field}")


def country_code(text: str) -> str:
    """The three letters of a country. Raises Invalid."""
    found = find_country(text)
    if found is None:
        raise wrong("country", _("This is not a country that palermo knows."))
    return found.alpha3


def address(values: Mapping[str, Any]) -> str:
    """The FRBR address of a law: two letters of the country where it has them."""
    found = find_country(values["country"])
    short = (found.alpha2 or found.alpha3) if found else values["country"]
    return frbr_uri(short, values.get("kind") or "act", values["adopted"], values["number"])


def _in_order(values: Mapping[str, Any], first: str, last: str, words: str) -> None:
    if values.get(first) and values.get(last) and values[last] < values[first]:
        raise wrong(last, words)


@transaction.atomic
def write_law(
    *, actor: Viewer, values: Mapping[str, Any], law: Law | None = None, expected_version: int = 0
) -> Law:
    """A law as a draft. Raises Invalid for an unknown country, a taken address, or dates in the wrong order."""
    told = {**values, "country": country_code(values["country"])}
    _in_order(told, "adopted", "repealed", _("A law is not repealed before it was adopted."))
    told["uri"] = address(told)
    try:
        with transaction.atomic():
            return keep(actor, Law, told, law, expected_version)
    except IntegrityError:
        words = _("This State has a law of this kind, year and number already.")
        raise wrong("number", words) from None


@transaction.atomic
def write_wording(
    *, actor: Viewer, law: Law, values: Mapping[str, Any], wording: Wording | None = None, expected_version: int = 0
) -> Wording:  # fmt: skip
    """The text of a law from a day on; `body` is cut into provisions."""
    _in_order(values, "valid_from", "valid_to", _("It cannot end before it began."))
    body = values["body"].replace("\x00", "")
    if len(body) > MOST_TEXT:
        raise wrong("body", _("The text is longer than three million characters."))
    told = {**values, "body": body, "law": law, "provisions": [asdict(one) for one in parse(body)]}
    if not told["provisions"]:
        raise wrong("body", _("There is no text yet."))
    return keep(actor, Wording, told, wording, expected_version)


@transaction.atomic
def write_reading(
    *, actor: Viewer, values: Mapping[str, Any], reading: Reading | None = None, expected_version: int = 0
) -> Reading:  # fmt: skip
    """What a row of a checklist finds. Reasons are needed, and “met” or “partly” names what it relies on."""
    told = {**values, "country": country_code(values["country"])}
    if told["row"] not in checklist():
        raise wrong("row", _("There is no such row in the checklists."))
    if not told["reasons"].strip():
        raise wrong("reasons", _("Give the reasons."))
    told["relied"] = _relied(told.get("relied") or [], told["country"])
    if told["standing"] in ("met", "partly") and not told["relied"] and not told.get("sources", "").strip():
        raise wrong("relied", _("Name the provisions that it relies on, or a source."))
    return keep(actor, Reading, told, reading, expected_version)


def _relied(wanted: Sequence[Mapping[str, Any]], country: str) -> list[dict[str, str]]:
    """Provisions that exist, in wordings of this State's laws."""
    ids = {UUID(str(one["wording"])) for one in wanted}
    there = {
        str(row.pk): {one["eid"] for one in row.provisions}
        for row in Wording.objects.filter(pk__in=ids, law__country=country)
    }
    for one in wanted:
        if one["eid"] not in there.get(str(one["wording"]), set()):
            raise wrong("relied", _("One of these provisions is not in the laws of this State."))
    return [{"wording": str(one["wording"]), "eid": str(one["eid"])} for one in wanted]


def day_of(text: Any) -> date | None:
    """A day as YYYY-MM-DD; None where there is none. Raises ValueError."""
    return date.fromisoformat(text) if text else None
