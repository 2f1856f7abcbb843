"""The rows of a form on their way out: what the viewer may see, without what was withdrawn, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Collate

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory.models import Export, Form, ReadToken, ReviewState, Study, Submission
from palermo.rooms.observatory.queries.shapes import languages

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which records: states (none: all but withdrawn ones), one site, received from and before a moment."""

    states: tuple[str, ...] = ()
    site: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class Row(NamedTuple):
    """One occurrence of one group, with what is known of its record. values: None where nothing was laid out."""

    key: str
    received_at: datetime
    state: str
    version: str
    site: str | None
    enumerator: str | None
    answers: str
    path: str
    ordinals: list[int]
    values: dict[str, Any] | None
    row_id: UUID | None
    sealed: bytes | memoryview | None


def form(viewer: Viewer, of: Study, form_id: UUID) -> Form:
    found = Form.objects.filter(pk=form_id, study=of).first()
    if found is None:
        raise NotFound()
    return found


def schemas(of: Form) -> list[dict[str, Any]]:
    """What each wording that was ever offered asks, the newest first."""
    rows = of.versions.exclude(state="draft").order_by("-published_at").values_list("schema", flat=True)
    return list(rows)


def languages_of(of: Form) -> list[str]:
    """Every language in which the form was ever offered."""
    return languages(schemas(of))


def leaving(viewer: Viewer, of: Form, sieve: Sieve) -> QuerySet[Submission]:
    """The records that may leave. The wall gives the viewer's own; withdrawn ones never leave."""
    require(viewer, "observatory.study.view", of.study_id)
    rows = Submission.objects.filter(study_id=of.study_id, form=of).exclude(state=ReviewState.WITHDRAWN)
    if sieve.states:
        rows = rows.filter(state__in=sieve.states)
    if sieve.site:
        rows = rows.filter(site_id=sieve.site)
    if sieve.since:
        rows = rows.filter(received_at__gte=sieve.since)
    return rows.filter(received_at__lt=sieve.until) if sieve.until else rows


def rows(viewer: Viewer, of: Form, sieve: Sieve, *, telling: bool = False) -> Iterator[Row]:
    """Table after table by path, each in the order in which records came. One statement, so that tables agree.

    A record whose answers were never laid out comes as a row of the whole record without values.
    """
    more = {"row_id": F("answers__id"), "sealed": F("answers__sealed")} if telling else {}
    found = leaving(viewer, of, sieve).annotate(path=Coalesce("answers__repeat_path", Value("")), **more)
    names = [
        "root_id", "received_at", "state", "form_version__label", "site__name", "device__label", "flattening",
        "path", "answers__ordinals", "answers__values",
    ]  # fmt: skip
    ordered = found.order_by(Collate("path", "C"), "received_at", "pk", "answers__ordinals")
    for one in ordered.values_list(*names, *more).iterator(AT_ONCE):
        yield Row(*one) if telling else Row(*one, None, None)


def exports(viewer: Viewer, of: Study) -> list[Export]:
    """The files that the viewer asked for."""
    require(viewer, "observatory.study.view", of.pk)
    return list(Export.objects.filter(study=of).select_related("form")[:50])


def export(viewer: Viewer, of: Study, export_id: UUID) -> Export:
    found = Export.objects.filter(pk=export_id, study=of).select_related("form", "study").first()
    if found is None:
        raise NotFound()
    return found


def read_tokens(viewer: Viewer, of: Study) -> list[ReadToken]:
    """Tokens of the study: one's own, and for who leads it everybody's. The live ones first."""
    require(viewer, "observatory.study.view", of.pk)
    found = ReadToken.objects.filter(study=of).select_related("made_by").defer("secret_sha256")[:100]
    return sorted(found, key=lambda one: not one.live)


def read_token(viewer: Viewer, of: Study, token_id: UUID) -> ReadToken:
    found = ReadToken.objects.filter(pk=token_id, study=of).first()
    if found is None:
        raise NotFound()
    return found
