"""The pages of a screening. Every button that leaves a page saves it first; nothing typed is lost."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import NotFound, Stale
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.forms import AbandonForm, DecisionForm, FilterForm, SectionForm, StartForm
from palermo.rooms.identification.models import Decision, Screening, Suggestion
from palermo.standards.instruments import rights
from palermo.web.changes import Change
from palermo.web.room import goes_on

RIGHTS_LANGUAGES = (("en", "English"), ("fr", "Français"), ("ar", "العربية"))
ANSWER_WORDS = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No"), "": gettext_lazy("Not known")}


@require_GET
def screening_list(request: HttpRequest) -> HttpResponse:
    """My screenings: those that I or my team hold."""
    form = FilterForm(request.GET or None, states=queries.state_choices())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = queries.screenings(
        request.viewer,
        text=wanted.get("q") or "",
        state=wanted.get("state") or "",
        since=wanted.get("since"),
        until=wanted.get("until"),
        after=request.GET.get("after", ""),
    )
    return render(
        request,
        "identification/list.html",
        {
            "page": page,
            "filter": form,
            "filtered": any(wanted.values()),
            "states": dict(queries.state_choices()),
        },
    )


@require_http_methods(["GET", "POST"])
def screening_start(request: HttpRequest) -> HttpResponse:
    """Begin with a place, without a person."""
    require(request.viewer, "identification.screening.start")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.start_screening(actor=request.viewer, event=form.cleaned_data["event"])
        return redirect("identification:section", made.pk, queries.instrument_of(made).sections[0].code)
    return render(request, "identification/start.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def screening_section(request: HttpRequest, screening_id: UUID, section: str) -> HttpResponse:
    """One section of questions. Each way out (next, back, another part, stop) saves what was answered."""
    found = actions.look_at(actor=request.viewer, screening_id=screening_id)
    require(request.viewer, "identification.screening.answer", found.pk)
    instrument = queries.instrument_of(found)
    codes = [part.code for part in instrument.sections]
    if section not in codes:
        raise NotFound()
    if found.state not in actions.EDITABLE_STATES:
        return redirect("identification:summary", found.pk)
    part = instrument.section(section)
    language = get_language() or "en"
    shown = actions.shown(found.answers, part, queries.remarks(request.viewer, found))
    stale: Stale | None = None
    if request.method == "POST":
        form = SectionForm(part, language, request.POST)
        if form.is_valid():
            try:
                actions.save_answers(
                    actor=request.viewer,
                    screening=found,
                    section=section,
                    answers=form.answers(),
                    expected_version=form.cleaned_data["version"],
                    base=form.base(),
                )
            except Stale as error:
                stale = error
                form = _after_clash(part, language, form, error, found)
            else:
                return _leave_section(request, found, section, codes)
    else:
        form = SectionForm(part, language, shown=shown, initial={"version": found.answers.version})
    context = {
        "screening": found,
        "section": part,
        "title": part.title[language],
        "intro": part.intro[language],
        "form": form,
        "progress": queries.progress(found, language),
        "urgent": queries.urgent(found, language),
        "first": section == codes[0],
        "last": section == codes[-1],
        "changes": _changes(form, stale),
    }
    return render(request, "identification/section.html", context, status=412 if stale else 200)


def _after_clash(part: Any, language: str, form: SectionForm, error: Stale, found: Screening) -> SectionForm:
    """The same page with what I typed still in it, now on top of what the other person saved."""
    found.answers.refresh_from_db()
    again = {**form.data.dict(), "version": found.answers.version}
    again |= {f"base-{code}": value for code, value in error.theirs.items()}
    return SectionForm(part, language, again)


def _changes(form: SectionForm, stale: Stale | None) -> list[Change]:
    """What clashed, in words."""
    if stale is None:
        return []
    return [
        Change(
            str(form.fields[code].label),
            *(
                ANSWER_WORDS.get(side.get(code, ""), side.get(code, ""))
                for side in (stale.base, stale.mine, stale.theirs)
            ),
        )
        for code in stale.mine
        if stale.mine[code] != stale.theirs[code]
    ]


def _word(value: str) -> str:
    """An answer in words; a remark as it is."""
    return str(ANSWER_WORDS.get(value, value))


def _leave_section(request: HttpRequest, found: Screening, section: str, codes: list[str]) -> HttpResponse:
    """Where the pressed button leads, now that everything is saved."""
    going = request.POST.get("go", "next")
    here = codes.index(section)
    if going in codes:
        return redirect("identification:section", found.pk, going)
    if going == "back":
        return redirect("identification:section", found.pk, codes[max(here - 1, 0)])
    if going == "leave":
        return redirect("web:leave")
    if going == "stop":
        messages.success(request, _("Your answers are saved. You can go on at any time."))
        return redirect("identification:list")
    if going == "summary" or here + 1 == len(codes):
        actions.compute_suggestion(actor=request.viewer, screening=found)
        return redirect("identification:summary", found.pk)
    return redirect("identification:section", found.pk, codes[here + 1])


def _summary_context(
    request: HttpRequest, found: Screening, form: DecisionForm | None = None
) -> dict[str, Any]:
    viewer = request.viewer
    suggestion = queries.latest_suggestion(viewer, found)
    current = queries.is_current(found, suggestion)
    made = queries.decisions(viewer, found)
    in_force = made[0] if made else None
    if form is None and suggestion is not None and current:
        form = DecisionForm(
            initial={
                "version": found.version,
                "suggestion": suggestion.pk,
                "supersedes": in_force.pk if in_force else "",
            }
        )
    language = get_language() or "en"
    return {
        "screening": found,
        "progress": queries.progress(found, language),
        "urgent": queries.urgent(found, language),
        "suggestion": suggestion,
        "explanation": queries.explain(suggestion) if suggestion else None,
        "current": current,
        "decision": in_force,
        "earlier": made[1:],
        "form": form,
        "differs": bool(in_force and queries.differs(in_force.suggestion, in_force.outcome)),
        "may_decide": can(viewer, "identification.screening.decide", found.pk),
        "open": found.state in actions.EDITABLE_STATES,
        "ended": queries.ended(viewer, found),
        "after": goes_on(viewer, "screening", found.pk) if in_force else None,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def screening_summary(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """The suggestion in words, beside the decision. Posting works the suggestion out from the answers as they are."""
    found = actions.look_at(actor=request.viewer, screening_id=screening_id)
    if request.method == "POST":
        actions.compute_suggestion(actor=request.viewer, screening=found)
        return redirect("identification:summary", found.pk)
    return render(request, "identification/summary.html", _summary_context(request, found))


@never_cache
@require_POST
def screening_decide(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """Record the decision; a form with faults comes back with everything in it."""
    found = actions.look_at(actor=request.viewer, screening_id=screening_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render(
            request, "identification/summary.html", _summary_context(request, found, form), status=422
        )
    wanted = form.cleaned_data
    suggestion = Suggestion.objects.filter(pk=wanted["suggestion"], screening=found).first()
    replaced = None
    if wanted["supersedes"]:
        replaced = Decision.objects.filter(pk=wanted["supersedes"], screening=found).first()
    if suggestion is None or (wanted["supersedes"] and replaced is None):
        raise NotFound()
    actions.decide(
        actor=request.viewer,
        screening=found,
        suggestion=suggestion,
        outcome=wanted["outcome"],
        reason=wanted["reason"],
        expected_version=wanted["version"],
        supersedes=replaced,
    )
    messages.success(
        request, _("Your decision is recorded. It can be superseded with a reason, never edited.")
    )
    return redirect("identification:summary", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def screening_abandon(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """End without a decision, with a reason; the way back is to screen again."""
    found = actions.look_at(actor=request.viewer, screening_id=screening_id)
    require(request.viewer, "identification.screening.answer", found.pk)
    form = AbandonForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        actions.abandon_screening(
            actor=request.viewer,
            screening=found,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(request, _("The screening is ended. What was answered is kept."))
        return redirect("identification:summary", found.pk)
    if found.state not in actions.EDITABLE_STATES:
        return redirect("identification:summary", found.pk)
    return render(
        request,
        "identification/abandon.html",
        {"screening": found, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def screening_again(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """Screen the same person again: a new screening that names this one."""
    found = queries.screening(request.viewer, screening_id)
    made = actions.start_screening(actor=request.viewer, event=found.event, previous=found)
    return redirect("identification:section", made.pk, queries.instrument_of(made).sections[0].code)


@never_cache
@require_GET
def screening_print(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """Everything of one screening on paper: questions, answers, suggestion, decisions. No name is in it."""
    found = actions.look_at(actor=request.viewer, screening_id=screening_id)
    return render(
        request,
        "identification/print.html",
        {
            **_summary_context(request, found),
            "sections": queries.answered(
                found, get_language() or "en", queries.remarks(request.viewer, found)
            ),
        },
    )


@require_GET
def rights_page(request: HttpRequest, language: str = "") -> HttpResponse:
    """What the person has a right to, in a language of his choice; for reading aloud and for paper."""
    require(request.viewer, "identification.rights.view")
    chosen = language or (get_language() or "en")[:2]
    if chosen not in dict(RIGHTS_LANGUAGES):
        raise NotFound()
    sheet = rights()
    with override(chosen):
        return render(
            request,
            "identification/rights.html",
            {
                "title": sheet.title[chosen],
                "points": [(text[chosen], source) for text, source in sheet.points],
                "languages": RIGHTS_LANGUAGES,
                "chosen": chosen,
                "direction": "rtl" if chosen == "ar" else "ltr",
            },
        )
