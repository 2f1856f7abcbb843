"""What the public may know of services: asked of the database as one function that hands out nothing else."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.services.models import Service
from palermo.rooms.services.queries.clock import local
from palermo.rooms.services.queries.directory import open_at
from palermo.rooms.services.queries.labels import label, labels, week, where

COLUMNS = (
    "id", "name", "organisation", "kind", "about", "areas", "remote", "languages", "around_the_clock", "hours",
    "closed_on_holidays", "phone", "website", "address", "cost",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service as anybody may read it. Codes and their words; never a staff telephone or a confidential address."""

    id: UUID
    name: str
    organisation: str
    kind: str
    about: str
    phone: str
    website: str
    address: str
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    cost: str
    around_the_clock: bool
    is_open: bool | None
    week: tuple[tuple[str, str], ...]
    where: str

    @property
    def kind_name(self) -> str:
        return label("palermo/service_kind", self.kind)

    @property
    def language_names(self) -> str:
        return labels("palermo/language", self.languages)


def public_services(
    viewer: Viewer, *, kind: str = "", area: str = "", language: str = ""
) -> list[PublicService]:
    """What the office has marked as public, by name; open now first where it is about an emergency or a hotline."""
    require(viewer, "services.public.view")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM services_public()")  # noqa: S608 - our own constants
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    found = [_public(row) for row in rows]
    return [
        each
        for each in found
        if (not kind or each.kind == kind)
        and (not area or area in each.areas or not each.areas)
        and (not language or language in each.languages)
    ]


def _public(row: dict[str, Any]) -> PublicService:
    import json

    hours = json.loads(row["hours"]) if isinstance(row["hours"], str) else row["hours"]
    entry = Service(
        areas=row["areas"],
        remote=row["remote"],
        around_the_clock=row["around_the_clock"],
        hours=hours,
        closed_on_holidays=row["closed_on_holidays"],
    )
    plain = (
        "id",
        "name",
        "organisation",
        "kind",
        "about",
        "phone",
        "website",
        "address",
        "cost",
        "around_the_clock",
    )
    return PublicService(
        **{name: row[name] for name in plain},
        areas=tuple(row["areas"]),
        languages=tuple(row["languages"]),
        is_open=open_at(entry, local(timezone.now())),
        week=tuple(week(hours)),
        where=where(entry),
    )
