"""The key of a project: every body draws a share, the shares are joined, the fingerprint is read aloud."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.private import keys
from palermo.linkage.private.parameters import Unusable
from palermo.linking.keeping import content, kept, refused

Said = tuple[dict[str, Any], str]
WIDTH = 96


def share(out: Path, project: str, body: str, fields: Sequence[str]) -> Said:
    """Writes one body's share."""
    try:
        made = keys.draw_share(project, body, fields, secrets.token_bytes(keys.SIZE))
    except Unusable as error:
        raise refused("", error) from None
    kept(out, made.to_text().encode(), new=True)
    text = (
        f"A share for the project “{made.project}” is in {out}. Bring it to the other bodies by a way that nobody else "
        "sees; whoever has all shares has the key."
    )
    return {"project": made.project, "body": made.body, "fields": list(made.fields), "file": str(out)}, fill(
        text, WIDTH
    )


def join(files: Sequence[Path], out: Path) -> Said:
    """Writes the key of all shares."""
    shares, wrong = [], []
    for file in files:
        try:
            shares.append(keys.Share.from_text(content(file).decode("utf-8", "replace")))
        except Unusable as error:
            wrong.append((str(file), Problem("share", str(error))))
    if wrong:
        raise Refused(wrong)
    try:
        made = keys.join(shares)
    except Unusable as error:
        raise refused("", error) from None
    kept(out, made.to_text().encode(), new=True)
    text = (
        f"The key of {len(shares)} shares for the project “{made.project}” is in {out}. Its fingerprint is\n\n"
        f"    {made.fingerprint}\n\nRead it to the other bodies: all must have the same. Delete the shares now, "
        "and the key when the lists are matched."
    )
    found = {
        "project": made.project, "fields": list(made.fields), "bodies": list(made.bodies), "shares": len(shares),
        "fingerprint": made.fingerprint, "file": str(out),
    }  # fmt: skip
    return found, text
