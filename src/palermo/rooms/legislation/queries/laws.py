"""Laws and their wordings: those that are published for everybody, drafts for the colleagues of the room."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.legislation import Difference, LawText, Provision, compare
from palermo.rooms.legislation.models import Law, Reading, Reviewed, State, Wording
from palermo.standards.countries import find_country
from palermo.web.room import Tile

MODELS: dict[str, type[Reviewed]] = {"law": Law, "wording": Wording, "reading": Reading}
MOST = 300


def public_laws(viewer: Viewer, *, country: str = "", query: str = "") -> list[Law]:
    """Published laws by country; with a query those whose title or published text holds every word of it."""
    require(viewer, "legislation.public.view")
    rows = Law.objects.filter(state=State.PUBLISHED)
    if country:
        rows = rows.filter(country=country)
    for word in query.lower().split()[:8]:
        texts = (
            Wording.objects.filter(state=State.PUBLISHED)
            .annotate(low=Lower("body"))
            .filter(low__contains=word)
        )
        rows = rows.filter(pk__in=texts.values("law_id")) | rows.filter(title__icontains=word)
    return list(rows.distinct().order_by("country", "-adopted", "uri")[:MOST])


def public_law(viewer: Viewer, law_id: UUID) -> Law:
    """A law that was published, and is or was withdrawn; its drafts are for colleagues alone."""
    require(viewer, "legislation.public.view")
    found = Law.objects.filter(pk=law_id).first()
    if found is None or (found.state not in (State.PUBLISHED, State.WITHDRAWN) and not _inside(viewer)):
        raise NotFound()
    return found


def _inside(viewer: Viewer) -> bool:
    return can(viewer, "legislation.record.view")


def law_by_uri(viewer: Viewer, uri: str) -> Law | None:
    """A published law by its FRBR address; None where there is none."""
    require(viewer, "legislation.public.view")
    return Law.objects.filter(uri=uri, state=State.PUBLISHED).first()


def wordings_of(viewer: Viewer, law: Law) -> list[Wording]:
    """Every wording that the viewer may read, the latest first."""
    require(viewer, "legislation.public.view")
    rows = law.wordings.exclude(state=State.WITHDRAWN)
    return list(rows if _inside(viewer) else rows.filter(state=State.PUBLISHED))


def at(wordings: Sequence[Wording], on: date, language: str = "") -> Wording | None:
    """The wording that stood on a day, in that language if there is one, else in the original."""
    stood = [
        one
        for one in wordings
        if one.state == State.PUBLISHED
        and one.valid_from <= on
        and (one.valid_to is None or on <= one.valid_to)
    ]
    stood.sort(
        key=lambda one: (one.language != language, one.translation != "original", -one.valid_from.toordinal())
    )
    return stood[0] if stood else None


def provisions(wording: Wording) -> tuple[Provision, ...]:
    """What it was cut into."""
    return tuple(Provision(**one) for one in wording.provisions)


def law_text(law: Law, wording: Wording) -> LawText:
    """The wording as it goes into a document."""
    found = find_country(law.country)
    short = (found.alpha2 or law.country) if found else law.country
    title = law.title if wording.language == law.language else law.titles.get(wording.language, law.title)
    return LawText(
        uri=law.uri, country=short, language=wording.language, title=title, number=law.number, date=law.adopted,
        valid_from=wording.valid_from, provisions=provisions(wording),
    )  # fmt: skip


def compared(old: Wording, new: Wording) -> list[Difference]:
    """What differs between two wordings."""
    return compare(provisions(old), provisions(new))


def mine(viewer: Viewer) -> dict[str, QuerySet[Reviewed]]:
    """What is not public yet, by kind; what waits for a second person first."""
    require(viewer, "legislation.record.view")
    waiting = (State.DRAFT, State.IN_REVIEW)
    return {
        kind: model._default_manager.filter(state__in=waiting).order_by("-state", "-updated_at")[:MOST]
        for kind, model in MODELS.items()
    }


def record_of(viewer: Viewer, kind: str, key: UUID) -> Reviewed:
    """A law, wording or reading in any state, for the colleagues of the room."""
    model = MODELS.get(kind)
    if model is None or not _inside(viewer):
        raise NotFound()
    found = model._default_manager.filter(pk=key).first()
    if found is None:
        raise NotFound()
    return found


def country_name(code: str, language: str) -> str:
    """A State's name in that language."""
    found = find_country(code)
    return found.name(language) if found else code


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The way in from the public front page, once a law is published."""
    if not can(viewer, "legislation.public.view") or not Law.objects.filter(state=State.PUBLISHED).exists():
        return []
    words = _("What States' laws say, beside what the Protocols ask.")
    return [
        Tile(label=_("Legislation"), value="", url=reverse("legislation:public"), note=words, icon="gavel")
    ]
