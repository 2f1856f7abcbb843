"""Pages of referrals: inbox and outbox, one referral as each side sees it, and what can be done with it now."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound, StepUpNeeded
from palermo.kernel.exports.http import file_response
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.actions.drafting import AGREEABLE
from palermo.rooms.referral.forms import (
    AnswerForm,
    DraftForm,
    FilterForm,
    IdentityForm,
    PacketForm,
)
from palermo.rooms.referral.models import Referral
from palermo.rooms.referral.queries import words
from palermo.web.documents import document_page, language_asked
from palermo.web.room import subject


@never_cache
@require_GET
@asked_once()
def referral_list(request: HttpRequest) -> HttpResponse:
    """The inbox or the outbox, by what waits."""
    require(request.viewer, "referral.referral.list")
    if request.GET.get("box"):
        box = queries.OUTBOX if request.GET["box"] == queries.OUTBOX else queries.INBOX
        begin = "waiting"
    else:
        box, begin = queries.first_box(request.viewer)
    only = request.GET.get("only") or begin
    context = {
        "box": box,
        "only": only,
        "lines": queries.lines(request.viewer, box=box, only="" if only == "all" else only),
        "filter": FilterForm({"only": only}),
    }
    return render(request, "referral/list.html", context)


@never_cache
@require_GET
@asked_once()
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was asked of others for this case, and the referral that it came from."""
    about = subject(request.viewer, "case", case_id)
    context = {
        "about": about,
        "lines": queries.of_case(request.viewer, case_id),
        "may_draft": _own(request, about) and can(request.viewer, "referral.referral.draft", case_id),
        # Who comes from here to ask for consent is led back to the form.
        "ask_url": reverse("consents:of-case", args=[case_id])
        + f"?{urlencode({'next': reverse('referral:draft', args=[case_id])})}",
        "may_transfer": _own(request, about) and can(request.viewer, "referral.transfer.draft", case_id),
    }
    return render(request, "referral/of_case.html", context)


def _own(request: HttpRequest, about: Any) -> bool:
    return about.organisation_id in request.viewer.organisation_ids


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """To whom, how urgent, and what is told. It becomes a draft: sending is the next step."""
    about = subject(request.viewer, "case", case_id)
    transfer = request.GET.get("transfer") == "1"
    require(request.viewer, "referral.transfer.draft" if transfer else "referral.referral.draft", case_id)
    form = DraftForm(
        request.POST or None,
        targets=queries.targets(request.viewer),
        initial=_initial(request, about, transfer),
    )
    if request.method == "POST" and form.is_valid():
        made = actions.draft(
            actor=request.viewer, about=about, transfer=transfer, **form.address(), **form.told()
        )
        messages.success(request, _("Kept as a draft. Look at it once more, then send it."))
        return redirect("referral:referral", made.pk)
    came_from = urlencode({"next": request.path + ("?transfer=1" if transfer else "")})
    context = {"about": about, "form": form, "transfer": transfer, "came_from": came_from}
    return render(request, "referral/draft.html", context)


def _initial(request: HttpRequest, about: Any, transfer: bool) -> dict[str, Any]:
    """What the way here has said already; what the case is about is ticked where the person agreed to it."""
    asked: dict[str, Any] = {"target": request.GET.get("to", ""), "kind": request.GET.get("kind", "")}
    return asked | {
        "also": ["identity"] if transfer else [],
        "crime": queries.crime_agreed(request.viewer, about.person_id, transfer=transfer),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Change what a draft tells; beside each category whether the person has agreed."""
    row = queries.referral(request.viewer, referral_id)
    half = queries.sending(request.viewer, row)
    if half is None or row.state != "draft":
        raise NotFound()
    require(request.viewer, "referral.referral.draft", half.case_id)
    choices = queries.choices_of(
        request.viewer, person_id=half.person_id, receiver_id=row.receiver_id, transfer=row.transfer
    )
    initial = queries.texts_of(request.viewer, row, half) | {
        "urgent": row.urgent,
        "also": [code for code in words.FROM_VAULT if code in half.categories],
        "crime": "exploitation" in half.categories,
        "version": row.version,
    }
    form = PacketForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        actions.change_draft(actor=request.viewer, row=row, expected_version=version, **form.told())
        messages.success(request, _("Changed."))
        return redirect("referral:referral", row.pk)
    return render(request, "referral/draft.html", {"row": row, "form": form, "about": None, "half": half})


@never_cache
@require_GET
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral as this side sees it, and what can be done now."""
    with asked_once():
        return render(request, "referral/referral.html", _context(request, referral_id))


def _context(request: HttpRequest, referral_id: UUID) -> dict[str, Any]:
    viewer = request.viewer
    row = queries.referral(viewer, referral_id)
    half, got = queries.sending(viewer, row), queries.receiving(viewer, row)
    side = queries.side_of(viewer, row)
    own = half or got
    paper = actions.read_packet(actor=viewer, row=row, own=own.case_id) if own and row.sent_at else None
    return {
        "row": row,
        "side": side,
        "sends": side == queries.OUTBOX,
        "state": words.state_name(row),
        "kind": words.kind_name(row.kind),
        "area": words.area_name(row.area),
        "service": queries.service_name(viewer, row.service_id),
        # Before it is acknowledged the receiver learns urgency, kind and area, and nothing else.
        "known": side == queries.OUTBOX or row.received_at is not None,
        "half": half,
        "got": got,
        "paper": paper,
        "had": queries.had(viewer, row),
        "texts": _draft_parts(request, row, half),
        "vault": [c for c in words.category_names([k for k in half.categories if k in words.FROM_VAULT])]
        if half
        else [],
        "moves": queries.moves_of(viewer, row),
        "steps": _steps(request, row),
        "feedback": queries.feedback_of(viewer, row),
        "still_needed": [(code, words.kind_name(code)) for code in row.still_needed],
        "clocks": [d for d in workflow.deadlines_of(viewer, row) if not d.fires],
        "may_agree": bool(half and row.transfer and row.state in AGREEABLE and not half.agreed_by_id)
        and can(viewer, "referral.transfer.agree", half.case_id),
        "came_back": bool(
            half and row.state in ("declined", "redirected", "expired") and not half.answered_at
        ),
    }


def _draft_parts(request: HttpRequest, row: Referral, half: Any) -> list[tuple[str, str]]:
    """(category, words) of what a draft would tell."""
    if half is None or row.state != "draft":
        return []
    texts = queries.texts_of(request.viewer, row, half)
    if "exploitation" in half.categories:
        texts.setdefault("exploitation", _("What the case is about, no more."))
    return [(name, texts[code]) for code, name in words.categories() if code in texts]


def _steps(request: HttpRequest, row: Referral) -> list[dict[str, Any]]:
    """What has happened, newest first: event, when, and the house that did it; a coded reason in words."""
    from palermo.standards.workflows import machine

    m = machine(row.machine)
    labels = {event.code: event.label(words.language()) for event in m.events}
    return [
        {"label": labels.get(step.event, _("Begun")), "at": step.at, "reason": words.reason(step.reason)}
        for step in workflow.history(request.viewer, row)
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, referral_id: UUID, event: str) -> HttpResponse:
    """One move: what it does, what it asks, and the button."""
    viewer = request.viewer
    row = queries.referral(viewer, referral_id)
    found = next((m for m in queries.moves_of(viewer, row) if m.event == event), None)
    if found is None:
        raise NotFound()
    if request.method == "GET" and found.possible and event == "send" and _asks_the_vault(viewer, row):
        # A name leaves with it: who it is is confirmed before the page is shown, not after the button.
        raise StepUpNeeded(_("Please confirm that it is you."), rule="referral.referral.send")
    form = AnswerForm(
        event,
        request.POST or None,
        receivers=queries.receivers(viewer) if event == "redirect" else None,
        initial={"version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        actions.move(actor=viewer, row=row, event=event, expected_version=version, answers=form.answers())
        messages.success(request, _("Done: %(move)s.") % {"move": found.label})
        return redirect("referral:referral", row.pk)
    return render(request, "referral/move.html", {"row": row, "move": found, "form": form})


def _asks_the_vault(viewer: Viewer, row: Referral) -> bool:
    """Whether sending it opens the vault, and the sign-in is too old for that."""
    half = None if viewer.stepped_up else queries.sending(viewer, row)
    return half is not None and bool(set(half.categories) & set(words.FROM_VAULT))


@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Name and ways of contact out of the packet: first what for, then once, on a page that nobody keeps."""
    viewer = request.viewer
    row = queries.referral(viewer, referral_id)
    paper = queries.paper(viewer, row)
    if paper is None or not (paper.has_identity and paper.may_open_identity):
        raise NotFound()
    form, lines = IdentityForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        shown = actions.open_identity(actor=viewer, row=row, purpose=form.cleaned_data["purpose"])
        lines = [(words.FIELD_NAMES.get(name, name), value) for name, value in shown.items()]
    return render(request, "referral/identity.html", {"row": row, "lines": lines, "form": form})


@never_cache
@require_GET
def sheet(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The packet on paper, by code, in the language of its reader; as a page, PDF or Word file."""
    row = queries.referral(request.viewer, referral_id)
    asked: dict[str, Any] = {"actor": request.viewer, "row": row, "language": language_asked(request)}
    if "format" in request.GET:
        return file_response(actions.hand_out_sheet(**asked, format=request.GET["format"]))
    return document_page(request, actions.show_sheet(**asked), "referral/sheet.html", row=row)


@never_cache
@require_GET
def period(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One's own time with a case that was handed over."""
    row = queries.referral(request.viewer, referral_id)
    found = actions.open_period(actor=request.viewer, row=row)
    return render(request, "referral/period.html", {"row": row, "period": found})


@require_POST
def agree(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The child-protection authority agrees to a transfer."""
    row = queries.referral(request.viewer, referral_id)
    actions.agree(actor=request.viewer, row=row)
    messages.success(request, _("You agreed. It can be sent now."))
    return redirect("referral:referral", row.pk)


@require_POST
def put_aside(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """What came back needs nothing more."""
    row = queries.referral(request.viewer, referral_id)
    actions.put_aside(actor=request.viewer, row=row)
    messages.success(request, _("Put aside."))
    return redirect("referral:list")
