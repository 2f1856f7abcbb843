"""The addresses of palermo, the page of every component, and views that fail in every way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import include, path

from palermo.kernel import errors
from palermo.urls import handler400, handler403, handler404, handler500
from palermo.urls import urlpatterns as palermo_urls
from palermo.web import styleguide

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


STALE = errors.Stale(
    "Somebody else saved first.", base={"risk": "medium"}, mine={"risk": "high"}, theirs={"risk": "low"}
)
FAILURES = {
    "refused": errors.Refused("Your role does not include this.", rule="x.y.z"),
    "foreign": errors.NotFound("This secret sentence is about a real object."),
    "conflict": errors.Conflict("A closed case takes no notes.", state="closed"),
    "stale": STALE,
    "invalid": errors.Invalid(
        "No.", problems=(errors.FieldProblem("day", "The day is in the future.", "future"),)
    ),
    "step-up": errors.StepUpNeeded("Please confirm that it is you."),
    "broken": RuntimeError("a fault of ours"),
}
urlpatterns = [
    *palermo_urls,
    path("styleguide/", styleguide.components),
    path("styleguide/errors/<int:status>/", styleguide.error),
    path("fail/", include([path(f"{name}/", raising(error)) for name, error in FAILURES.items()])),
    path("api/fail/", include([path(f"{name}/", raising(error)) for name, error in FAILURES.items()])),
    path("fail/bare/", lambda request: HttpResponseNotAllowed(["POST"])),
]
