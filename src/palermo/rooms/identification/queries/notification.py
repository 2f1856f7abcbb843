"""What an anonymous notification can say: each field with its codes in words, for the forms that ask for it."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.identification.models import notification as lists
from palermo.standards import codelist
from palermo.standards.packs import pack


def notification_choices() -> dict[str, tuple[Any, list[tuple[str, Any]], bool, bool]]:
    """Field -> (label, (code, words), whether several may be chosen, whether it must be)."""
    language = get_language() or "en"
    left_out = ("", _("Leave out"))
    areas = [a for a in pack(settings.PALERMO_PACK).areas if not a.parent]

    def words(list_id: str, codes: Any = None) -> list[tuple[str, Any]]:
        found = codelist(list_id).choices(language)
        return [(code, label) for code, label in found if codes is None or code in codes]

    return {
        "crime": (_("Crime"), words("palermo/crime", lists.CRIMES), False, True),
        "sex": (_("Sex"), [left_out, *words("palermo/sex")], False, False),
        "age_band": (_("Age"), [left_out, *words("palermo/notification_age")], False, False),
        "region": (_("Region of citizenship"), [left_out, *words("country-m49/region")], False, False),
        "area": (
            _("Area where it happened"),
            [left_out, *((a.code, a.name(language)) for a in areas)],
            False,
            False,
        ),
        "forms": (_("Forms of exploitation"), words("palermo/form"), True, False),
        "sectors": (_("Sectors of work"), words("palermo/labour"), True, False),
    }
