"""The two-minute form. Two pages: what was seen and cannot wait; then to whom and with whose agreement.

The first page is kept as it is sent, complete or not. A name is typed on the second page only; it travels in the body
of that form and goes to the vault alone.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, StepUpNeeded
from palermo.kernel.vault.limits import RULE as TOO_MANY
from palermo.kernel.vault.queries import search
from palermo.kernel.vault.scoring import Match
from palermo.rooms.children.queries import bodies
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.forms import AnonymousForm, ChildForm, NotifyForm, SendForm
from palermo.rooms.networks.models import Draft, Network
from palermo.rooms.networks.queries.words import language, sector_name
from palermo.rooms.networks.views.leading import put
from palermo.standards.instruments.guides import guides, urgent


@never_cache
@require_http_methods(["GET", "POST"])
def notify(request: HttpRequest) -> HttpResponse:
    """The first page, new."""
    require(request.viewer, "networks.notification.send")
    joined = queries.joined(request.viewer)
    if not joined:
        return render(request, "networks/no_network.html", {"rows": queries.networks(request.viewer)})
    return _first_page(request, joined, None)


@never_cache
@require_http_methods(["GET", "POST"])
def edit_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The first page again, with what was written so far."""
    draft = queries.draft(request.viewer, draft_id)
    return _first_page(request, queries.joined(request.viewer), draft)


def _first_page(request: HttpRequest, joined: list[Network], draft: Draft | None) -> HttpResponse:
    wanted = request.POST.get("network") or request.GET.get("network") or (draft and str(draft.network_id))
    chosen = next((found for found in joined if str(found.pk) == wanted), joined[0] if joined else None)
    if chosen is None:
        return render(request, "networks/no_network.html", {"rows": queries.networks(request.viewer)})
    initial: dict[str, Any] = NotifyForm.fresh() | {"network": str(chosen.pk)}
    if draft is None:
        initial["area"] = queries.area_of(request.viewer, chosen)
    if draft is not None:
        initial |= queries.answers_of(request.viewer, draft) | {"key": draft.pk}
    data = request.POST if request.method == "POST" else None
    form = NotifyForm(data, networks=joined, sector=chosen.sector, initial=initial)
    status = 200
    if request.method == "POST":
        complete = form.is_valid()
        kept = _keep(request, form, chosen, draft)
        left = [] if request.POST.get("do") == "later" else queries.missing(form.so_far())
        if request.POST.get("do") == "later":
            messages.success(request, _("Kept. It waits on your home page until you send it."))
            return redirect("web:home")
        if complete and not left:
            return redirect("networks:send", kept.pk)
        for problem in left:
            if problem.field not in form.errors:
                form.add_error(problem.field, str(problem.message))
        status = 422
    context = {
        "form": form,
        "network": chosen,
        "sector": sector_name(chosen.sector),
        "look": guides()[chosen.sector].look[language()],
        "others": [found for found in joined if found.pk != chosen.pk],
        "draft": draft,
        "kept": status == 422,
    }
    return render(request, "networks/notify.html", context, status=status)


def _keep(request: HttpRequest, form: NotifyForm, chosen: Network, draft: Draft | None) -> Draft:
    """Whatever was typed is kept, so that nothing is lost when something is missing or the line breaks."""
    try:
        key = draft.pk if draft else UUID(request.POST.get("key", ""))
    except ValueError:
        key = None
    return actions.keep_draft(actor=request.viewer, network=chosen, answers=form.so_far(), draft_id=key)


@never_cache
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The second page: to whom, whether the person agrees (a child is not asked), and a name only where needed."""
    viewer = request.viewer
    try:
        draft = queries.draft(viewer, draft_id)
    except NotFound:
        # Sent already, by the first of two clicks.
        row = queries.notification(viewer, draft_id)
        return redirect("networks:notification", row.pk)
    answers = queries.answers_of(viewer, draft)
    if queries.missing(answers):
        return redirect("networks:draft", draft.pk)
    child = answers.get("age") != "adult"
    form = _second_form(request, draft, answers, child)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if not child and form.cleaned_data["agrees"] == "no":
                return redirect("networks:anonymous", draft.pk)
            if answered := _try_to_send(request, draft, form):
                return answered
        status = 422
    context = {
        "draft": draft,
        "form": form,
        "child": child,
        "not_sure": answers.get("age") == "not_sure",
        "urgent": _what_to_do(answers),
        "matches": "person_id" in form.fields,
        "must_confirm": not viewer.stepped_up,
        "bodies": _bodies(form) if child else [],
    }
    return render(request, "networks/send.html", context, status=status)


def _second_form(request: HttpRequest, draft: Draft, answers: dict[str, Any], child: bool) -> SendForm:
    """The form of an adult or a child; with what the search found, where a name was typed."""
    viewer, data = request.viewer, request.POST if request.method == "POST" else None
    more: dict[str, Any] = {"initial": {"language": ""}}
    if child:
        more["bodies"] = {body: bodies(body) for body in ChildForm.BODIES}
        kind: Any = ChildForm
    else:
        kinds = queries.kinds_of(answers)
        kind, more["targets"] = (
            SendForm,
            queries.receivers(viewer, draft.network, kinds, answers.get("area", "")),
        )
    form: SendForm = kind(data, **more)
    if data is not None and form.is_valid() and form.names_somebody:
        # Search before create: who is known to us already is not entered a second time.
        form = kind(data, found=_known(request, form), **more)
    return form


def _known(request: HttpRequest, form: SendForm) -> list[Match]:
    """Whom the search finds among one's own. Who has searched too often sends without it: help does not wait."""
    try:
        return search(request.viewer, form.probe())
    except Refused as error:
        if error.rule != TOO_MANY:
            raise
        messages.warning(request, str(error.message))
        return []


def _try_to_send(request: HttpRequest, draft: Draft, form: SendForm) -> HttpResponse | None:
    """Send it; or leave what is wrong beside its field, with everything still there."""
    if "person_id" in form.fields and not form.cleaned_data.get("person_id"):
        form.add_error(
            "person_id", _("We may know this person already. Choose, or say that it is none of these.")
        )
        return None
    try:
        with transaction.atomic():
            made = actions.send_notification(
                actor=request.viewer, draft=draft, sent=actions.Sent(**form.sent())
            )
    except Invalid as error:
        put(form, error)
    except StepUpNeeded:
        if request.headers.get("X-Sent-By") == "script":
            raise  # The page keeps the form, has the sign-in confirmed in another tab, and goes on by itself.
        form.must_confirm = True
    except (Conflict, Refused) as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Sent. Thank you."))
        return redirect(reverse("networks:notification", args=[made.pk]) + "?new=1")
    return None


def _what_to_do(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """(what cannot wait, what to do now) for every urgent need that was ticked."""
    spoken, ticked = language(), set(answers.get("urgent") or ())
    return [
        (line.say[spoken], line.question.do[spoken])
        for line in urgent()
        if line.question.code in ticked and line.question.do
    ]


def _bodies(form: SendForm) -> list[str]:
    """Who is told of a child, where there is nothing to choose."""
    hidden = [form.fields[body] for body in ChildForm.BODIES if form.fields[body].widget.is_hidden]
    return [str(field.choices[0][1]) for field in hidden]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
def anonymous(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The adult said no: codes alone, tied to nobody. Help is offered all the same."""
    viewer = request.viewer
    draft = queries.draft(viewer, draft_id)
    answers = queries.answers_of(viewer, draft)
    if answers.get("age") != "adult":
        return redirect("networks:send", draft.pk)
    crime = answers.get("thinks") if answers.get("thinks") in ("tip", "tip_and_som") else "tip"
    data = request.POST if request.method == "POST" else None
    form = AnonymousForm(data, initial={"crime": crime})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.notify_anonymously(actor=viewer, draft=draft, given=form.cleaned_data)
            except Invalid as error:
                put(form, error)
            except Conflict as error:
                form.add_error("rare_accepted" if error.rule.endswith(".rare") else None, str(error))
            else:
                return redirect("networks:thanks")
        status = 422
    smuggled = answers.get("thinks") in ("som", "neither_yet")
    context = {"draft": draft, "form": form, "urgent": _what_to_do(answers), "smuggled": smuggled}
    return render(request, "networks/anonymous.html", context, status=status)


@require_POST
def drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw an unfinished notification away."""
    actions.drop_draft(actor=request.viewer, row=queries.draft(request.viewer, draft_id))
    messages.success(request, _("Thrown away. Nothing of it is kept."))
    return redirect("web:home")


@never_cache
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """After an anonymous notification: nothing to follow, and why."""
    require(request.viewer, "networks.notification.send")
    return render(request, "networks/thanks.html", {"may_list": can(request.viewer, "networks.network.list")})
