"""Remarks of a screening: free words about a person, sealed as one text for each version of its answers."""

import json

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.identification.models import Answers, Screening


def owner_of(found: Screening) -> Owner:
    """Whose key seals what is written about a screening."""
    return Owner("screening", found.pk, found.organisation_id)


def place_of(answers: Answers) -> Place:
    """Bound to the version too: older remarks put back after an edit do not open."""
    return Place("identification_answers", "sealed_remarks", answers.pk, answers.version)


def remarks_or_none(viewer: Viewer, found: Screening, answers: Answers) -> dict[str, str] | None:
    """Section code -> remark; None where the row was changed outside palermo (the audit then has an alarm)."""
    sealed = [(place_of(answers), answers.sealed_remarks)]
    (text,) = open_texts(actor=viewer, owner=owner_of(found), sealed=sealed)
    return None if text is None else dict(json.loads(text or "{}"))


def remarks(viewer: Viewer, found: Screening) -> dict[str, str]:
    """Section code -> remark, to be shown; every section says so where they do not open."""
    opened = remarks_or_none(viewer, found, found.answers)
    if opened is None:
        from palermo.rooms.identification.queries import instrument_of

        spoilt = _("[These remarks were changed outside palermo and are not shown. An alarm was recorded.]")
        return {section.code: spoilt for section in instrument_of(found).sections}
    return opened
