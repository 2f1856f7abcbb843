"""One step for several persons at once: chosen on the board, confirmed here, each moved by itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.forms import AidForm, AnswersForm, StepForm
from palermo.rooms.encounters.models import Event, Migrant
from palermo.rooms.encounters.views.person import asks_of

AID, ANSWERS = "aid", "answers"
# What opens something for each person (a case, a screening) is done one by one.
ONE_BY_ONE = ("vulnerable", "solution", "done", "died", "missing")


@never_cache
@require_POST
def together(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """First the question that the step asks, then the step; who could not go on is named with the reason."""
    event = queries.event(request.viewer, event_id)
    require(request.viewer, "encounters.migrant.move", event.pk)
    step, chosen = request.POST.get("step", ""), _chosen(request, event)
    rows = [m for m in queries.persons(request.viewer, event) if m.pk in chosen]
    known = dict(queries.steps_of(request.viewer, {m.state for m in rows}))
    names = known | {AID: _("First help was given"), ANSWERS: _("The same answers")}
    context: dict[str, Any] = {
        "event": event, "step": step, "label": names.get(step, ""), "chosen": chosen, "rows": rows
    }  # fmt: skip
    if not rows or step not in names or step in ONE_BY_ONE:
        return render(request, "encounters/together_none.html", context | {"single": step in ONE_BY_ONE})
    form = _form(request, step, rows)
    if form.is_bound and form.is_valid():
        try:
            result = _go(request, event, step, chosen, form)
        except Conflict as error:
            # A family would be parted: said with the status of a conflict, as the JSON twin does.
            return render(
                request, "encounters/together.html", context | {"form": form, "apart": error}, status=409
            )
        else:
            _tell(request, result)
            return redirect("encounters:event", event.pk)
    return render(request, "encounters/together.html", context | {"form": form})


def _tell(request: HttpRequest, result: actions.Moved) -> None:
    """What became of it, on the board: how many are done, and who stays where they are and why."""
    if result.done:
        words = ngettext("%(n)s person: done.", "%(n)s persons: done.", result.done)
        messages.success(request, words % {"n": result.done})
    why: dict[str, list[str]] = {}
    for number, sentence in result.refused:
        why.setdefault(sentence, []).append(str(number))
    for sentence, numbers in why.items():
        words = ngettext(
            "Number %(numbers)s stays where it is: %(why)s",
            "Numbers %(numbers)s stay where they are: %(why)s",
            len(numbers),
        )
        messages.warning(request, words % {"numbers": _(", ").join(numbers), "why": sentence})


def _chosen(request: HttpRequest, event: Event) -> dict[UUID, int]:
    """Person -> the version that was seen, of everybody whose box was ticked."""
    found = {}
    for sent in request.POST.getlist("person"):
        key, _colon, version = sent.partition(":")
        try:
            found[UUID(key)] = int(version)
        except ValueError:
            raise NotFound() from None
    return found


def _form(request: HttpRequest, step: str, rows: list[Migrant]) -> Any:
    data = request.POST if request.POST.get("go") else None
    if step == AID:
        return AidForm(data)
    if step == ANSWERS:
        return AnswersForm(data)
    first = next((m for row in rows for m in queries.moves_of(request.viewer, row) if m.event == step), None)
    return StepForm(
        step,
        asks_of(first) if first else (),
        bool(first and first.reason_required),
        data,
        use_required_attribute=True,
    )


def _go(request: HttpRequest, event: Event, step: str, chosen: dict[UUID, int], form: Any) -> actions.Moved:
    if step == AID:
        return actions.aid_many(
            actor=request.viewer, event=event, chosen=chosen, given=form.cleaned_data["aid"]
        )
    if step == ANSWERS:
        return actions.answer_many(actor=request.viewer, event=event, chosen=chosen, answers=form.answers())
    return actions.move_many(
        actor=request.viewer,
        event=event,
        step=step,
        chosen=chosen,
        reason=form.cleaned_data["reason"],
        inputs=form.inputs(),
        apart=request.POST.get("apart", ""),
    )
