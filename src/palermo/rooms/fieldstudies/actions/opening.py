"""Opening a field study, naming its team, giving it the shipped codebook."""

import csv
import json
import re
import uuid
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.fieldstudies.models import ActorType, Code, FieldStudy, Member, Method
from palermo.rooms.fieldstudies.queries import NOTES, colleagues, owner_of

KIND = "fieldstudy"
ROLES = ("analyst", "supervisor")
MOST_NOTE = 5000


@transaction.atomic
def open_study(*, actor: Viewer, values: Mapping[str, Any]) -> FieldStudy:
    """A field study of the actor's organisation, with the shipped codebook. The actor is its team. Raises Invalid."""
    require(actor, "fieldstudies.study.open")
    house, person = actor.organisation_id, actor.user_id
    if house is None or person is None:
        raise Refused(_("A person of an organisation opens a study."), rule="fieldstudies.study")
    plain = ("code", "title", "country", "hub", "ethics_reference", "questions", "languages")
    given = {key: str(values.get(key) or "").strip() for key in plain}
    given["country"] = given["country"].upper()
    if problems := _problems(given, values):
        raise Invalid(_("Nothing was opened."), problems=problems, rule="fieldstudies.study")
    study_id = uuid.uuid4()
    # First the grant: the wall shows a study to those whom it reaches, and to nobody else.
    grant(
        actor=actor, object_kind=KIND, object_id=study_id, grantee_kind="organisation", grantee_id=house,
        scopes=("case",), purpose="study", roles=ROLES,
    )  # fmt: skip
    made = FieldStudy(
        id=study_id, organisation_id=house, opened_by_id=person, starts=values["starts"], ends=values.get("ends"),
        methods=list(values["methods"]), planned=_planned(values), **given,
    )  # fmt: skip
    notes = {key: str(values.get(key) or "").strip()[:MOST_NOTE] for key in NOTES}
    made.sealed_notes = seal_text(owner=owner_of(made), place=notes_place(made), text=json.dumps(notes))
    made.save(force_insert=True)
    Member.objects.create(study=made, user_id=person, added_by_id=person)
    _shipped(made)
    record(actor=actor, action="fieldstudies.study.open", object_kind=KIND, object_id=made.pk)
    return made


def notes_place(study: FieldStudy) -> Place:
    """Where the sealed notes of a study stand."""
    return Place("fieldstudies_fieldstudy", "sealed_notes", study.pk)


def _planned(values: Mapping[str, Any]) -> dict[str, int]:
    there = {one.value: values.get(f"planned_{one.value}") for one in ActorType}
    return {key: int(number) for key, number in there.items() if number}


def _problems(given: Mapping[str, str], values: Mapping[str, Any]) -> list[FieldProblem]:
    found = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,39}", given["code"]):
        found.append(FieldProblem("code", _("From 3 to 40 small Latin letters, digits and hyphens."), "code"))
    elif not _free(given["code"]):
        found.append(FieldProblem("code", _("This code is taken. Choose another one."), "unique"))
    for field, least, most in (("title", 3, 160), ("questions", 5, 5000), ("languages", 2, 80)):
        if not least <= len(given[field]) <= most:
            words = _("From %(least)d to %(most)d characters.") % {"least": least, "most": most}
            found.append(FieldProblem(field, words, "length"))
    if not 3 <= len(given["ethics_reference"]) <= 200:
        words = _("Name the decision of the ethics board, or why none is needed.")
        found.append(FieldProblem("ethics_reference", words, "length"))
    if not re.fullmatch(r"[A-Z]{3}", given["country"]):
        found.append(FieldProblem("country", _("Three letters (ISO 3166-1)."), "code"))
    if not values.get("methods") or not set(values["methods"]) <= set(Method.values):
        found.append(FieldProblem("methods", _("Choose at least one."), "choice"))
    if not values.get("starts"):
        found.append(FieldProblem("starts", _("Say when the study begins."), "required"))
    elif values.get("ends") and values["ends"] < values["starts"]:
        found.append(FieldProblem("ends", _("The end lies before the beginning."), "order"))
    return found


def _free(code: str) -> bool:
    """Whether a code is taken is asked of the whole table: it is unique on this server."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT fieldstudies_code_taken(%s)", [code])
        return not cursor.fetchone()[0]


def _shipped(study: FieldStudy) -> None:
    text = (files("palermo.fieldwork") / "codebook.csv").read_text(encoding="utf-8")
    made: dict[str, Code] = {}
    for row in csv.DictReader(text.splitlines()):
        values = {
            key: row[key] for key in ("name", "definition", "include", "exclude", "example", "indicator")
        }
        made[row["key"]] = Code.objects.create(study=study, parent=made.get(row["parent"]), **values)


@transaction.atomic
def add_member(*, actor: Viewer, study: FieldStudy, user_id: str) -> Member:
    """Somebody of the organisation joins the team, and reads raw words from now on. Raises Invalid."""
    require(actor, "fieldstudies.study.change", study.pk)
    if actor.user_id is None or user_id not in {key for key, _name in colleagues(actor, study)}:
        problem = FieldProblem("user", _("Choose a colleague who is not on the team yet."), "choice")
        raise Invalid(_("Nobody was added."), problems=[problem], rule="fieldstudies.team")
    made = Member.objects.create(study=study, user_id=UUID(user_id), added_by_id=actor.user_id)
    record(
        actor=actor,
        action="fieldstudies.team.add",
        object_kind=KIND,
        object_id=study.pk,
        detail={"user": user_id},
    )
    return made
