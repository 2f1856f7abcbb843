"""Pages of the ledger. They hang on a case, whose page leads here."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from palermo.kernel.access.policy import asked_once, can, require
from palermo.kernel.exports.http import file_response
from palermo.rooms.consents import actions, queries
from palermo.rooms.consents.forms import BasisForm, ConsentForm, VerdictForm, WithdrawForm
from palermo.rooms.consents.models import Decision
from palermo.standards import codelist
from palermo.web.documents import document_page, language_asked
from palermo.web.room import subject

# Who may do what an answer of that purpose was asked for.
FOR = {"referral": "referral.referral.draft", "transfer": "referral.transfer.draft"}
# From where somebody may have come to ask the person; any other `next` is no way on.
KNOWN = ("referral:draft", "referral:referral", "referral:edit")


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where the page leads once the answer is written down, and the words of the button."""

    url: str
    words: str

    @property
    def query(self) -> str:
        """To carry it along in an address."""
        return urlencode({"next": self.url})


def _came_from(request: HttpRequest, case_id: UUID) -> WayOn | None:
    """The known page of this house from which somebody came here to ask the person."""
    asked = urlsplit(request.GET.get("next", ""))
    found = None if asked.scheme or asked.netloc else _known(asked.path, case_id)
    if found is None:
        return None
    name, path = found
    if name != "referral:draft":
        return WayOn(path, _("Write it down and go back to the referral"))
    return _draft(path, whole=parse_qs(asked.query).get("transfer") == ["1"])


def _leads_to(request: HttpRequest, case_id: UUID, purpose: str) -> WayOn | None:
    """The form for which a consent of that purpose is asked, for who may use it."""
    permission = FOR.get(purpose)
    if permission is None or not can(request.viewer, permission, case_id):
        return None
    return _draft(reverse("referral:draft", args=[case_id]), whole=purpose == "transfer")


def _draft(path: str, *, whole: bool) -> WayOn:
    if whole:
        return WayOn(f"{path}?transfer=1", _("Write it down and hand over"))
    return WayOn(path, _("Write it down and refer"))


def _known(path: str, case_id: UUID) -> tuple[str, str] | None:
    """(name, path) of a page of this house that may be gone on to; written anew, so that nothing typed is in it."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    if found.view_name not in KNOWN or found.kwargs.get("case_id", case_id) != case_id:
        return None
    return found.view_name, reverse(found.view_name, kwargs=found.kwargs)


@never_cache
@require_GET
@asked_once()
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every purpose and where it stands, then the ledger as it was written."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.consent.view", case_id)
    entries = list(queries.entries(request.viewer, about.person_id))
    context = {
        "about": about,
        "standings": queries.standings(request.viewer, about.person_id),
        "entries": entries,
        "bases": list(queries.bases(request.viewer, about.person_id)),
        "may_record": can(request.viewer, "consents.consent.record", case_id),
        "way_on": _came_from(request, case_id),
        "refers": {purpose: _leads_to(request, case_id, purpose) for purpose in FOR},
        "may_ask": can(request.viewer, "consents.basis.ask", case_id),
    }
    return render(request, "consents/of_case.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down one answer."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.consent.record", case_id)
    purpose = request.GET.get("purpose", "")
    way_on = _came_from(request, case_id) or _leads_to(request, case_id, purpose)
    initial = {"purpose": purpose, "language": get_language(), "categories": ["needs"]}
    recipients = queries.possible_recipients(request.viewer)
    form = ConsentForm(request.POST or None, recipients=recipients, child=about.child, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.record_consent(actor=request.viewer, about=about, **form.answered())
        messages.success(request, _("Written down: %(answer)s.") % {"answer": made.get_decision_display()})
        if way_on and request.POST.get("go") == "on" and made.decision == Decision.GIVEN:
            return redirect(way_on.url)
        return redirect("consents:of-case", case_id)
    question = queries.question(purpose) if purpose in codelist(queries.PURPOSES) else ""
    context: dict[str, Any] = {"about": about, "form": form, "question": question, "way_on": way_on}
    return render(request, "consents/record.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case_id: UUID, consent_id: UUID) -> HttpResponse:
    """The person takes a consent back."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.consent.withdraw", case_id)
    consent = queries.consent(request.viewer, about.person_id, consent_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_consent(actor=request.viewer, about=about, consent=consent, **form.cleaned_data)
        messages.success(request, _("Taken back. What relied on it has ended."))
        return redirect("consents:of-case", case_id)
    return render(request, "consents/withdraw.html", {"about": about, "form": form, "consent": consent})


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask a second person to confirm a ground in law."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.basis.ask", case_id)
    form = BasisForm(
        request.POST or None,
        recipients=queries.possible_recipients(request.viewer),
        initial={"purpose": request.GET.get("purpose", ""), "categories": ["needs"]},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.ask_legal_basis(
            actor=request.viewer, about=about, ground=given["ground"], reason=given["reason"], **form.told()
        )
        messages.success(
            request, _("Asked. It allows nothing until a second person of your team has confirmed it.")
        )
        return redirect("consents:of-case", case_id)
    return render(request, "consents/ask.html", {"about": about, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, case_id: UUID, basis_id: UUID) -> HttpResponse:
    """The second person decides."""
    about = subject(request.viewer, "case", case_id)
    require(request.viewer, "consents.consent.view", case_id)
    require(request.viewer, "consents.basis.decide")
    asked = queries.legal_basis(request.viewer, about.person_id, basis_id)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decide_legal_basis(actor=request.viewer, about=about, asked=asked, **form.cleaned_data)
        messages.success(request, _("Decided."))
        return redirect("consents:of-case", case_id)
    context = {
        "about": about,
        "form": form,
        "asked": asked,
        "own": asked.asked_by_id == request.viewer.user_id,
    }
    return render(request, "consents/decide.html", context)


@never_cache
@require_GET
def paper(request: HttpRequest, case_id: UUID, purpose: str) -> HttpResponse:
    """The form on paper, to be read together and signed: in the person's language, with no name printed."""
    about = subject(request.viewer, "case", case_id)
    asked = {"actor": request.viewer, "about": about, "purpose": purpose, "language": language_asked(request)}
    if "format" in request.GET:
        return file_response(actions.hand_out_form(**asked, format=request.GET["format"]))
    return document_page(request, actions.show_form(**asked), "consents/paper.html", about=about)
