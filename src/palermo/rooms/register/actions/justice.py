"""Persons suspected, prosecuted and convicted, as the authorities count them. No identity."""

import hashlib
from datetime import date

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.rooms.register.actions.bulk import delivery
from palermo.rooms.register.models import JusticeEvent, Precision, Suspect
from palermo.rooms.register.models.flags import mask


@transaction.atomic
def record_stage(
    *,
    actor: Viewer,
    source: str,
    source_id: str,
    stage: str,
    on: date,
    precision: str = Precision.DAY,
    crime: str = "tip",
    sex: str = "",
    age_group: str = "",
    citizenship: str = "",
    forms: tuple[str, ...] = (),
    country: str = "",
    area: str = "",
) -> bool:
    """A person of the list `source`, known there by `source_id`, reaches a stage. True when it is news.

    The source's own number is stored as a hash; a stage counts once per person and year.
    """
    require(actor, "register.person.record")
    provenance = delivery(source=source, format="justice", terms="", run_id=None, file_sha256="")
    key = hashlib.blake2b(source_id.encode(), digest_size=16).digest()
    known = {"crime": crime, "sex": sex, "age_group": age_group, "citizenship": citizenship}
    suspect, _made = Suspect.objects.update_or_create(
        source_list=provenance.source_list,
        source_key=key,
        defaults=known,
        create_defaults={**known, "provenance": provenance},
    )
    _event, made = JusticeEvent.objects.get_or_create(
        suspect=suspect,
        stage=stage,
        year=on.year,
        defaults={
            "on": on,
            "precision": precision,
            "form_yes": mask("form", forms),
            "country": country,
            "area": area,
            "provenance": provenance,
        },
    )
    audit(actor=actor, action="register.stage.record", object_kind="register", detail={"stage": stage})
    return made
