"""The line icons of the shell: a chosen few of Tabler Icons (MIT), as path data, drawn inline."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

# These point along the line of text and turn round with it.
MIRRORED = {"arrow-left", "arrow-right", "arrow-up-right", "chevron-left", "chevron-right", "login", "logout"}
MIRRORED |= {
    "door-exit",
    "external-link",
    "file-export",
    "file-import",
    "list",
    "list-check",
    "list-details",
    "send",
}


@cache
def shapes() -> dict[str, str]:
    """Path data by name."""
    found: dict[str, str] = json.loads((Path(__file__).parent / "icons.json").read_text())
    return found


def draw_icon(name: str) -> SafeString:
    """One decorative icon: the words beside it carry the meaning. An unknown name is drawn as a point."""
    known = shapes()
    cls = f"icon icon-{name}" + (" icon-mirrors" if name in MIRRORED else "")
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        cls,
        known.get(name, known["point"]),
    )
