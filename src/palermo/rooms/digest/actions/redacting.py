"""Names that are taken out of a case go out of its findings and of every edition. They are kept nowhere."""

import hashlib
from typing import Any

from palermo.judgments.redaction import cleaned, occurrences, without
from palermo.kernel.exports.writers import json_bytes
from palermo.rooms.digest.models import Edition, Finding

WORDS = ("note", "quote", "translation", "pinpoint")


def fingerprint(content: Any) -> str:
    """SHA-256 of the content as it leaves as JSON."""
    return hashlib.sha256(json_bytes(content)).hexdigest()


def take_out(sender: Any, *, case: Any, names: tuple[str, ...], **_more: Any) -> tuple[int, int]:
    """Called inside the transaction that redacts the case. Returns in how many places they stood before and after."""
    before = after = 0
    for one in Finding.objects.filter(case=case):
        count = sum(occurrences(getattr(one, name), names) for name in WORDS)
        if count:
            values: dict[str, Any] = {name: without(getattr(one, name), names) for name in WORDS}
            one.change({**values, "redactions": one.redactions + 1}, expected_version=one.version)
            after += sum(occurrences(getattr(one, name), names) for name in WORDS)
        before += count
    for edition in Edition.objects.all():
        count = occurrences(edition.content, names)
        if count:
            edition.content = cleaned(edition.content, names)
            edition.sha256, edition.redactions = fingerprint(edition.content), edition.redactions + 1
            edition.save(update_fields=["content", "sha256", "redactions"])
            after += occurrences(edition.content, names)
        before += count
    return before, after
