"""Headers that keep what was read from staying behind, in caches or in the logs of other sites."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class PrivacyHeadersMiddleware:
    """Nothing that Django renders is kept by a browser or a proxy, unless the view said otherwise.

    Static files are served before this and keep their own headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Robots-Tag", "noarchive")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
