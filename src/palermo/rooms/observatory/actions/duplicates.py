"""The same interview from two devices: known by a keyed hash of its answers, which tells nothing without the key."""

import hmac
import json
from typing import Any
from xml.etree.ElementTree import Element

from palermo.kernel.access.context import proof
from palermo.kernel.database.locks import take_turns
from palermo.rooms.observatory.actions.instances import leaves
from palermo.rooms.observatory.models import ReviewState, Submission

LEAST_ANSWERS = 6  # fewer are alike by chance: two men of thirty who came by sea


def content_mark(submission: Submission, schema: dict[str, Any], root: Element) -> bytes:
    """The mark of what was answered, without what every device writes itself; empty where there is too little."""
    own = {one["path"] for one in schema["fields"] if one["preload"] or not one["control"]}
    said = [
        [path, text] for path, text in leaves(root) if text and path not in own and not path.startswith("/meta/")
    ]  # fmt: skip
    if len(said) < LEAST_ANSWERS:
        return b""
    text = json.dumps([str(submission.form_id), said], ensure_ascii=False)
    return hmac.digest(proof("observatory content"), text.encode(), "sha256")


def came_before(submission: Submission) -> bool:
    """Whether another record of the form holds the same answers. Two that are read at once wait for one another."""
    if not submission.content_mark:
        return False
    take_turns(submission.content_mark.hex())
    rows = Submission.objects.filter(form_id=submission.form_id, content_mark=submission.content_mark)
    return rows.exclude(pk=submission.pk).exclude(state=ReviewState.WITHDRAWN).exists()
