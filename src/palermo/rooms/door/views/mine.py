"""What a person does on her own page. Each form carries its ticket; a ticket that is too old changes nothing."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from palermo.rooms.door import actions, queries
from palermo.rooms.door.forms import ComplaintForm, FaceForm
from palermo.rooms.door.queries import Own
from palermo.rooms.door.views.bare import door_page, nonce_of, slowly
from palermo.rooms.door.views.public import again, opened


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _on_own_page(request: HttpRequest, lang: str, do: Callable[[Own], str]) -> HttpResponse:
    hashed = actions.read_ticket(request.POST.get("ticket", ""))
    own = queries.own_of(hashed) if hashed else None
    if hashed is None or own is None:
        return again(request, lang)
    if not actions.may_try(request, "write"):
        return slowly(request, lang)
    actions.spend(request, "write")
    return opened(request, lang, hashed, do(own)) or again(request, lang)


@door_page("POST")
def take_back(request: HttpRequest, lang: str) -> HttpResponse:
    """A consent ends now."""

    def do(own: Own) -> str:
        actions.take_back(own=own, consent_id=_id(request.POST.get("consent", "")))
        return _("Taken back. Nothing more is told for this purpose. You are helped as before.")

    return _on_own_page(request, lang, do)


@door_page("POST")
def answer(request: HttpRequest, lang: str) -> HttpResponse:
    """Yes or no to a question."""

    def do(own: Own) -> str:
        said = request.POST.get("answer", "")
        if said not in ("yes", "no"):
            return _("Choose yes or no.")
        question = _id(request.POST.get("question", ""))
        actions.answer_question(own=own, question_id=question, yes=said == "yes", language=lang)
        return _("Your answer is written down. You can change it here at any time.")

    return _on_own_page(request, lang, do)


@door_page("POST")
def feedback_say(request: HttpRequest, lang: str) -> HttpResponse:
    """A face, and words."""

    def do(own: Own) -> str:
        form = FaceForm(request.POST, prefix="f")
        if not form.is_valid():
            return _("Choose one of the three.")
        actions.say_how_it_was(own=own, nonce=nonce_of(request, "feedback_say"), **form.cleaned_data)
        return _("Thank you. The person who helps you does not see this.")

    return _on_own_page(request, lang, do)


@door_page("POST")
def complain(request: HttpRequest, lang: str) -> HttpResponse:
    """A complaint, to somebody else."""

    def do(own: Own) -> str:
        form = ComplaintForm(request.POST, prefix="c")
        if not form.is_valid():
            return _("Say what it is about, and write a few words.")
        given = form.cleaned_data
        actions.complain(
            own=own,
            about=given["about"],
            outside=bool(given["outside"]),
            text=given["text"],
            language=lang,
            nonce=nonce_of(request, "complain"),
        )
        return _(
            "Your complaint was sent. The person who helps you does not see it. You find the answer here."
        )

    return _on_own_page(request, lang, do)


@door_page("POST")
def appeal(request: HttpRequest, lang: str) -> HttpResponse:
    """Not content with the answer."""

    def do(own: Own) -> str:
        which, text = _id(request.POST.get("complaint", "")), request.POST.get("text", "")
        actions.appeal(own=own, complaint_id=which, text=text, nonce=nonce_of(request, "appeal"))
        return _("Somebody else looks at it now.")

    return _on_own_page(request, lang, do)
