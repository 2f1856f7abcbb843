"""Where an address of the site lies in the folder, and which addresses belong to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.urls import reverse

from palermo.web.room import rooms

SAFE = re.compile(r"[^\w.-]+", re.ASCII)


def starts() -> tuple[str, ...]:
    """The pages from which everything that is public can be reached: the shell's and those that rooms declare."""
    named = (name for room in rooms() for name in room.public)
    return (reverse("web:public"), reverse("web:about"), *(reverse(name) for name in named))


def belongs(path: str, begins: Iterable[str]) -> bool:
    """Whether an address is one of the public ones: below a page of a room, or one of the shell's two."""
    own = {reverse("web:start"), reverse("web:public"), reverse("web:about")}
    return path in own or any(path.startswith(begin) for begin in begins if begin not in own)


def is_asset(path: str) -> bool:
    return path.startswith(settings.STATIC_URL)


def asset(path: str) -> str:
    """A file that pages load: the same for all languages."""
    return posixpath.join("static", unquote(path[len(settings.STATIC_URL) :]))


def page(language: str, address: str) -> str:
    """The file of a page: fr/statistics/public/glotip/index.html; with a question, in a folder named by it."""
    parts = urlsplit(address)
    path = "/" if parts.path == reverse("web:public") else parts.path
    steps = [SAFE.sub("-", step) for step in unquote(path).split("/") if step]
    asked = [SAFE.sub("-", f"{key}-{value}") for key, value in sorted(parse_qsl(parts.query))]
    return posixpath.join(language, *steps, *asked, "index.html")


def kept(language: str, address: str, name: str) -> str:
    """The file of a download, under the name that a browser would give it."""
    return posixpath.join(posixpath.dirname(page(language, address)), SAFE.sub("-", name))


def normal(address: str) -> str:
    """One address for one page: without the part that names a place on it, empty questions left out."""
    parts = urlsplit(address)
    asked = "&".join(f"{key}={value}" for key, value in sorted(parse_qsl(parts.query)))
    path = reverse("web:public") if parts.path == reverse("web:start") else parts.path
    return path + (f"?{asked}" if asked else "")


def between(here: str, there: str) -> str:
    """The way from one file to another."""
    return posixpath.relpath(there, posixpath.dirname(here) or ".")
