"""Save answers, section by section, without ever losing or overwriting what somebody typed."""

import json
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.identification.models import Answers, Screening
from palermo.rooms.identification.queries.remarks import owner_of, place_of, remarks_or_none
from palermo.standards.instruments import Section
from palermo.standards.instruments import version as instrument_version

TERNARY = ("yes", "no", "")
REMARK = "remark"
REMARK_LENGTH = 4000
EDITABLE_STATES = ("open",)


@transaction.atomic
def save_answers(
    *,
    actor: Viewer,
    screening: Screening,
    section: str,
    answers: Mapping[str, str],
    expected_version: int,
    base: Mapping[str, str] | None = None,
) -> Answers:
    """Save the answers of one section: question code -> "yes", "no" or "" (not known), and "remark".

    `base` is what the page showed. When somebody else saved meanwhile, answers that do not meet are joined;
    where both changed the same question differently nothing is saved and `Stale` carries the three versions.
    """
    require(actor, "identification.screening.answer", screening.pk)
    wanted = _checked(screening, section, answers)
    current = Answers.objects.select_for_update().filter(screening_id=screening.pk).first()
    held = Screening.objects.select_for_update().filter(pk=screening.pk).first()
    if current is None or held is None:
        raise NotFound()
    if held.state not in EDITABLE_STATES:
        raise Conflict(
            _("This screening is decided. To ask again, begin a new screening of the same person."),
            rule="identification.screening.open",
            state=held.state,
        )
    said = remarks_or_none(actor, held, current)
    if said is None:
        raise Tampered(
            _("The remarks of this screening were changed outside palermo. Tell your administrator.")
        )
    now = shown(current, instrument_version(held.instrument_version).section(section), said)
    before = {**now, **(base or {})} if current.version != expected_version else now
    mine = {code: value for code, value in wanted.items() if value != before[code]}
    clashes = [code for code in mine if now[code] not in (before[code], mine[code])]
    if clashes:
        raise Stale(
            _("Somebody else has answered the same questions since you opened this page. Nothing was saved."),
            base=before,
            mine={**before, **wanted},
            theirs=now,
        )
    changed = [code for code, value in mine.items() if value != now[code]]
    if not changed:
        return current
    _apply(held, current, said, section, {code: mine[code] for code in changed})
    record(
        actor=actor,
        action="identification.screening.answer",
        object_kind="screening",
        object_id=screening.pk,
        fields=changed[:40],
        detail={"section": section, "version": current.version},
    )
    return current


def shown(current: Answers, section: Section, said: Mapping[str, str]) -> dict[str, str]:
    """What a page of this section shows: every question and the remark, empty where there is nothing."""
    found = {question.code: current.values.get(question.code, "") for question in section.questions}
    found[REMARK] = said.get(section.code, "")
    return found


def _apply(
    held: Screening, current: Answers, said: dict[str, str], section: str, changes: Mapping[str, str]
) -> None:
    """Write the changes, and seal the remarks anew for the new version of the row."""
    for code, value in changes.items():
        target, key = (said, section) if code == REMARK else (current.values, code)
        if value:
            target[key] = value
        else:
            target.pop(key, None)
    current.version += 1
    current.sealed_remarks = seal_text(
        owner=owner_of(held), place=place_of(current), text=json.dumps(said) if said else ""
    )
    current.save(update_fields=["values", "sealed_remarks", "version", "updated_at"])


def _checked(screening: Screening, section: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to questions of this section. Raises Invalid with every problem at once."""
    try:
        asked = instrument_version(screening.instrument_version).section(section)
    except KeyError:
        raise NotFound() from None
    known = {question.code for question in asked.questions}
    problems = []
    for code, value in answers.items():
        if code == REMARK:
            if len(value) > REMARK_LENGTH:
                message = _("Keep it under %(n)s characters.") % {"n": REMARK_LENGTH}
                problems.append(FieldProblem(code, message, "length"))
        elif code not in known:
            problems.append(FieldProblem(code, _("This question is not part of the section."), "unknown"))
        elif value not in TERNARY:
            problems.append(FieldProblem(code, _("Answer yes, no or not known."), "ternary"))
    if problems:
        raise Invalid(_("Some answers could not be read."), problems=problems)
    # A browser sends line ends as CR LF; what is compared is what was typed.
    return {code: value.replace("\r\n", "\n") for code, value in answers.items()}
