"""What pages load: style sheets, scripts, icons, fonts, with what style sheets load in turn."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders

from palermo.web.site import places

INSIDE = re.compile(rb"url\(\s*['\"]?(?!data:|#|https?:)([^'\")]+)['\"]?\s*\)")


def gathered(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each file under its place in the folder. What style sheets name lies beside them as it does on the server."""
    waiting, met = sorted(set(paths)), set(paths)
    while waiting:
        path = waiting.pop()
        body = _read(path)
        yield places.asset(path), body
        if path.endswith(".css"):
            for name in INSIDE.findall(body):
                inner = posixpath.normpath(
                    posixpath.join(
                        posixpath.dirname(path), unquote(name.decode()).split("#")[0].split("?")[0]
                    )
                )
                if inner not in met:
                    met.add(inner)
                    waiting.append(inner)


def _read(path: str) -> bytes:
    """A static file: as gathered for the server, or from the sources where none were gathered yet."""
    name = unquote(path[len(settings.STATIC_URL) :])
    kept = Path(settings.STATIC_ROOT) / name
    if kept.is_file():
        return kept.read_bytes()
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"a page loads {path}, which is not there")
    return Path(str(found)).read_bytes()
