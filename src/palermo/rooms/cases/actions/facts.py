"""Change the coded facts of a case; two people who edit at once lose nothing."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.cases.actions.feeding import feed_register
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.cases.queries.labels import LISTS
from palermo.standards.codes import codelist

FACTS = tuple(LISTS)


@transaction.atomic
def change_facts(
    *,
    actor: Viewer,
    facts: Facts,
    values: Mapping[str, Any],
    expected_version: int,
    base: Mapping[str, Any] | None = None,
) -> Facts:
    """Save coded facts. Raises Invalid with every code that is unknown, Stale with the three versions."""
    require(actor, "cases.facts.change", facts.case_id)
    _check(values)
    changed = [name for name, value in values.items() if getattr(facts, name) != value]
    facts.change(values, expected_version=expected_version, base=base)
    case = Case.objects.get(pk=facts.case_id)
    # The same event again stores nothing twice; it brings the register's attributes up to date.
    feed_register(actor=actor, case=case, facts=facts, kind="case_opened", on=case.opened_at.date())
    record(
        actor=actor,
        action="cases.facts.change",
        object_kind="case",
        object_id=case.pk,
        fields=changed,
        detail={"version": facts.version},
    )
    return facts


def _codes(name: str, value: Any) -> list[str] | None:
    """The codes that a value holds; None when it is no list of texts (or no text) where the fact is one."""
    if isinstance(Facts._meta.get_field(name), ArrayField):
        codes = value if isinstance(value, list) else None
    else:
        codes = ([value] if value else []) if isinstance(value, str) else None
    return codes if codes is not None and all(isinstance(code, str) for code in codes) else None


def _check(values: Mapping[str, Any]) -> None:
    problems = []
    good: dict[str, set[str]] = {}
    for name, value in values.items():
        codes = _codes(name, value) if name in LISTS else None
        if name not in LISTS:
            problems.append(FieldProblem(name, _("This is not a fact of a case."), "unknown"))
        elif codes is None or any(code not in codelist(LISTS[name]) for code in codes):
            problems.append(FieldProblem(name, _("Choose from the list."), "code"))
        else:
            good[name] = set(codes)
    for kind in ("forms", "controls"):
        if good.get(f"{kind}_yes", set()) & good.get(f"{kind}_no", set()):
            problems.append(FieldProblem(f"{kind}_yes", _("One thing cannot be both yes and no."), "ternary"))
    if problems:
        raise Invalid(_("Some facts could not be saved."), problems=problems)
