"""Pages that belong to no room: the start, the home page per role, the public page, about and safety."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.web import room
from palermo.web.context import THEME_COOKIE, THEMES
from palermo.web.deadlines import lines, table_of
from palermo.web.home import home_for

A_YEAR = 365 * 24 * 3600
NEUTRAL_PAGE = "https://www.wikipedia.org/"


def viewer_of(request: HttpRequest) -> Viewer:
    return getattr(request, "viewer", None) or Viewer.anonymous()


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The front door: work for those who are signed in, the public page for everybody else."""
    return redirect("web:home") if viewer_of(request).is_person else public(request)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due, and what the viewer's roles open."""
    viewer = viewer_of(request)
    if not viewer.is_person:
        return redirect_to_login(reverse("web:home"))
    require(viewer, "web.home.view")
    return render(request, "web/home.html", {"home": home_for(viewer, whole="all" in request.GET)})


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """How the time limits are kept in the country: counts by kind, for coordinators."""
    return render(request, "web/deadlines.html", {"table": table_of(lines(viewer_of(request)))})


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What this site is, and what has been published."""
    viewer = viewer_of(request)
    require(viewer, "web.public.view")
    found = {"published": room.published_for(viewer), "help_url": room.help_address(get_language() or "en")}
    return render(request, "web/public_home.html", found)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    require(viewer_of(request), "web.public.view")
    return render(request, "web/about.html")


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """To a page that says nothing. Choices and cached pages go; a session of staff is left as it is."""
    response = HttpResponseRedirect(getattr(settings, "PALERMO_NEUTRAL_PAGE", NEUTRAL_PAGE))
    response["Referrer-Policy"] = "no-referrer"
    if not viewer_of(request).is_person:
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        response.delete_cookie(THEME_COOKIE)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


# Light or dark and the language are no secret of anybody's and change nothing for others: without a token, so that a
# visitor of the public pages gets no cookie before choosing something.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language, and go back to where the person was."""
    return set_language(request)


@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the device has it, and go back to where the person was."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("web:start")
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("theme")) in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Strict", secure=request.is_secure(), httponly=True
        )
    return response


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """After a confirmation in another tab: the form that waits there goes on by itself. The same for everybody."""
    return render(request, "web/confirmed.html")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the server answers and its database too: two words, and nothing about either."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
