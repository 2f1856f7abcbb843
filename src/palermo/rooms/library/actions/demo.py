"""The library of the invented country: the shipped metadata, a guide that waits for a second person, a directory."""

import io
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.papers import starter
from palermo.papers.reading import Row
from palermo.rooms.library.actions.authorities import bring_in_authorities
from palermo.rooms.library.actions.filing import add_file
from palermo.rooms.library.actions.importing import bring_in
from palermo.rooms.library.actions.judging import submit
from palermo.rooms.library.actions.writing import write_item

GUIDE = {
    "palermo_id": "palermia-referral-guide", "kind": "guidance", "language": "en", "year": 2025,
    "titles": {
        "en": "Referral in Palermia: a guide for first responders",
        "fr": "L’orientation en Palermia : guide pour les premiers intervenants",
        "ar": "الإحالة في باليرميا: دليل للمستجيبين الأوائل",
    },
    "summaries": {
        "en": "An invented guide of an invented country: whom to call, what to ask, what not to promise.",
        "fr": "Guide inventé d’un pays inventé : qui appeler, que demander, que ne pas promettre.",
        "ar": "دليل مختلق لبلد مختلق: بمن تتصل وماذا تسأل وبماذا لا تَعِد.",
    },
    "bodies": ["National Coordinator of Palermia"], "languages": ["en"], "licence": "Invented; no terms.",
    "concepts": ["referral_mechanism", "identification_of_victims"],
}  # fmt: skip
TEXT = """This guide is invented. It belongs to a country that does not exist.

Speak with the person alone, in a language that she chose, and sit where nobody hears you. Say who you are.
Never promise a residence permit. Say what happens next, and that she may say no.
Call the lantern line at any hour; it answers in eleven languages.
"""
DESKS = (
    ("xpa-mla", "mutual_legal_assistance", "Ministry of Justice of Palermia, Desk of Letters", "en;fr",
     "direct;diplomatic"),
    ("xpa-extradition", "extradition", "Ministry of Justice of Palermia, Desk of Extradition", "en", "diplomatic"),
    ("xpa-sea", "smuggling_by_sea", "Coast Guard of Palermia, Duty Desk", "en;ar", "direct;electronic"),
    ("xpa-nrm", "referral_coordinator", "National Coordinator of Palermia", "en;fr;ar", "electronic;post"),
)  # fmt: skip


def demo_library(*, cast: Any) -> None:
    """What the shipped collection holds is real and unchecked; everything else here is invented."""
    desks = [
        {
            "ref": ref, "kind": kind, "country": "XPA", "body": body, "accepts": accepts, "channels": channels,
            "source": "Invented", "phone": "+00 000 0000", "email": f"{ref}@palermia.example",
            "checked_on": "" if ref == "xpa-extradition" else "2026-01-15",
        }
        for ref, kind, body, accepts, channels in DESKS
    ]  # fmt: skip
    with acting(Viewer.operator()) as viewer:
        bring_in(actor=viewer, rows=[Row(n, 0, one) for n, one in enumerate(starter(), 1)])
        lines: list[Row] = [Row(n, 0, dict(one)) for n, one in enumerate(desks, 1)]
        bring_in_authorities(actor=viewer, rows=lines)
    with acting(cast.coordinator.viewer) as viewer:
        item = write_item(actor=viewer, values=GUIDE)
        add_file(
            actor=viewer, item=item, language="en", name="guide.txt", content=io.BytesIO(TEXT.encode()),
            expected_version=item.version,
        )  # fmt: skip
        submit(actor=viewer, item=item, expected_version=item.version)
