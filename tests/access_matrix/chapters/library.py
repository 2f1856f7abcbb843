"""A paper that the coordinator has drafted, with a file; an authority with a contact."""

import io
from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.library import actions


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    paper = {"palermo_id": "matrix-paper", "kind": "manual", "language": "en", "titles": {"en": "A manual"}}
    body = {
        "ref": "matrix-authority", "kind": "extradition", "country": "FRA", "body": "Office of D1",
        "phone": "+00 000", "checked_on": "2020-01-01",
    }  # fmt: skip
    with acting(people.coordinator.viewer) as viewer:
        item = actions.write_item(actor=viewer, values=paper)
        file = actions.add_file(
            actor=viewer, item=item, language="en", name="a.txt", content=io.BytesIO(b"Some words."),
            expected_version=item.version,
        )  # fmt: skip
        actions.keep_authority(actor=viewer, values=body)
    return {"library_draft": item.pk, "library_file": file.pk}
