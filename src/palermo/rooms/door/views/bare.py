"""A page for the person: language by its address, no cookie read or set, no referrer, nothing kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.rooms.door import actions

View = Callable[..., HttpResponse]


def door_page(*methods: str) -> Callable[[View], View]:
    """Wraps a view(request, lang, ...): the language of the address, our own proof of the form, and the headers.

    Django's token of forms lives in a cookie, so these pages have their own (`actions.codes`). A form that comes from
    another site says so itself in every browser of today, and is refused before its token is looked at.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, lang: str, **kwargs: Any) -> HttpResponse:
            if lang not in dict(settings.LANGUAGES):
                raise NotFound()
            require(Viewer.anonymous(), "door.public.view")
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            with translation.override(lang):
                if request.method == "POST" and not _is_ours(request, view.__name__):
                    answer = show(request, lang, "refused", {}, status=403)
                else:
                    answer = _answered(view, request, lang, kwargs)
                answer.headers["Content-Language"] = lang
            answer.headers["Referrer-Policy"] = "no-referrer"
            answer.headers["Cache-Control"] = "no-store"
            answer.headers["X-Robots-Tag"] = "noarchive"
            return answer

        return csrf_exempt(sensitive_post_parameters()(page))

    return wrap


def _answered(view: View, request: HttpRequest, lang: str, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, lang, **kwargs)
    except (Conflict, Invalid) as problem:
        answer = show(request, lang, "sorry", {"problem": problem.message}, status=problem.status)
        answer.roll_back = True  # type: ignore[attr-defined]
        return answer


def _is_ours(request: HttpRequest, form: str) -> bool:
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's own switch for test clients
        return True
    if request.headers.get("Sec-Fetch-Site", "") == "cross-site":
        return False
    return actions.read_form_token(request.POST.get("form", ""), form) is not None


def nonce_of(request: HttpRequest, form: str) -> str:
    """The number of the form that was sent; a new one where a test sends none."""
    found = actions.read_form_token(request.POST.get("form", ""), form)
    return found or actions.read_form_token(actions.form_token(form), form) or ""


def show(
    request: HttpRequest, lang: str, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the door, with what all of them need. Nothing of the session or of who is signed in."""
    here = request.resolver_match.url_name if request.resolver_match else "rights"
    shared = {
        "lang": lang,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "languages": [(code, translation.get_language_info(code)) for code, _name in settings.LANGUAGES],
        # A page that was the answer to a form has no address of its own to be shown in another language.
        "here": f"door:{here}" if request.method == "GET" else "door:code",
    }
    return render(request, f"door/{name}.html", {**shared, **context}, status=status)


def slowly(request: HttpRequest, lang: str) -> HttpResponse:
    """Too many tries on this line, or in the whole house."""
    return show(request, lang, "sorry", {"problem": actions.TooMany().message}, status=429)
