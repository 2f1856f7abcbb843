"""Field studies: what they collect with, and what came in."""

from palermo.rooms.observatory.models.encryption import Envelope, StudyKey
from palermo.rooms.observatory.models.exports import Export, ExportFormat, ExportState, ReadToken
from palermo.rooms.observatory.models.facts import Basis, Indicators, InterviewFacts, Rates, Weighing
from palermo.rooms.observatory.models.live import Alert, Live, Thresholds
from palermo.rooms.observatory.models.studies import (
    DeviceAccount,
    DeviceKind,
    Form,
    FormMedia,
    FormVersion,
    Site,
    Study,
    StudyKind,
    VersionState,
)
from palermo.rooms.observatory.models.submissions import (
    AnswerRow,
    Attachment,
    Flattening,
    Review,
    ReviewState,
    Submission,
    SubmissionRevision,
)

__all__ = [
    "Alert",
    "AnswerRow",
    "Attachment",
    "Basis",
    "DeviceAccount",
    "DeviceKind",
    "Envelope",
    "Export",
    "ExportFormat",
    "ExportState",
    "Flattening",
    "Form",
    "FormMedia",
    "FormVersion",
    "Indicators",
    "InterviewFacts",
    "Live",
    "Rates",
    "ReadToken",
    "Review",
    "ReviewState",
    "Site",
    "Study",
    "StudyKey",
    "StudyKind",
    "Submission",
    "SubmissionRevision",
    "Thresholds",
    "VersionState",
    "Weighing",
]
