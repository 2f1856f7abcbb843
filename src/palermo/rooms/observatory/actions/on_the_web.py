"""Which forms a browser can fill in: what the renderer cannot do safely is refused with a sentence."""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from palermo.rooms.observatory.actions.schema import XF
from palermo.rooms.observatory.models import FormVersion

MAPS = {"map", "maps", "placement-map"}
DRAWN = {"geotrace", "geoshape"}


def unfit_for_the_web(version: FormVersion) -> str:
    """Why this form is not for the browser; empty where it is."""
    top = fromstring(bytes(version.xml), forbid_dtd=True)
    if any(one.get("base64RsaPublicKey") for one in top.iter(f"{XF}submission")):
        return _(
            "This form demands that its answers are encrypted on the device. A browser does not do that here: "
            "fill it in with ODK Collect or KoboCollect."
        )
    if any(_asks_for_a_map(one) for one in top.iter()):
        return _(
            "This form has a question on a map. Maps come from servers elsewhere, which would learn where you are: "
            "fill it in with ODK Collect or KoboCollect, or take the map out of the form."
        )
    return ""


def asks_for_the_place(version: FormVersion) -> bool:
    """Whether a question may ask the browser where it is (a geopoint without a map)."""
    return any(field["type"] == "geopoint" for field in version.schema["fields"])


def _asks_for_a_map(element: Element) -> bool:
    kind = element.get("type", "").rpartition(":")[2]
    if element.tag == f"{XF}bind" and kind in DRAWN:
        return True
    return not MAPS.isdisjoint(element.get("appearance", "").split())
