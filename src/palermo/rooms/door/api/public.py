"""What a helpline or a ministry's system does for a person, or lets her do: the same limits and walls as on the pages.

No session, no cookie, no account: whoever asks is nobody. Each change carries the token of a form, good once and for
two hours, so that one sent again on a bad line makes one thing. What a code opens is answered with a ticket, good for
half an hour, and a code goes in the body, never in an address. Nothing is written down of who asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.rooms.door import actions, queries
from palermo.rooms.door.api import schemas
from palermo.rooms.door.models import About, AnswerBy, Face, Help, HelpRequest, Urgency
from palermo.rooms.door.queries import Own, texts
from palermo.rooms.services.queries import public_services
from palermo.web.commands import keep_nothing

router = Router(tags=["door"], auth=None)

FIRST = ("hotline", "helpline", "emergency")
OF_REQUEST = ("write", "erase")
OF_PAGE = ("take_back", "answer", "feedback_say", "complain", "appeal")


@contextmanager
def _in(lang: str) -> Iterator[None]:
    if lang not in dict(settings.LANGUAGES):
        raise NotFound()
    require(Viewer.anonymous(), "door.public.view")
    with translation.override(lang):
        yield


def said_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """view(request, response, lang, …): in the language of the address, and not kept by anybody on the way."""

    @wraps(view)
    def answer(request: HttpRequest, response: HttpResponse, lang: str, **kwargs: Any) -> Any:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Language"] = lang
        keep_nothing(
            request
        )  # the forms of the door have numbers of their own; nothing here is anybody's account's
        with _in(lang):
            return view(request, response, lang, **kwargs)

    return answer


def _nonce(request: HttpRequest, token: str, form: str) -> str:
    """The number of the form; a forged, strange or old token is refused, and so is a page of another site."""
    nonce = actions.read_form_token(token, form)
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's own switch for test clients
        return nonce or actions.read_form_token(actions.form_token(form), form) or ""
    if nonce is None or request.headers.get("Sec-Fetch-Site", "") == "cross-site":
        raise Refused(
            _("This form is too old, or it was not given for this. Ask for a new one."), rule="door.form"
        )
    return nonce


def _limit(request: HttpRequest, kind: str, *, spend: bool = True) -> None:
    if not actions.may_try(request, kind):
        raise actions.TooMany()
    if spend:
        actions.spend(request, kind)


# Reading.


@router.get("/{lang}/rights", response=schemas.RightsOut)
@said_in
def door_rights(request: HttpRequest, response: HttpResponse, lang: str) -> dict[str, Any]:
    """Rights, in words to be read out. Anybody may read and pass them on."""
    return {
        "danger": str(texts.DANGER),
        "never": str(texts.NEVER),
        "rights": [str(line) for line in texts.RIGHTS],
        "source": str(texts.RIGHTS_FROM),
    }


@router.get("/{lang}/steps", response=schemas.LinesOut)
@said_in
def door_steps(request: HttpRequest, response: HttpResponse, lang: str) -> dict[str, Any]:
    """What happens when somebody asks for help."""
    return {"lines": [str(line) for line in texts.STEPS], "note": str(texts.STEPS_NOTE)}


@router.get("/{lang}/safety", response=schemas.LinesOut)
@said_in
def door_safety(request: HttpRequest, response: HttpResponse, lang: str) -> dict[str, Any]:
    """Whether the device is safe."""
    return {"lines": [str(line) for line in texts.SAFETY]}


@router.get("/{lang}/services", response=list[schemas.ServiceOut])
@said_in
def door_services(
    request: HttpRequest,
    response: HttpResponse,
    lang: str,
    kind: str = "",
    area: str = "",
    language: str = "",
) -> list[dict[str, Any]]:
    """Helplines first, then public services; by kind, area and language spoken. Never a confidential address."""
    found = public_services(Viewer.anonymous(), kind=kind, area=area, language=language)
    plain = (
        "id", "name", "organisation", "kind", "kind_name", "where", "phone", "website", "address", "around_the_clock",
    )  # fmt: skip
    return [
        {name: getattr(one, name) for name in plain}
        | {"languages": list(one.languages), "open_now": one.is_open}
        for one in sorted(found, key=lambda one: one.kind not in FIRST)
    ]


# Asking, and coming back.


def _choices(listed: Any) -> list[dict[str, str]]:
    return [{"code": code, "words": str(words)} for code, words in listed.choices]


@router.get("/{lang}/ask", response=schemas.AskOut)
@said_in
def door_ask_form(request: HttpRequest, response: HttpResponse, lang: str) -> dict[str, Any]:
    """What is asked, who answers, and the token of one form."""
    desks = queries.desks(Viewer.anonymous())
    return {
        "form": actions.form_token("ask"),
        "desks": [
            {"organisation_id": d.organisation_id, "name": d.name, "languages": list(d.languages)}
            for d in desks
        ],
        "help": _choices(Help),
        "urgency": _choices(Urgency),
        "answer_by": _choices(AnswerBy),
    }


@router.post("/{lang}/requests", response=schemas.CodeOut)
@said_in
def door_ask(request: HttpRequest, response: HttpResponse, lang: str, data: schemas.AskIn) -> dict[str, str]:
    """Ask for help without a name; the answer is a code. The same form sent again gives the same code."""
    nonce = _nonce(request, data.form, "ask")
    if data.answer_by == AnswerBy.PHONE and not data.phone.strip():
        raise actions.AskProblem(_("Write the number, or choose to come back with a code."))
    _limit(request, "ask")
    given = data.dict(exclude={"form"})
    return {"code": actions.ask_for_help(actions.Asked(**given, language=lang), nonce=nonce)}


@router.get("/{lang}/code", response=schemas.FormOut)
@said_in
def door_code_form(request: HttpRequest, response: HttpResponse, lang: str) -> dict[str, str]:
    """The token of the form into which a code is typed."""
    return {"form": actions.form_token("code")}


@router.post("/{lang}/opened", response=schemas.OpenedOut)
@said_in
def door_open(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.CodeIn
) -> dict[str, Any]:
    """What a code opens. Wrong, ended, erased and mistyped codes get one answer, after the same time as a right one."""
    _nonce(request, data.form, "code")
    started = time.monotonic()
    _limit(request, "code", spend=False)
    try:
        found = _opened(actions.hash_of(data.code))
        if found is None:
            actions.spend(request, "code")
            raise Invalid(
                _("This code opens nothing. Look at it again: each sign counts. It may also have ended.")
            )
        return found
    finally:
        actions.even(started)


def _words(said: tuple[queries.Said, ...]) -> list[dict[str, Any]]:
    return [{"at": word.at, "from_person": word.from_person, "text": word.text} for word in said]


def _opened(hashed: bytes, done: str = "") -> dict[str, Any] | None:
    """The request, or the person's own page; None for nothing."""
    found = queries.request_of(hashed)
    own = queries.own_of(hashed) if found is None else None
    if found is None and own is None:
        return None
    names = OF_PAGE if own else OF_REQUEST
    return {
        "done": done,
        "ticket": actions.ticket_for(hashed),
        "forms": {name: actions.form_token(name) for name in names},
        "request": _request(*found) if found else None,
        "page": _page(own) if own else None,
    }


def _request(about: HelpRequest, said: tuple[queries.Said, ...]) -> dict[str, Any]:
    return {
        "state": about.state,
        "organisation": about.organisation.name,
        "help": list(about.help),
        "said": _words(said),
    }


def _page(own: Own) -> dict[str, Any]:
    shared = ("purpose", "question", "covers", "to", "until")
    return {
        "consents": [
            {name: getattr(row, name) for name in (*shared, "state", "consent_id")} for row in own.ledger
        ],
        "questions": [
            {name: getattr(row, name) for name in shared} | {"question_id": row.pk} for row in own.questions
        ],
        "complaints": [
            {"complaint_id": row.pk, "about": row.about, "state": row.state, "said": _words(said)}
            for row, said in own.answers
        ],
        "faces": _choices(Face),
        "about": _choices(About),
    }


# Behind a code: each with its ticket, and answered with how things stand then.


def _behind(request: HttpRequest, data: schemas.Behind, form: str) -> tuple[bytes, str]:
    """The code's hash and the number of the form. A ticket that is too old changes nothing."""
    nonce = _nonce(request, data.form, form)
    hashed = actions.read_ticket(data.ticket)
    if hashed is None or queries.find(hashed) is None:
        raise Conflict(
            _("This was open for too long. Nothing was changed. Send the code again."), rule="door.ticket"
        )
    _limit(request, "write")
    return hashed, nonce


def _asked(hashed: bytes) -> HelpRequest:
    found = queries.request_of(hashed)
    if found is None:
        raise Conflict(_("This code does not open a request."), rule="door.ticket")
    return found[0]


def _own(hashed: bytes) -> Own:
    own = queries.own_of(hashed)
    if own is None:
        raise Conflict(_("This code does not open a person's own page."), rule="door.ticket")
    return own


def _then(hashed: bytes, done: str) -> dict[str, Any]:
    return _opened(hashed, done) or {}


@router.post("/{lang}/words", response=schemas.OpenedOut)
@said_in
def door_write(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.WordsIn
) -> dict[str, Any]:
    """A further word in the request."""
    hashed, nonce = _behind(request, data, "write")
    actions.write_again(code=hashed, request=_asked(hashed), text=data.text, nonce=nonce)
    return _then(hashed, _("Sent."))


@router.post("/{lang}/erasure", response=schemas.ErasedOut)
@said_in
def door_erase(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.EraseIn
) -> dict[str, str]:
    """Close and erase, at once and for good; `sure` must be true."""
    hashed, _nonce_of_it = _behind(request, data, "erase")
    if not data.sure:
        raise Invalid(_("Tick the box to erase everything."))
    actions.erase_request(request=_asked(hashed))
    return {"done": _("Your words, the answers and the telephone are gone. You can ask again at any time.")}


@router.post("/{lang}/withdrawals", response=schemas.OpenedOut)
@said_in
def door_take_back(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.TakeBackIn
) -> dict[str, Any]:
    """A consent ends now, and so does what relied on it."""
    hashed, _nonce_of_it = _behind(request, data, "take_back")
    actions.take_back(own=_own(hashed), consent_id=data.consent_id)
    return _then(hashed, _("Taken back. Nothing more is told for this purpose. You are helped as before."))


@router.post("/{lang}/answers", response=schemas.OpenedOut)
@said_in
def door_answer(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.AnswerIn
) -> dict[str, Any]:
    """Yes or no to a question of consent."""
    hashed, _nonce_of_it = _behind(request, data, "answer")
    actions.answer_question(own=_own(hashed), question_id=data.question_id, yes=data.yes, language=lang)
    return _then(hashed, _("Your answer is written down. You can change it here at any time."))


@router.post("/{lang}/feedback", response=schemas.OpenedOut)
@said_in
def door_say(request: HttpRequest, response: HttpResponse, lang: str, data: schemas.FaceIn) -> dict[str, Any]:
    """How the help is: good, middling or bad, and words. Who helps does not see it."""
    hashed, nonce = _behind(request, data, "feedback_say")
    actions.say_how_it_was(own=_own(hashed), face=data.face, text=data.text, nonce=nonce)
    return _then(hashed, _("Thank you. The person who helps you does not see this."))


@router.post("/{lang}/complaints", response=schemas.OpenedOut)
@said_in
def door_complain(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.ComplaintIn
) -> dict[str, Any]:
    """A complaint, to somebody who does not work with the one who helps."""
    hashed, nonce = _behind(request, data, "complain")
    actions.complain(
        own=_own(hashed), about=data.about, outside=data.outside, text=data.text, language=lang, nonce=nonce
    )
    return _then(
        hashed,
        _("Your complaint was sent. The person who helps you does not see it. You find the answer here."),
    )


@router.post("/{lang}/appeals", response=schemas.OpenedOut)
@said_in
def door_appeal(
    request: HttpRequest, response: HttpResponse, lang: str, data: schemas.AppealIn
) -> dict[str, Any]:
    """Not content with the answer: somebody else looks at it."""
    hashed, nonce = _behind(request, data, "appeal")
    actions.appeal(own=_own(hashed), complaint_id=data.complaint_id, text=data.text, nonce=nonce)
    return _then(hashed, _("Somebody else looks at it now."))
