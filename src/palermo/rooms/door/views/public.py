"""What anybody can read and do without a name: rights, what happens, services, safety, asking, coming back."""

import time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.door import actions, queries
from palermo.rooms.door.forms import AskForm, ComplaintForm, FaceForm, WordsForm
from palermo.rooms.door.queries import texts
from palermo.rooms.door.views.bare import door_page, nonce_of, show, slowly
from palermo.rooms.services.queries import public_services


@door_page("GET")
def rights(request: HttpRequest, lang: str) -> HttpResponse:
    return show(request, lang, "rights", {"texts": texts})


@door_page("GET")
def steps(request: HttpRequest, lang: str) -> HttpResponse:
    return show(request, lang, "steps", {"texts": texts})


@door_page("GET")
def safety(request: HttpRequest, lang: str) -> HttpResponse:
    return show(request, lang, "safety", {"texts": texts})


@door_page("GET")
def services(request: HttpRequest, lang: str) -> HttpResponse:
    """Helplines first, then the services that a coordinator has made public; at most what an old phone loads."""
    found = public_services(Viewer.anonymous())
    first = [s for s in found if s.kind in ("hotline", "helpline", "emergency")]
    rest = [s for s in found if s not in first]
    return show(request, lang, "services", {"services": [*first, *rest][:30], "more": len(found) > 30})


@door_page("GET", "POST")
def ask(request: HttpRequest, lang: str) -> HttpResponse:
    """Few questions, no name; the answer is a code."""
    desks = queries.desks(Viewer.anonymous())
    choices = [(str(desk.organisation_id), desk.name) for desk in desks]
    form = AskForm(request.POST if request.method == "POST" else None, desks=choices)
    if request.method == "POST" and form.is_valid():
        if not actions.may_try(request, "ask"):
            return slowly(request, lang)
        actions.spend(request, "ask")
        given = form.cleaned_data
        code = actions.ask_for_help(
            actions.Asked(
                organisation_id=UUID(given["organisation"]),
                help=given["help"],
                urgency=given["urgency"],
                answer_by=given["answer_by"],
                phone=given["phone"],
                text=given["text"],
                language=lang,
            ),
            nonce=nonce_of(request, "ask"),
        )
        return show(request, lang, "sent", {"code": code})
    context = {"form": form, "token": actions.form_token("ask"), "desks": desks}
    return show(request, lang, "ask", context, status=422 if request.method == "POST" else 200)


@door_page("GET", "POST")
def code(request: HttpRequest, lang: str) -> HttpResponse:
    """Come back. A wrong code, one that has ended and one that never was are answered alike, and as slowly."""
    if request.method == "GET":
        return show(request, lang, "code", {"token": actions.form_token("code")})
    started = time.monotonic()
    if not actions.may_try(request, "code"):
        return slowly(request, lang)
    hashed = actions.hash_of(request.POST.get("code", ""))
    page = opened(request, lang, hashed)
    if page is None:
        actions.spend(request, "code")
        context = {"token": actions.form_token("code"), "wrong": True}
        page = show(request, lang, "code", context, status=422)
    actions.even(started)
    return page


def opened(request: HttpRequest, lang: str, hashed: bytes, done: str = "") -> HttpResponse | None:
    """What a code opens: the request, or the person's own page; None for nothing."""
    shared = {"ticket": actions.ticket_for(hashed), "done": done}
    found = queries.request_of(hashed)
    if found is not None:
        about, said = found
        tokens = {f"token_{name}": actions.form_token(name) for name in ("write", "erase")}
        context = {"about": about, "said": said, "form": WordsForm(), **tokens}
        return show(request, lang, "thread", {**shared, **context})
    own = queries.own_of(hashed)
    if own is None:
        return None
    names = ("take_back", "answer", "feedback_say", "complain", "appeal")
    tokens = {f"token_{name}": actions.form_token(name) for name in names}
    context = {
        "own": own,
        "face_form": FaceForm(prefix="f"),
        "complaint_form": ComplaintForm(prefix="c"),
        **tokens,
    }
    return show(request, lang, "mine", {**shared, **context})


def again(request: HttpRequest, lang: str) -> HttpResponse:
    """The ticket is too old: the code has to be typed again. Nothing was changed."""
    context = {"token": actions.form_token("code"), "late": True}
    return show(request, lang, "code", context, status=422)


@door_page("POST")
def write(request: HttpRequest, lang: str) -> HttpResponse:
    """A further word in the request."""
    hashed = actions.read_ticket(request.POST.get("ticket", ""))
    found = queries.request_of(hashed) if hashed else None
    if hashed is None or found is None:
        return again(request, lang)
    if not actions.may_try(request, "write"):
        return slowly(request, lang)
    actions.spend(request, "write")
    text = request.POST.get("text", "")
    actions.write_again(code=hashed, request=found[0], text=text, nonce=nonce_of(request, "write"))
    return opened(request, lang, hashed, _("Sent.")) or again(request, lang)


@door_page("POST")
def erase(request: HttpRequest, lang: str) -> HttpResponse:
    """Close and erase, at once and for good."""
    hashed = actions.read_ticket(request.POST.get("ticket", ""))
    found = queries.request_of(hashed) if hashed else None
    if hashed is None or found is None:
        return again(request, lang)
    if not request.POST.get("sure"):
        return opened(request, lang, hashed, _("Tick the box to erase everything.")) or again(request, lang)
    actions.erase_request(request=found[0])
    return show(request, lang, "erased", {})
