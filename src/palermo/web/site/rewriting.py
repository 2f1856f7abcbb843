"""A page as the application sends it, made to stand alone in a folder: relative links, its own policy, no forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from palermo.web.site.asking import origin

LINK = re.compile(r'(?P<before>\s(?:href|src)=")(?P<address>[^"]*)(?P<after>")')
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
HEAD = f'<meta charset="utf-8">\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}">'
LANGUAGE = "language:"  # a link to the same page in another language, as the template writes it

Leads = Callable[[str], str | None]


def rewritten(text: str, base: str, leads: Leads, address: str) -> str:
    """`leads`: an address of this site -> what stands in its place (None: it is not part of the folder).

    A link that leads to nothing in the folder loses its address and stays as words. `address`: where the folder will
    be served from, for the addresses that are printed; "" where nobody said.
    """

    def changed(found: re.Match[str]) -> str:
        told = unescape(found["address"])
        if told.startswith(LANGUAGE):
            target = leads(told)
        elif not (path := inside(told, base)):
            return found[0]
        else:
            target = leads(path)
        if target is None:
            return ""
        return f"{found['before']}{escape(target)}{found['after']}"

    text = LINK.sub(changed, text)
    text = text.replace('<meta charset="utf-8">', HEAD, 1)
    return text.replace(origin(), address.rstrip("/"))


def inside(told: str, base: str) -> str:
    """The path, question and place on the page of a link inside this site; "" for one that leads elsewhere."""
    if told.startswith("#") or not told:
        return ""
    whole = urljoin(origin() + base, told)
    if not whole.startswith(origin() + "/"):
        return ""
    return urlsplit(whole)._replace(scheme="", netloc="").geturl()
