"""Writing without a link: the page on which drafts are kept, encrypted, on the person's own device.

The page holds no data of anybody: it is the same for every visitor of one language, so that the service worker may
keep it. What it shows it reads from the device, after the person has opened it there; how, is in docs/decisions/0014.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.web.context import theme_of
from palermo.web.draft_words import words
from palermo.web.room import Words, rooms

LONGEST = 60  # days; a device is not an archive


@dataclass(frozen=True, slots=True)
class DraftForm:
    """One kind of thing that may be written without a link, as a room declares it.

    version: of the form; a draft of another version is shown again before it is sent. address: where the JSON twin
    takes it. html: the empty fields; a name with "/" is a path into what is sent. title_field: the field by which a
    draft is recognised in the list, or several: the first that is filled in. missing: what is said when what it is
    about is not there for its author. subject: address before the key of what it is about, from which `base` is read
    when there is a link, and subject_field the field that then takes its code.
    """

    kind: str
    title: Words
    new: Words
    version: str
    address: str
    html: str
    title_field: str = ""
    subject: str = ""
    subject_field: str = ""
    base: Sequence[str] = ()
    missing: Words = ""

    @property
    def base_fields(self) -> str:
        return " ".join(self.base)

    @property
    def named_by(self) -> str:
        return self.title_field or self.subject_field


def draft_forms() -> list[DraftForm]:
    """What every room lets a person write without a link, in the language of the page."""
    found: list[DraftForm] = []
    for room in rooms():
        if room.drafts:
            found.extend(import_string(room.drafts)())
    return found


def require_form(current: str, given: str) -> None:
    """Raise Conflict when a draft was written on a form that has changed since: its author looks at it once more."""
    if current != given:
        raise Conflict(
            _(
                "The form has changed since you wrote this. Open the draft, look through it and send it again."
            ),
            rule="drafts.form",
            state=current,
        )


def days() -> int:
    """For how many days a draft stays on a device; 0: this site allows none."""
    return min(settings.PALERMO_DRAFT_DAYS, LONGEST)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page of drafts. Rendered without the request: nothing of the visitor can reach what a device keeps."""
    if not days():
        raise NotFound()
    return HttpResponse(_page(get_language() or settings.LANGUAGE_CODE, theme_of(request)))


def _page(language: str, theme: str) -> str:
    forms = draft_forms()
    stamp = hashlib.sha256(
        "|".join([settings.PALERMO_VERSION, *(f.kind + f.version for f in forms)]).encode()
    )
    return render_to_string(
        "web/drafts.html",
        {
            "forms": forms,
            "days": days(),
            "words": words(),
            "theme": theme,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "LANGUAGE_CODE": language,
            "palermo_version": settings.PALERMO_VERSION,
            "stamp": f"{stamp.hexdigest()[:16]}-{language}",
        },
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it can stand in for any page that the link does not bring."""
    if not days():
        raise NotFound()
    root = staticfiles_storage.url("palermo/icon.svg").rpartition("palermo/")[0]
    text = f"self.palermo = {{ root: '{root}', page: '{reverse('web:drafts')}' }};\n{_source()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _source() -> str:
    return (Path(__file__).parent / "static" / "palermo" / "dist" / "worker.js").read_text(encoding="utf-8")


@require_safe
def link(request: HttpRequest) -> HttpResponse:
    """Whether there is a link and a live session; for the person it says under which pseudonym his drafts are kept.

    half: the server's key for this device, without which (or the person's passphrase) the device opens nothing.
    It is derived anew each time and stored nowhere.
    """
    viewer = getattr(request, "viewer", None)
    if viewer is None or not viewer.is_person:
        return JsonResponse({"signed_in": False})
    found = {
        "signed_in": True,
        "allowed": bool(days()) and can(viewer, "web.draft.keep"),
        "owner": owner_of(viewer),
        # Whether who it is was confirmed a moment ago: a form that was kept open for it goes on then.
        "confirmed": viewer.stepped_up,
        "token": get_token(request),
        "days": days(),
    }
    if found["allowed"] and (device := _uuid(request.GET.get("device", ""))):
        found["half"] = base64.b64encode(_derived(f"half|{viewer.user_id}|{device}")).decode()
    return JsonResponse(found)


def owner_of(viewer: Viewer) -> str:
    """The pseudonym under which a person's words lie on a device; no two people have the same."""
    return _derived(f"owner|{viewer.user_id}").hex()[:32]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _derived(about: str) -> bytes:
    return hmac.new(_drafts_key(str(settings.PALERMO_KEYS_DIR)), about.encode(), hashlib.sha256).digest()


@cache
def _drafts_key(directory: str) -> bytes:
    from palermo.kernel.vault.keys import open_keyring

    return open_keyring(Path(directory), create=True).purpose_key("context", "drafts")
