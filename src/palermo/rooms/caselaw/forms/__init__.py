"""Forms of the record, made of its dataclasses; and those of the review and of kept searches."""

from palermo.rooms.caselaw.forms.judging import NameForm, RemarkForm, SaveForm, WhyForm
from palermo.rooms.caselaw.forms.parts import PartForm, begin_form, form_for
from palermo.rooms.caselaw.forms.words import label_of, section_title, word

__all__ = [
    "NameForm", "PartForm", "RemarkForm", "SaveForm", "WhyForm", "begin_form", "form_for", "label_of",
    "section_title", "word",
]  # fmt: skip
