"""What a reconciliation keeps."""

from palermo.rooms.reconciliation.models.linking import Decision, Pair, Run, RunState, Verdict
from palermo.rooms.reconciliation.models.lists import (
    Counted,
    Crime,
    Delivery,
    Listed,
    Project,
    Removal,
    Source,
    Version,
    WhyRemoved,
)
from palermo.rooms.reconciliation.models.persons import Change, Handover, Kind, Link, Person
from palermo.rooms.reconciliation.models.uploads import Upload, UploadState

__all__ = [
    "Change",
    "Counted",
    "Crime",
    "Decision",
    "Delivery",
    "Handover",
    "Kind",
    "Link",
    "Listed",
    "Pair",
    "Person",
    "Project",
    "Removal",
    "Run",
    "RunState",
    "Source",
    "Upload",
    "UploadState",
    "Verdict",
    "Version",
    "WhyRemoved",
]
