"""Loading the rates with which fees of a study are told in one currency."""

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.fieldwork.prices import BadRates, Wrong, prices, read_cpi, read_fx
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.jobs.actions import enqueue
from palermo.rooms.observatory.actions.facts import JOB
from palermo.rooms.observatory.actions.live import JOB as LIVE
from palermo.rooms.observatory.models import Rates, Study

MOST_TOLD = 20


@transaction.atomic
def load_rates(*, actor: Viewer, study: Study, fx: str, cpi: str, base: str) -> Rates:
    """Take both tables in place of those before; indicators are computed anew. Raises Invalid with all problems."""
    require(actor, "observatory.study.change", study.pk)
    problems: list[FieldProblem] = []
    worth: dict[tuple[str, str], float] = {}
    levels: dict[str, float] = {}
    try:
        worth = read_fx(fx)
    except BadRates as error:
        problems += _told("fx", error)
    try:
        levels = read_cpi(cpi)
    except BadRates as error:
        problems += _told("cpi", error)
    if not problems:
        try:
            prices(worth, levels, base)
        except BadRates as error:
            problems = _told("base", error)
    if problems:
        raise Invalid(_("The rates were not taken."), problems=problems, rule="observatory.rates")
    values = {
        "fx": [[*key, usd] for key, usd in worth.items()], "cpi": [list(one) for one in levels.items()],
        "base": base,
    }  # fmt: skip
    made, _created = Rates.objects.update_or_create(study=study, defaults=values)
    enqueue(JOB, study.pk)
    enqueue(LIVE, study.pk)
    record(
        actor=actor, action="observatory.rates.load", object_kind="study", object_id=study.pk,
        detail={"fx": len(worth), "cpi": len(levels)},
    )  # fmt: skip
    return made


def _told(field: str, error: BadRates) -> list[FieldProblem]:
    return [FieldProblem(field, told(one), one.code) for one in error.problems[:MOST_TOLD]]


def told(wrong: Wrong) -> str:
    """A problem of a table as a sentence with its line."""
    words = {
        "column": _("Line %(line)s: there is no column %(column)s."),
        "currency": _("Line %(line)s: “%(value)s” is no currency; three capital letters such as EUR."),
        "month": _("Line %(line)s: “%(value)s” is no month; write it as 2026-01."),
        "number": _("Line %(line)s: “%(value)s” is no number above zero."),
        "twice": _("Line %(line)s: %(value)s stands twice."),
        "long": _("Line %(line)s: the table is too long."),
        "empty": _("There is no line in the table."),
        "base": _("The month to which fees are brought (%(value)s) has no price level."),
    }[wrong.code]
    return words % {"line": wrong.line, "column": wrong.column, "value": wrong.value[:40]}
