"""What a reconciliation keeps."""

from palermo.rooms.reconciliation.models.linking import Decision, Pair, Run, RunState, Verdict
from palermo.rooms.reconciliation.models.lists import (
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

__all__ = [
    "Change",
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
    "Verdict",
    "Version",
    "WhyRemoved",
]
