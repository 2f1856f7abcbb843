"""The demonstration's field study: three invented sources in an invented harbour, coded, with one finding."""

from datetime import date
from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.fieldstudies.actions.coding import add_segment
from palermo.rooms.fieldstudies.actions.findings import approve_finding, release_quote, write_finding
from palermo.rooms.fieldstudies.actions.opening import open_study
from palermo.rooms.fieldstudies.actions.sources import add_source, approve, redact
from palermo.rooms.fieldstudies.models import Code, FieldStudy, Segment, Source

VALUES = {
    "code": "port-vell-2026", "title": "How crossings are paid for in Port Vell",
    "country": "XPA", "hub": "Port Vell",
    "starts": date(2026, 2, 1), "ends": date(2026, 4, 30),
    "ethics_reference": "Ethics board of Palermia, 2026/15 (invented)",
    "questions": "Who is paid, when, by which means, and what happens when the money is late?",
    "methods": ["interview", "prices"], "languages": "English, French",
    "planned_migrant": 6,
    "planned_official": 2,
    "access_note": "Through the harbour clinic (invented).",
    "security_plan": "Two people, daylight, a call every hour.",
    "site_description": "A ferry harbour with a market.", "recruitment": "Posters in the clinic.", "translator": "T-01",
}  # fmt: skip
SOURCES = (
    ("M-01", "migrant", "female", "25-34", "2026-02", "Amara",
     "Amara said we pay half before and half after. The first half was 400. When the second half was late they kept "
     "us in a house. Nobody was allowed to leave it."),
    ("M-02", "migrant", "male", "18-24", "2026-02", "Old Mill Street",
     "I paid everything ahead near Old Mill Street. The captain never came. We waited three weeks for "
     "another boat."),
    ("O-01", "official", "male", "45+", "2026-03", "Inspector Dubravko",
     "Inspector Dubravko told us that half is paid ahead. The rest is held by a shopkeeper. He releases it after a "
     "call from the other side."),
)  # fmt: skip
# Which sentence has which code.
CODED = {
    "M-01": ((0, "Way of paying"), (1, "Fee of a leg"), (2, "Debt and ransom"), (3, "Abuse")),
    "M-02": ((0, "Way of paying"), (2, "Pace and stranding")),
    "O-01": ((0, "Way of paying"), (1, "Way of paying")),
}
CLAIM = "In Port Vell half of the fee is usually paid ahead; the rest is held back until arrival."


def demo_fieldstudies(*, cast: Any) -> FieldStudy:
    """Opened and redacted by one analyst, approved by another."""
    with acting(cast.analyst.viewer) as viewer:
        study = open_study(actor=viewer, values=VALUES)
        sources = []
        for code, who, sex, age, month, words, text in SOURCES:
            values = {
                "code": code, "actor_type": who, "sex": sex, "age_band": age, "admin1": "Eastern coast", "month": month,
                "mode": "interview", "consent_version": "v1", "sensitivity": "high", "audio": code == "M-02",
                "audio_until": date(2026, 6, 30),
            }  # fmt: skip
            made = add_source(actor=viewer, study=study, values=values, text=text)
            mark = "PLACE" if code == "M-02" else "NAME"
            redact(
                actor=viewer,
                source=made,
                words=words,
                mark=mark,
                everywhere=True,
                expected_version=made.version,
            )
            sources.append(made.pk)
    with acting(cast.second_analyst.viewer) as viewer:
        for one in Source.objects.filter(pk__in=sources).select_related("study"):
            approve(actor=viewer, source=one, expected_version=one.version)
    with acting(cast.analyst.viewer) as viewer:
        made_segments = _code(viewer, study)
        finding = write_finding(
            actor=viewer, study=study, claim=CLAIM, indicators=["F4"],
            bearing=[str(made_segments["M-01"].pk), str(made_segments["O-01"].pk)],
            contradicting=[str(made_segments["M-02"].pk)],
        )  # fmt: skip
        release_quote(actor=viewer, segment=made_segments["O-01"], released=True, expected_version=1)
    with acting(cast.second_analyst.viewer) as viewer:
        approve_finding(actor=viewer, finding=finding, expected_version=finding.version)
    return study


def _code(viewer: Any, study: FieldStudy) -> dict[str, Segment]:
    """Every source coded; by its code the first segment of each."""
    names = {one.name: one for one in Code.objects.filter(study=study)}
    first: dict[str, Segment] = {}
    for one in Source.objects.filter(study=study).select_related("study"):
        for sentence, name in CODED[one.code]:
            start, end = one.units[sentence]
            made = add_segment(actor=viewer, source=one, code=names[name], start=start, end=end)
            first.setdefault(one.code, made)
    return first
