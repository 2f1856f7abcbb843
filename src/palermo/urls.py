"""The one URL map: the shell, sign-in, each room under its own name, and the JSON twin under /api/."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

from palermo.kernel.exchange.views import door
from palermo.rooms.observatory.urls import central, openrosa
from palermo.web.api import make

ROOMS = (
    "consents", "identification", "cases", "children", "services", "encounters", "referral", "networks", "door",
    "cooperation", "register", "reconciliation", "statistics", "estimates", "releases", "reports",
    "observatory", "fieldstudies", "assessments", "caselaw", "digest", "treaties", "legislation", "library",
    "thesaurus", "search",
)  # fmt: skip

api = make(
    {
        room: import_module(f"palermo.rooms.{room}.api").router
        for room in ROOMS
        if find_spec(f"palermo.rooms.{room}.api")
    }
)

urlpatterns = [
    path("", include("palermo.web.urls")),
    path("account/", include("palermo.kernel.access.urls")),
    *[path(f"{room}/", include(f"palermo.rooms.{room}.urls")) for room in ROOMS],
    path("api/", api.urls),
    # What field devices store as their server: short, for it is typed by hand where no code can be scanned.
    path("o/", include((openrosa, "openrosa"))),
    # Where partner instances hand in what they send: one address, bytes in, a receipt out.
    path("exchange/", door, name="exchange-door"),
    # Where programs that know ODK Central look for answers: Excel, Power BI, ruODK, pyodk.
    path("v1/", include((central, "central"))),
]
handler400 = "palermo.web.errors.bad_request"
handler403 = "palermo.web.errors.forbidden"
handler404 = "palermo.web.errors.not_found"
handler500 = "palermo.web.errors.server_error"
