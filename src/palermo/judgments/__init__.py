"""The record of a court decision: what the source says, what coders assign, how it is read, written and checked.

Pure: no database and no Django. `read` takes what a file holds and gives a `Case` or every problem in words.
"""

from palermo.judgments.reading import Problem, read, read_all, schema, written
from palermo.judgments.record import Case
from palermo.judgments.redaction import redacted
from palermo.judgments.vocabulary import VERSION, label, labels

__all__ = [
    "VERSION",
    "Case",
    "Problem",
    "label",
    "labels",
    "read",
    "read_all",
    "redacted",
    "schema",
    "written",
]
