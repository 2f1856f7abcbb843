"""What goes in and out of the public part: choices, and the words of one person. No id of a person, no name."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from palermo.web.api import Text

FORM = "The token of the form, from GET …/ask (for a request), or from `forms` of what was opened; good once."
TICKET = "What was opened stands for the code for half an hour; it is in the answer to POST …/opened."


class RightsOut(Schema):
    danger: str
    never: str
    rights: list[str]
    source: str


class LinesOut(Schema):
    lines: list[str]
    note: str = ""


class ServiceOut(Schema):
    id: UUID
    name: str
    organisation: str
    kind: str
    kind_name: str
    where: str
    phone: str
    website: str
    address: str
    languages: list[str]
    around_the_clock: bool
    open_now: bool | None


class ChoiceOut(Schema):
    code: str
    words: str


class DeskOut(Schema):
    organisation_id: UUID
    name: str
    languages: list[str]


class AskOut(Schema):
    form: str = Field(description="Send it along with POST …/requests, within two hours.")
    desks: list[DeskOut]
    help: list[ChoiceOut]
    urgency: list[ChoiceOut]
    answer_by: list[ChoiceOut]


class AskIn(Schema):
    form: Text = Field("", description=FORM)
    organisation_id: UUID
    help: list[Text]
    urgency: Text
    answer_by: Text = "code"
    phone: Text = Field("", max_length=40, description="Only with answer_by = phone.")
    text: Text = Field("", max_length=3000)


class CodeOut(Schema):
    code: str = Field(description="Shown once. Nobody can give it again.")


class CodeIn(Schema):
    form: Text = Field("", description="The token of GET …/code.")
    code: Text = Field(max_length=100)


class FormOut(Schema):
    form: str


class SaidOut(Schema):
    at: datetime
    from_person: bool
    text: str | None = Field(description="null: changed outside palermo, and not shown.")


class RequestOut(Schema):
    state: str
    organisation: str
    help: list[str]
    said: list[SaidOut]


class ConsentOut(Schema):
    purpose: str
    question: str
    state: str
    covers: list[str]
    to: list[str]
    until: datetime | None
    consent_id: UUID | None = Field(description="Where it can be taken back.")


class QuestionOut(Schema):
    question_id: UUID
    purpose: str
    question: str
    covers: list[str]
    to: list[str]
    until: datetime | None


class ComplaintOut(Schema):
    complaint_id: UUID
    about: str
    state: str
    said: list[SaidOut]


class PageOut(Schema):
    consents: list[ConsentOut]
    questions: list[QuestionOut]
    complaints: list[ComplaintOut]
    faces: list[ChoiceOut]
    about: list[ChoiceOut]


class OpenedOut(Schema):
    done: str = ""
    ticket: str = Field(description=TICKET)
    forms: dict[str, str] = Field(description="Tokens of the forms that what was opened has, by name.")
    request: RequestOut | None = None
    page: PageOut | None = None


class Behind(Schema):
    ticket: Text = Field("", description=TICKET)
    form: Text = Field("", description=FORM)


class WordsIn(Behind):
    text: Text = Field(max_length=3000)


class EraseIn(Behind):
    sure: bool = False


class ErasedOut(Schema):
    done: str


class TakeBackIn(Behind):
    consent_id: UUID


class AnswerIn(Behind):
    question_id: UUID
    yes: bool


class FaceIn(Behind):
    face: Text
    text: Text = Field("", max_length=3000)


class ComplaintIn(Behind):
    about: Text
    outside: bool = Field(False, description="true: to somebody outside this organisation.")
    text: Text = Field(max_length=3000)


class AppealIn(Behind):
    complaint_id: UUID
    text: Text = Field("", max_length=3000)
