"""Persons suspected, prosecuted and convicted, one at a time, as the authorities count them. No identity."""

from datetime import date

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.rooms.register.actions.bulk import delivery
from palermo.rooms.register.actions.offenders import charged, write_charges
from palermo.rooms.register.models import Precision
from palermo.standards.records import OffenderRecord
from palermo.standards.records.reading import digest


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
    offence: str = "",
    sex: str = "",
    age_group: str = "",
    citizenship: str = "",
    forms: tuple[str, ...] = (),
    country: str = "",
    area: str = "",
) -> bool:
    """A person of the list `source`, known there by `source_id`, reaches a stage. True when it is news.

    The same as one row of an imported list: a stage counts once per person and year.
    """
    require(actor, "register.person.record")
    provenance = delivery(source=source, format="justice", terms="", run_id=None, file_sha256="")
    record = OffenderRecord(
        0, digest("offender", source_id), stage, on, precision, crime, offence, "", forms, sex, age_group,
        citizenship, "", "", None, None, country, area, "", b"",
    )  # fmt: skip
    made = write_charges([charged(record)], provenance).added > 0
    audit(actor=actor, action="register.stage.record", object_kind="register", detail={"stage": stage})
    return made
