"""Releases as those see them who prepare and judge them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.disclosure.risk.wording import NAMES
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.jobs import progress
from palermo.kernel.workflow.models import Transition
from palermo.rooms.releases.models import Check, Product, Release, ReleaseFile, Review
from palermo.standards.workflows import machine
from palermo.web.releasable import Offer, sources
from palermo.web.room import Due

MOST_COMPARED = 4
# What may stand in a row of synthetic microdata: columns of the register whose codes are on a public list.
COLUMNS = (
    "year",
    "sex",
    "majority",
    "age_band",
    "citizenship",
    "country",
    "form",
    "control",
    "labour",
    "recruiter",
)


def microdata_columns() -> tuple[str, ...]:
    """Columns of which synthetic rows can be made."""
    return COLUMNS


def states() -> list[tuple[str, str]]:
    """Every state with its word."""
    return [(code, state_label(code)) for code in machine("release").states]


def state_label(code: str) -> str:
    return machine("release").state(code).label(get_language() or "en")


def offers(viewer: Viewer, product: str = "") -> list[Offer]:
    """What may be released: of one product, or of all."""
    require(viewer, "releases.release.view")
    found: list[Offer] = []
    for name, source in sources().items():
        if product in ("", name):
            found.extend(source.offers(viewer))
    if product in ("", Product.MICRODATA):
        found.append(Offer("register", _("Persons in the register"), _("Synthetic rows, one a person")))
    return found


def years(viewer: Viewer, product: str, source: str) -> tuple[int, ...]:
    """The years that what is offered has, in order; none where they are not known before it is made."""
    require(viewer, "releases.release.view")
    found = sources().get(product)
    return tuple(sorted(map(int, found.years(viewer, source)))) if found else ()


def releases(viewer: Viewer, *, text: str = "", state: str = "") -> QuerySet[Release]:
    """Releases, the newest first, by words of title, purpose and identifier."""
    require(viewer, "releases.release.view")
    found = Release.objects.select_related("made_by").defer("tables", "about").order_by("-created_at")
    if state:
        found = found.filter(state=state)
    for word in text.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(purpose__icontains=word)
            | Q(identifier__icontains=word)
            | Q(series__icontains=word)
        )
    return found


def one(viewer: Viewer, release_id: UUID) -> Release:
    """A release. NotFound for who prepares and judges none."""
    if not can(viewer, "releases.release.view"):
        raise NotFound()
    found = Release.objects.select_related("made_by").filter(pk=release_id).first()
    if found is None:
        raise NotFound()
    return found


def files(release: Release) -> QuerySet[ReleaseFile]:
    """The files of the present revision, without their bytes."""
    return release.files.filter(revision=release.revision).defer("content").order_by("kind", "name")


@dataclass(frozen=True)
class Line:
    """A check in the reader's words."""

    code: str
    level: str
    text: str


def checks(release: Release) -> list[Line]:
    """What machines found about the present revision, what blocks first."""
    rank = {"block": 0, "warn": 1, "ok": 2}
    found = Check.objects.filter(release=release, revision=release.revision)
    rows = sorted(found, key=lambda one: (rank[one.level], one.code))
    return [Line(one.code, one.level, _told(one.sentence, one.values)) for one in rows]


def _told(sentence: str, values: dict[str, Any]) -> str:
    if "attacks" in values:
        values = {**values, "attacks": " ".join(_(str(NAMES.get(name, name))) for name in values["attacks"])}
    return _(sentence) % values if values else _(sentence).replace("%%", "%")


def reviews(release: Release) -> list[Review]:
    """Who answered for which revision, the newest first."""
    return list(Review.objects.filter(release=release).select_related("person").order_by("-at"))


def history(release: Release) -> list[tuple[Transition, str, str]]:
    """What happened to it: the row, the event and the state in words; the newest first."""
    m, language = machine("release"), get_language() or "en"
    words = {event.code: event.label(language) for event in m.events}
    rows = Transition.objects.filter(object_id=release.pk, machine="release").select_related("actor")
    return [
        (row, words.get(row.event, _("Opened")), m.state(row.to_state).label(language))
        for row in rows.order_by("-object_version")
    ]


def how_far(release: Release) -> progress.Progress | None:
    """How far its run is."""
    return progress.of(release.pk) if release.open else None


def compared(viewer: Viewer, keys: Sequence[UUID]) -> list[Release]:
    """Up to four releases, to be laid side by side, in the order asked for. NotFound where one is missing."""
    wanted = list(dict.fromkeys(keys))[:MOST_COMPARED]
    return [one(viewer, key) for key in wanted]


def due_for(viewer: Viewer) -> list[Due]:
    """Releases that wait for this person as reviewer or approver."""
    return list(_due(viewer)) if can(viewer, "releases.release.view") else []


def _due(viewer: Viewer) -> Iterator[Due]:
    waiting = Release.objects.filter(state__in=("checked", "reviewed")).defer("tables", "about")
    reviewed = set(
        Review.objects.filter(release__state="reviewed", stage="review", person_id=viewer.user_id)
        .values_list("release_id", "revision")
    )  # fmt: skip
    for found in waiting.order_by("updated_at")[:40]:
        if viewer.user_id in found.prepared or (found.pk, found.revision) in reviewed:
            continue
        words = (
            _("Review a release: %(title)s")
            if found.state == "checked"
            else _("Approve a release: %(title)s")
        )
        yield Due(words % {"title": found.title}, reverse("releases:release", args=[found.pk]))
