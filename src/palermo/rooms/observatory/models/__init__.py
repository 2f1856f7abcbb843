"""Field studies: what they collect with, and what came in."""

from palermo.rooms.observatory.models.exports import Export, ExportFormat, ExportState, ReadToken
from palermo.rooms.observatory.models.studies import (
    DeviceAccount,
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
    "AnswerRow",
    "Attachment",
    "DeviceAccount",
    "Export",
    "ExportFormat",
    "ExportState",
    "Flattening",
    "Form",
    "FormMedia",
    "FormVersion",
    "ReadToken",
    "Review",
    "ReviewState",
    "Site",
    "Study",
    "StudyKind",
    "Submission",
    "SubmissionRevision",
    "VersionState",
]
